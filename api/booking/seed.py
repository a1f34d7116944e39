"""Counsellors from a data file."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import time
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from api.booking.openings import find_node
from api.booking.tables import Availability, Counsellor
from api.staff.tables import Account


def seed_counsellors(session: Session, rows: Iterable[Mapping[str, Any]]) -> int:  # Any: parsed YAML
    """Add the counsellors of `api/seed/counsellors.yml` that are not there; returns how many.

    Those already there are left as staff have set them. NodeUnknown when a row names no known node.
    """
    known = set(session.scalars(select(Counsellor.slug)))
    added = [_counsellor(session, row) for row in rows if row["slug"] not in known]
    session.add_all(added)
    return len(added)


def _counsellor(session: Session, row: Mapping[str, Any]) -> Counsellor:  # Any: parsed YAML
    return Counsellor(
        slug=row["slug"],
        node_id=find_node(session, row["node"]).id,
        title=row["title"],
        email=row["email"],
        phone=row["phone"],
        meeting_types=list(row["meeting_types"]),
        languages=list(row["languages"]),
        active=True,
        example=bool(row.get("example", False)),
        hours=[
            Availability(
                weekday=hours["weekday"],
                start_time=time.fromisoformat(hours["start"]),
                end_time=time.fromisoformat(hours["end"]),
            )
            for hours in row["hours"]
        ],
    )


def link_demo_account(session: Session) -> None:
    """Let the demo account of counsellors be one of the example counsellors, unless some account is one already.

    For the dev environment: who tries the service sees meetings and hours at once.
    """
    if session.scalar(select(Counsellor.id).where(Counsellor.account_id.is_not(None)).limit(1)) is not None:
        return
    account = session.scalar(select(Account).where(Account.role == "counsellor", Account.active).order_by(Account.id))
    examples = select(Counsellor).where(Counsellor.example, Counsellor.active).order_by(Counsellor.id).limit(1)
    counsellor = session.scalars(examples).unique().first()
    if account is not None and counsellor is not None:
        counsellor.account_id = account.id

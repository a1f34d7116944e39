"""Counsellors from a data file."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import time
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from api.booking.openings import find_node
from api.booking.tables import Availability, Counsellor


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

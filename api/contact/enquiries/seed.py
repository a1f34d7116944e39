"""Routes from a data file."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from api.catalogue.tables import Municipality
from api.contact.enquiries.tables import EnquiryRoute


def seed_routes(session: Session, rows: Iterable[Mapping[str, Any]], now: datetime) -> int:  # Any: parsed YAML
    """Add the routes of `api/seed/enquiry_routes.yml` to a database that has none; returns how many.

    Only then: a route that staff have removed must not come back.
    """
    if session.scalar(select(EnquiryRoute.id).limit(1)) is not None:
        return 0
    codes = dict(session.execute(select(Municipality.code, Municipality.id)).all())
    added = [
        EnquiryRoute(
            matter=row.get("matter", ""),
            municipality_id=codes[row["municipality_code"]] if "municipality_code" in row else None,
            function=row["function"],
            email=row["email"],
            example=row["example"],
            updated_at=now,
        )
        for row in rows
    ]
    session.add_all(added)
    return len(added)

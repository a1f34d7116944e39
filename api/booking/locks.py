"""The locks that writers of meetings take, always in the same order: the person's first, then the counsellor's row.

With the counsellor locked, what is free is computed afresh; the database's own guard catches any path that forgets.
"""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from api.booking.tables import Counsellor


def lock_person(session: Session, *keys: object) -> None:
    """One booking at a time per conversation and contact, so that parallel requests cannot pass the limit together.

    SQLite's write transaction already lets in one at a time.
    """
    if session.get_bind().dialect.name == "postgresql":
        for key in sorted(map(str, keys)):
            session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(key, 0))))


def lock_counsellors(session: Session, ids: Iterable[int]) -> None:
    """Lock the rows in id order, so that two bookings never wait for each other. Renders nothing on SQLite."""
    session.execute(
        select(Counsellor.id).where(Counsellor.id.in_(sorted(set(ids)))).order_by(Counsellor.id).with_for_update()
    )

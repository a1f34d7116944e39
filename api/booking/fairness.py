"""Whose turn it is: meetings are shared fairly among the counsellors of a node."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime

from sqlalchemy import and_, case, func, or_, select
from sqlalchemy.orm import Session

from api.booking.tables import Counsellor, Meeting

_NEVER = datetime.min.replace(tzinfo=UTC)


def fairest_first(session: Session, counsellors: Iterable[Counsellor], now: datetime) -> list[Counsellor]:
    """The counsellors with the one whose turn it is first: fewest coming meetings (booked or held), then longest since
    somebody last booked them, then by slug so that it never depends on chance."""
    people = list(counsellors)
    coming = and_(
        Meeting.ends_at > now,
        or_(Meeting.status == "confirmed", and_(Meeting.status == "held", Meeting.held_until > now)),
    )
    rows = session.execute(
        select(Meeting.counsellor_id, func.sum(case((coming, 1), else_=0)), func.max(Meeting.confirmed_at))
        .where(Meeting.counsellor_id.in_([one.id for one in people]))
        .group_by(Meeting.counsellor_id)
    )
    turns = {counsellor_id: (int(count), latest or _NEVER) for counsellor_id, count, latest in rows}
    return sorted(people, key=lambda one: (*turns.get(one.id, (0, _NEVER)), one.slug))

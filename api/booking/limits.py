"""How much one person may book, so that nobody can empty the calendar. Told before a time is chosen."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from api.booking.errors import HoldLimit, MeetingLimit
from api.booking.tables import Meeting

OPEN_MEETINGS = 2
"""How many coming meetings one conversation, and one phone number or address, may have."""
HOLDS_AN_HOUR = 20
"""How many times one conversation may choose a time within an hour."""
HOLDS_AT_ONCE = 20
"""How many times may be held from one network address at the same moment: a class in a computer room fits."""


@dataclass(frozen=True)
class MayBook:
    """Whether one more meeting may be booked, and what is booked already (soonest first)."""

    allowed: bool
    limit: int
    meetings: tuple[Meeting, ...]


def may_book(session: Session, conversation_id: UUID, now: datetime, *, contact_value: str | None = None) -> MayBook:
    """To ask before a time is offered. `contact_value` when the person has already left it: then its meetings count
    too, but only the conversation's own are in the answer, since others may share a number."""
    own = session.scalars(
        select(Meeting)
        .where(Meeting.conversation_id == conversation_id, Meeting.status == "confirmed", Meeting.ends_at > now)
        .order_by(Meeting.starts_at)
    ).all()
    count = len(own)
    if contact_value:
        count = max(count, _open_meetings(session, now, Meeting.contact_value == contact_value))
    return MayBook(count < OPEN_MEETINGS, OPEN_MEETINGS, tuple(own))


def check_limit(
    session: Session, now: datetime, *, conversation_id: UUID | None = None, contact_value: str | None = None
) -> None:
    """MeetingLimit when the conversation, or the phone number or address, has `OPEN_MEETINGS` already."""
    whose = Meeting.contact_value == contact_value if contact_value else Meeting.conversation_id == conversation_id
    if _open_meetings(session, now, whose) >= OPEN_MEETINGS:
        raise MeetingLimit(limit=OPEN_MEETINGS)


def check_holds(session: Session, now: datetime, conversation_id: UUID, origin: str | None) -> None:
    """HoldLimit when the conversation has chosen times too often, or too many are held from its address right now."""
    lately = Meeting.created_at > now - timedelta(hours=1)
    if _count(session, Meeting.conversation_id == conversation_id, lately) >= HOLDS_AN_HOUR:
        raise HoldLimit
    others = Meeting.conversation_id.is_distinct_from(conversation_id)
    held = (Meeting.status == "held", Meeting.held_until > now, Meeting.origin == origin, others)
    if origin and _count(session, *held) >= HOLDS_AT_ONCE:
        raise HoldLimit


def _open_meetings(session: Session, now: datetime, whose: ColumnElement[bool]) -> int:
    return _count(session, whose, Meeting.status == "confirmed", Meeting.ends_at > now)


def _count(session: Session, *where: ColumnElement[bool]) -> int:
    return session.scalar(select(func.count()).select_from(Meeting).where(*where)) or 0

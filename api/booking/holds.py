"""Holding a time while the person fills in the rest, and letting it go again."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import NoReturn
from uuid import UUID

from sqlalchemy import exists, func, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from api.booking.constraints import is_overlap
from api.booking.errors import HoldExpired, MeetingBooked, MeetingLimit, MeetingNotFound, SlotTaken, SlotUnknown
from api.booking.locks import lock_counsellors, lock_person
from api.booking.openings import Offer, busy_blocks, nearest, node_slots, parse_slot_id, rules_of
from api.booking.people import new_reference
from api.booking.replies import my_meetings_replies, slots_reply
from api.booking.slots import Span, free_slots
from api.booking.tables import Counsellor, Meeting, MeetingType
from api.database import rowcount
from api.errors import ApiError

HOLD_TIME = timedelta(minutes=10)
OPEN_MEETINGS = 2
"""How many coming meetings one conversation, and one phone number or address, may have."""


def hold(session: Session, slot_id: str, meeting_type: MeetingType, conversation_id: UUID, now: datetime) -> Meeting:
    """Keep a time for the conversation for `HOLD_TIME`; an earlier hold of the conversation is let go.

    SlotUnknown, SlotTaken (with other times in `extra`) or MeetingLimit.
    """
    slug, start = parse_slot_id(slot_id)
    lock_person(session, conversation_id)
    earlier = session.scalars(
        select(Meeting).where(Meeting.conversation_id == conversation_id, Meeting.status == "held")
    ).all()
    wanted = session.scalar(select(Counsellor.id).where(Counsellor.slug == slug, Counsellor.active))
    if wanted is None:
        raise SlotUnknown
    lock_counsellors(session, {wanted, *(meeting.counsellor_id for meeting in earlier)})
    expire_holds(session, now, counsellor_id=wanted)
    check_limit(session, now, conversation_id=conversation_id)
    for meeting in earlier:
        meeting.status = "expired"
    session.flush()

    counsellor = session.get_one(Counsellor, wanted)
    slot = _free_slot(session, counsellor, meeting_type, start, now)
    block = rules_of(counsellor).block(start)
    meeting = Meeting(
        reference=_unused_reference(session),
        counsellor=counsellor,
        conversation_id=conversation_id,
        meeting_type=meeting_type,
        starts_at=slot.start,
        ends_at=slot.end,
        block_from=block.start,
        block_to=block.end,
        status="held",
        held_until=now + HOLD_TIME,
        created_at=now,
        sequence=0,
        staff_override=False,
    )
    try:
        with guarded(session):
            session.add(meeting)
    except SlotTaken:
        _offer_others(session, SlotTaken, counsellor, meeting_type, start, now)
    return meeting


def held_meeting(session: Session, meeting_id: UUID, conversation_id: UUID, now: datetime) -> Meeting:
    """The meeting while the conversation holds it. MeetingNotFound when it is not that conversation's, MeetingBooked
    (with the meeting in `extra`) when it is booked already, otherwise HoldExpired (with other times in `extra`)."""
    meeting = meeting_of(session, meeting_id, conversation_id)
    if meeting.status == "confirmed":
        raise MeetingBooked(extra={"messages": my_meetings_replies([meeting])})
    if meeting.status != "held" or meeting.held_until is None or meeting.held_until <= now:
        _offer_others(session, HoldExpired, meeting.counsellor, meeting.meeting_type, meeting.starts_at, now)
    return meeting


def meeting_of(session: Session, meeting_id: UUID, conversation_id: UUID) -> Meeting:
    """A meeting that the conversation has held or booked. MeetingNotFound otherwise."""
    meeting = session.get(Meeting, meeting_id)
    if meeting is None or meeting.conversation_id != conversation_id:
        raise MeetingNotFound
    return meeting


def release(session: Session, meeting_id: UUID, conversation_id: UUID) -> None:
    """Give back a time that the conversation holds. Nothing happens when it is not held any more."""
    meeting = meeting_of(session, meeting_id, conversation_id)
    # Decided by the database: a confirmation may be under way that this session cannot see yet.
    still_held = update(Meeting).where(Meeting.id == meeting.id, Meeting.status == "held")
    session.execute(still_held.values(status="expired").execution_options(synchronize_session="fetch"))


def expire_holds(session: Session, now: datetime, *, counsellor_id: int | None = None) -> int:
    """Let go of holds whose time is over, of one counsellor or of all: a constraint cannot see the clock."""
    statement = update(Meeting).where(Meeting.status == "held", Meeting.held_until <= now).values(status="expired")
    if counsellor_id is not None:
        statement = statement.where(Meeting.counsellor_id == counsellor_id)
    return rowcount(session.execute(statement.execution_options(synchronize_session="fetch")))


def check_limit(
    session: Session, now: datetime, *, conversation_id: UUID | None = None, contact_value: str | None = None
) -> None:
    """MeetingLimit when the conversation, or the phone number or address, has `OPEN_MEETINGS` already."""
    whose = Meeting.contact_value == contact_value if contact_value else Meeting.conversation_id == conversation_id
    count = session.scalar(
        select(func.count()).select_from(Meeting).where(whose, Meeting.status == "confirmed", Meeting.ends_at > now)
    )
    if (count or 0) >= OPEN_MEETINGS:
        raise MeetingLimit(limit=OPEN_MEETINGS)


@contextmanager
def guarded(session: Session) -> Iterator[None]:
    """Write within a savepoint; the database's refusal of an overlap becomes SlotTaken and the session goes on."""
    try:
        with session.begin_nested():
            yield
            session.flush()
    except IntegrityError as error:
        if is_overlap(error):
            raise SlotTaken from error
        raise


def _free_slot(
    session: Session, counsellor: Counsellor, meeting_type: MeetingType, start: datetime, now: datetime
) -> Span:
    """The slot at `start` if it is free by the counsellor's rules and bookings right now."""
    rules = rules_of(counsellor)
    window = Span(start, start + timedelta(minutes=1))
    by_rules = free_slots(rules, (), now=now, window=window)
    if not by_rules or by_rules[0].start != start or meeting_type not in counsellor.meeting_types:
        _offer_others(session, SlotUnknown, counsellor, meeting_type, start, now)
    if not free_slots(rules, busy_blocks(session, [counsellor], now)[counsellor.id], now=now, window=window):
        _offer_others(session, SlotTaken, counsellor, meeting_type, start, now)
    return by_rules[0]


_REASONS: dict[type[ApiError], str] = {
    SlotTaken: "times_taken",
    HoldExpired: "times_hold_expired",
    SlotUnknown: "times_unknown",
}


def _offer_others(
    session: Session,
    error: type[ApiError],
    counsellor: Counsellor,
    meeting_type: MeetingType,
    start: datetime,
    now: datetime,
) -> NoReturn:
    """Raise `error` with a ready reply that offers the free times nearest to `start`, so that the chat goes on."""
    offers = node_slots(session, counsellor.node.slug, meeting_type, now)
    shown: list[Offer] = nearest(offers, start)
    more = bool(shown) and offers[-1].start > shown[-1].start
    reply = slots_reply(counsellor.node, meeting_type, shown, more=more, reason=_REASONS[error])
    raise error(extra={"messages": [reply]})


def _unused_reference(session: Session) -> str:
    while True:
        reference = new_reference()
        if not session.scalar(select(exists().where(Meeting.reference == reference))):
            return reference

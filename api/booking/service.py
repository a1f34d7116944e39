"""Holding, confirming and cancelling meetings.

Every write takes the same locks in the same order: the person's (conversation, contact), then the counsellor's row.
With the counsellor locked, what is free is computed afresh; the database's own guard catches any path that forgets.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, NoReturn, cast
from uuid import UUID, uuid4

from sqlalchemy import CursorResult, delete, exists, func, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from api.booking import mails
from api.booking.constraints import is_overlap
from api.booking.errors import (
    ContactInvalid,
    HoldExpired,
    IdempotencyConflict,
    MeetingLimit,
    MeetingNotFound,
    MeetingPassed,
    SlotTaken,
    SlotUnknown,
)
from api.booking.mails import Mail, Office
from api.booking.openings import Offer, busy_blocks, nearest, node_slots, parse_slot_id, rules_of
from api.booking.people import clean_name, hash_token, new_link_token, new_reference, request_digest
from api.booking.replies import slots_reply
from api.booking.slots import Span, free_slots
from api.booking.tables import Counsellor, Meeting, MeetingLink, MeetingType
from api.errors import ApiError
from api.outbox import service as outbox
from api.outbox.tables import Outbox
from api.privacy.contacts import Contact, resolve_contact
from api.staff.audit import record

HOLD_TIME = timedelta(minutes=10)
OPEN_MEETINGS = 2
"""How many coming meetings one conversation, and one phone number or address, may have."""


@dataclass(frozen=True)
class Booked:
    """A confirmed meeting and a link to the person's page; the token is known only now."""

    meeting: Meeting
    manage_url: str


def hold(session: Session, slot_id: str, meeting_type: MeetingType, conversation_id: UUID, now: datetime) -> Meeting:
    """Keep a time for the conversation for `HOLD_TIME`; an earlier hold of the conversation is let go.

    SlotUnknown, SlotTaken (with other times in `extra`) or MeetingLimit.
    """
    slug, start = parse_slot_id(slot_id)
    _lock_person(session, conversation_id)
    earlier = session.scalars(
        select(Meeting).where(Meeting.conversation_id == conversation_id, Meeting.status == "held")
    ).all()
    wanted = session.scalar(select(Counsellor.id).where(Counsellor.slug == slug, Counsellor.active))
    if wanted is None:
        raise SlotUnknown
    _lock_counsellors(session, {wanted, *(meeting.counsellor_id for meeting in earlier)})
    expire_holds(session, now, counsellor_id=wanted)
    _check_limit(session, now, conversation_id=conversation_id)
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


def held_meeting(session: Session, meeting_id: UUID, conversation_id: UUID | None, now: datetime) -> Meeting:
    """The meeting while it is held. MeetingNotFound, or HoldExpired (with other times in `extra`).

    `conversation_id` None skips the check that it is that conversation's.
    """
    meeting = session.get(Meeting, meeting_id)
    if meeting is None or (conversation_id is not None and meeting.conversation_id != conversation_id):
        raise MeetingNotFound
    if meeting.status != "held" or meeting.held_until is None or meeting.held_until <= now:
        _offer_others(session, HoldExpired, meeting.counsellor, meeting.meeting_type, meeting.starts_at, now)
    return meeting


def contact_of(session: Session, conversation_id: UUID | None, token: str) -> Contact:
    """The phone number or e-mail address behind the token the chat holds. ContactInvalid when there is none."""
    contact = resolve_contact(session, conversation_id, token) if conversation_id else None
    if contact is None:
        raise ContactInvalid
    return contact


def confirm(
    session: Session,
    meeting_id: UUID,
    *,
    conversation_id: UUID,
    name: str,
    contact_token: str,
    idempotency_key: str,
    now: datetime,
    office: Office,
) -> Booked:
    """Turn a hold into a booking and write the mails about it, all in the caller's transaction.

    The same key with the same request gives the same meeting again (and a fresh link, since the first is not
    kept). Raises IdempotencyConflict, MeetingNotFound, HoldExpired, NameInvalid, ContactInvalid, MeetingLimit.
    """
    name = clean_name(name)
    digest = request_digest(meeting_id, conversation_id, name, contact_token)
    repeated = _repeated(session, idempotency_key, digest)
    if repeated:
        return Booked(repeated, _new_link(session, repeated, office, now))
    contact = contact_of(session, conversation_id, contact_token)
    _lock_person(session, conversation_id, contact.value)
    counsellor_id = session.scalar(select(Meeting.counsellor_id).where(Meeting.id == meeting_id))
    if counsellor_id is None:
        raise MeetingNotFound
    _lock_counsellors(session, {counsellor_id})
    # Asked again with the locks held: a twin of this request may have been faster.
    repeated = _repeated(session, idempotency_key, digest)
    if repeated:
        return Booked(repeated, _new_link(session, repeated, office, now))
    expire_holds(session, now, counsellor_id=counsellor_id)
    meeting = held_meeting(session, meeting_id, conversation_id, now)
    _check_limit(session, now, conversation_id=conversation_id)
    _check_limit(session, now, contact_value=contact.value)

    meeting.status, meeting.confirmed_at, meeting.held_until = "confirmed", now, None
    meeting.idempotency_key, meeting.request_digest = idempotency_key, digest
    meeting.person_name, meeting.contact_value = name, contact.value
    meeting.contact_kind = "email" if contact.kind == "email" else "phone"
    meeting.ical_uid = f"{uuid4()}@{office.domain}"
    session.flush()
    manage_url = _new_link(session, meeting, office, now)
    _send(session, meeting, mails.booked(meeting, office, manage_url=manage_url, now=now), now)
    _audit(session, meeting, "meeting.confirmed", "chat", now)
    return Booked(meeting, manage_url)


def cancel(session: Session, meeting: Meeting, now: datetime, by: str, office: Office) -> Meeting:
    """Cancel a coming meeting and tell both parties. A second time changes nothing.

    `by` is who did it, for the audit trail: `chat`, `link`, or a role and its id. MeetingPassed once it has begun.
    """
    _lock_counsellors(session, {meeting.counsellor_id})
    session.refresh(meeting)
    if meeting.status == "cancelled":
        return meeting
    if meeting.status != "confirmed":
        raise MeetingNotFound
    if meeting.starts_at <= now:
        raise MeetingPassed
    meeting.status, meeting.cancelled_at = "cancelled", now
    meeting.sequence += 1
    outbox.supersede(session, meeting.id, now)
    _send(session, meeting, mails.cancelled(meeting, office, now=now), now)
    _audit(session, meeting, "meeting.cancelled", by, now)
    return meeting


def current_meetings(session: Session, conversation_id: UUID, now: datetime) -> list[Meeting]:
    """The conversation's booked meetings that are not over, soonest first."""
    return list(
        session.scalars(
            select(Meeting)
            .where(Meeting.conversation_id == conversation_id, Meeting.status == "confirmed", Meeting.ends_at > now)
            .order_by(Meeting.starts_at)
        )
    )


def meeting_of(session: Session, meeting_id: UUID, conversation_id: UUID) -> Meeting:
    """A meeting that was booked in the conversation. MeetingNotFound otherwise."""
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


def meeting_by_link(session: Session, token: str) -> Meeting:
    """The meeting behind a secret link. MeetingNotFound for a wrong one, told apart from nothing else."""
    meeting = session.scalar(
        select(Meeting)
        .join(MeetingLink, MeetingLink.meeting_id == Meeting.id)
        .where(MeetingLink.token_hash == hash_token(token))
    )
    if meeting is None:
        raise MeetingNotFound
    return meeting


def expire_holds(session: Session, now: datetime, *, counsellor_id: int | None = None) -> int:
    """Let go of holds whose time is over, of one counsellor or of all: a constraint cannot see the clock."""
    statement = update(Meeting).where(Meeting.status == "held", Meeting.held_until <= now).values(status="expired")
    if counsellor_id is not None:
        statement = statement.where(Meeting.counsellor_id == counsellor_id)
    return _rowcount(session.execute(statement.execution_options(synchronize_session="fetch")))


def forget_people(session: Session, ended_before: datetime) -> int:
    """Erase names, contacts, links and mails of meetings that ended before the moment; the bare rows stay for
    statistics. Unconfirmed ones are removed. Returns how many meetings lost their person."""
    old = Meeting.ends_at < ended_before
    ids = select(Meeting.id).where(old)
    session.execute(delete(Outbox).where(Outbox.meeting_id.in_(ids)))
    session.execute(delete(MeetingLink).where(MeetingLink.meeting_id.in_(ids)))
    session.execute(delete(Meeting).where(old, Meeting.status.in_(("held", "expired"))))
    erased = session.execute(
        update(Meeting)
        .where(old, Meeting.contact_value.is_not(None))
        .values(
            person_name=None,
            contact_kind=None,
            contact_value=None,
            request_digest=None,
            idempotency_key=None,
            conversation_id=None,
        )
        .execution_options(synchronize_session="fetch")
    )
    return _rowcount(erased)


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


def _repeated(session: Session, key: str, digest: str) -> Meeting | None:
    """The meeting this very request has already booked, if any. IdempotencyConflict for another use of the key."""
    first = session.scalar(select(Meeting).where(Meeting.idempotency_key == key))
    if first is None:
        return None
    if first.request_digest != digest:
        raise IdempotencyConflict
    return first


def _check_limit(
    session: Session, now: datetime, *, conversation_id: UUID | None = None, contact_value: str | None = None
) -> None:
    whose = Meeting.contact_value == contact_value if contact_value else Meeting.conversation_id == conversation_id
    count = session.scalar(
        select(func.count()).select_from(Meeting).where(whose, Meeting.status == "confirmed", Meeting.ends_at > now)
    )
    if (count or 0) >= OPEN_MEETINGS:
        raise MeetingLimit(limit=OPEN_MEETINGS)


def _lock_person(session: Session, *keys: object) -> None:
    """One booking at a time per conversation and contact, so that parallel requests cannot pass the limit together.

    SQLite's write transaction already lets in one at a time.
    """
    if session.get_bind().dialect.name == "postgresql":
        for key in sorted(map(str, keys)):
            session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(key, 0))))


def _lock_counsellors(session: Session, ids: Iterable[int]) -> None:
    """Lock the rows in id order, so that two bookings never wait for each other. Renders nothing on SQLite."""
    session.execute(
        select(Counsellor.id).where(Counsellor.id.in_(sorted(set(ids)))).order_by(Counsellor.id).with_for_update()
    )


def _unused_reference(session: Session) -> str:
    while True:
        reference = new_reference()
        if not session.scalar(select(exists().where(Meeting.reference == reference))):
            return reference


def _new_link(session: Session, meeting: Meeting, office: Office, now: datetime) -> str:
    token = new_link_token()
    session.add(MeetingLink(token_hash=hash_token(token), meeting_id=meeting.id, created_at=now))
    return f"{office.base_url}/mote/{token}"


def _send(session: Session, meeting: Meeting, written: list[Mail], now: datetime) -> None:
    uid, _, domain = (meeting.ical_uid or "").partition("@")
    for mail in written:
        outbox.enqueue(
            session,
            kind=mail.kind,
            recipient=mail.recipient,
            payload=mail.payload,
            now=now,
            meeting_id=meeting.id,
            sequence=meeting.sequence,
            message_id=f"{uid}.{meeting.sequence}.{mail.kind.lower()}@{domain}",
        )


def _audit(session: Session, meeting: Meeting, action: str, actor: str, now: datetime) -> None:
    record(
        session,
        at=now,
        actor=actor,
        action=action,
        subject=f"meeting:{meeting.id}",
        starts_at=meeting.starts_at.isoformat(),
        counsellor=meeting.counsellor.slug,
        sequence=meeting.sequence,
    )


def _rowcount(result: Any) -> int:  # Any: SQLAlchemy types the result of an update as a general one
    return int(cast(CursorResult[Any], result).rowcount)

"""Booking a held time, cancelling it, and finding it again. What is written takes its locks as `locks.py` says."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import select
from sqlalchemy.orm import Session

from api.booking import mails
from api.booking.errors import IdempotencyConflict, MeetingNotFound
from api.booking.holds import expire_holds, held_meeting
from api.booking.limits import check_limit
from api.booking.links import new_link
from api.booking.locks import lock_meeting, lock_person
from api.booking.moves import check_open
from api.booking.tables import Meeting, MeetingLink
from api.booking.trail import record_meeting
from api.outbox.office import Office
from api.privacy.contacts import contact_of
from api.privacy.person_names import clean_name
from api.privacy.secret_links import hash_token, request_digest


@dataclass(frozen=True)
class Booked:
    """A confirmed meeting and a link to the person's page; the token is known only now."""

    meeting: Meeting
    manage_url: str


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
    wants_easy: bool = False,
    asked_about: str | None = None,
) -> Booked:
    """Turn a hold into a booking and write the mails about it, all in the caller's transaction.

    `asked_about` is what the counsellor may see of the talk; None unless the person said yes to just that. `wants_easy`
    is for mails in easy Swedish.

    The same key with the same request gives the same meeting again (and a fresh link, since the first is not
    kept). Raises NameInvalid, IdempotencyConflict, ContactInvalid, MeetingNotFound, MeetingBooked, HoldExpired,
    MeetingLimit.
    """
    name = clean_name(name)
    digest = request_digest(meeting_id, conversation_id, name, contact_token, asked_about is not None)
    repeated = repeated_booking(session, idempotency_key, digest)
    if repeated:
        return Booked(repeated, new_link(session, repeated, office, now))
    contact = contact_of(session, conversation_id, contact_token)
    lock_person(session, conversation_id, contact.value)
    held = session.get(Meeting, meeting_id)
    if held is None:
        raise MeetingNotFound
    lock_meeting(session, held)
    # Asked again with the locks held: a twin of this request may have been faster.
    repeated = repeated_booking(session, idempotency_key, digest)
    if repeated:
        return Booked(repeated, new_link(session, repeated, office, now))
    expire_holds(session, now, counsellor_ids=[held.counsellor_id])
    meeting = held_meeting(session, meeting_id, conversation_id, now)
    check_limit(session, now, conversation_id=conversation_id)
    check_limit(session, now, contact_value=contact.value)

    meeting.status, meeting.confirmed_at, meeting.held_until, meeting.origin = "confirmed", now, None, None
    meeting.idempotency_key, meeting.request_digest = idempotency_key, digest
    meeting.person_name, meeting.contact_value = name, contact.value
    meeting.contact_kind = "email" if contact.kind == "email" else "phone"
    meeting.wants_easy, meeting.asked_about = wants_easy, asked_about
    meeting.ical_uid = f"{uuid4()}@{office.domain}"
    session.flush()
    manage_url = new_link(session, meeting, office, now)
    mails.booked(session, meeting, office, manage_url=manage_url, now=now)
    record_meeting(session, meeting, "meeting.confirmed", "chat", now)
    return Booked(meeting, manage_url)


def cancel(session: Session, meeting: Meeting, now: datetime, by: str, office: Office, *, message: str = "") -> Meeting:
    """Cancel a coming meeting and tell both parties. A second time changes nothing.

    `by` is who did it, for the audit trail: `chat`, `link`, or a role and its id; `message` is what staff write to the
    person in the mail. MeetingPassed once it has begun.
    """
    lock_meeting(session, meeting)
    if meeting.status == "cancelled":
        return meeting
    check_open(meeting, now)
    meeting.status, meeting.cancelled_at = "cancelled", now
    meeting.sequence += 1
    session.flush()
    mails.cancelled(session, meeting, office, now=now, by_person=by in ("chat", "link"), message=message)
    record_meeting(session, meeting, "meeting.cancelled", by, now)
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


def repeated_booking(session: Session, key: str, digest: str) -> Meeting | None:
    """The meeting this very request has already booked, if any. IdempotencyConflict for another use of the key."""
    first = session.scalar(select(Meeting).where(Meeting.idempotency_key == key))
    if first is None:
        return None
    if first.request_digest != digest:
        raise IdempotencyConflict
    return first

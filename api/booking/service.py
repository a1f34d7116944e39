"""Booking a held time, cancelling it, and finding it again. What is written takes its locks as `locks.py` says."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from api.booking import mails
from api.booking.errors import ContactInvalid, IdempotencyConflict, MeetingNotFound, MeetingPassed
from api.booking.holds import check_limit, expire_holds, held_meeting
from api.booking.locks import lock_counsellors, lock_person
from api.booking.mails import Mail
from api.booking.office import Office
from api.booking.people import clean_name, hash_token, new_link_token, request_digest
from api.booking.tables import Meeting, MeetingLink
from api.database import rowcount
from api.outbox import service as outbox
from api.outbox.tables import Outbox
from api.privacy.contacts import Contact, resolve_contact
from api.staff.audit import record


@dataclass(frozen=True)
class Booked:
    """A confirmed meeting and a link to the person's page; the token is known only now."""

    meeting: Meeting
    manage_url: str


def contact_of(session: Session, conversation_id: UUID, token: str) -> Contact:
    """The phone number or e-mail address behind the token the chat holds. ContactInvalid when there is none."""
    contact = resolve_contact(session, conversation_id, token)
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
    kept). Raises NameInvalid, IdempotencyConflict, ContactInvalid, MeetingNotFound, MeetingBooked, HoldExpired,
    MeetingLimit.
    """
    name = clean_name(name)
    digest = request_digest(meeting_id, conversation_id, name, contact_token)
    repeated = _repeated(session, idempotency_key, digest)
    if repeated:
        return Booked(repeated, _new_link(session, repeated, office, now))
    contact = contact_of(session, conversation_id, contact_token)
    lock_person(session, conversation_id, contact.value)
    counsellor_id = session.scalar(select(Meeting.counsellor_id).where(Meeting.id == meeting_id))
    if counsellor_id is None:
        raise MeetingNotFound
    lock_counsellors(session, {counsellor_id})
    # Asked again with the locks held: a twin of this request may have been faster.
    repeated = _repeated(session, idempotency_key, digest)
    if repeated:
        return Booked(repeated, _new_link(session, repeated, office, now))
    expire_holds(session, now, counsellor_id=counsellor_id)
    meeting = held_meeting(session, meeting_id, conversation_id, now)
    check_limit(session, now, conversation_id=conversation_id)
    check_limit(session, now, contact_value=contact.value)

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
    lock_counsellors(session, {meeting.counsellor_id})
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
    return rowcount(erased)


def _repeated(session: Session, key: str, digest: str) -> Meeting | None:
    """The meeting this very request has already booked, if any. IdempotencyConflict for another use of the key."""
    first = session.scalar(select(Meeting).where(Meeting.idempotency_key == key))
    if first is None:
        return None
    if first.request_digest != digest:
        raise IdempotencyConflict
    return first


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

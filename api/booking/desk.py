"""What staff do about meetings: book for somebody, note that nobody came, write a note for themselves."""

from __future__ import annotations

from datetime import datetime
from functools import partial
from uuid import uuid4

from sqlalchemy import select
from sqlalchemy.orm import Session

from api.booking import mails
from api.booking.errors import CounsellorUnknown, MeetingAhead, MeetingNotFound, SlotTaken, SlotUnknown
from api.booking.holds import expire_holds, unused_reference
from api.booking.links import new_link
from api.booking.locks import lock_counsellors
from api.booking.moves import is_taken
from api.booking.openings import rules_of
from api.booking.places import Place, guarded
from api.booking.refusals import offer_others
from api.booking.service import Booked, repeated_booking
from api.booking.tables import Counsellor, Meeting, MeetingType
from api.booking.trail import record_meeting
from api.outbox.office import Office
from api.privacy.contacts import Contact
from api.privacy.person_names import clean_name
from api.privacy.secret_links import request_digest
from api.staff.tables import Audit

_LONGEST_NOTE = 2000


def book_for(
    session: Session,
    counsellor: Counsellor,
    start: datetime,
    meeting_type: MeetingType,
    *,
    name: str,
    contact: Contact | None,
    now: datetime,
    by: str,
    office: Office,
    idempotency_key: str,
    language: str | None = None,
    wants_easy: bool = False,
    override: bool = False,
) -> Booked:
    """Staff book a coming `start` (UTC) for somebody, also outside the bookable hours and past the person's limits.

    A taken time is refused with SlotTaken (other times in `extra`) unless `override`: then it is a double booking,
    marked on the row and in the audit trail. In another `language` the meeting is longer, for an interpreter, unless
    the counsellor speaks it. The same key with the same request gives the same meeting again.
    NameInvalid, SlotUnknown for a time that is over, CounsellorUnknown for somebody who is not bookable that way,
    IdempotencyConflict.
    """
    name = clean_name(name)
    lock_counsellors(session, {counsellor.id})
    digest = request_digest(counsellor.id, start, meeting_type, name, contact, language)
    repeated = repeated_booking(session, idempotency_key, digest)
    if repeated:
        return Booked(repeated, new_link(session, repeated, office, now))
    if not counsellor.active or meeting_type not in counsellor.meeting_types:
        raise CounsellorUnknown
    refuse = partial(
        offer_others,
        session,
        node=counsellor.node,
        meeting_type=meeting_type,
        start=start,
        now=now,
        interpreter=language is not None,
        language=language,
    )
    if start <= now:
        refuse(SlotUnknown)
    expire_holds(session, now, counsellor_ids=[counsellor.id])
    rules = rules_of(session, [counsellor], now, interpreter=language is not None, language=language)[counsellor.id]
    place = Place.of(counsellor, rules, start)
    taken = is_taken(session, place, now)
    if taken and not override:
        refuse(SlotTaken)
    meeting = Meeting(
        reference=unused_reference(session),
        meeting_type=meeting_type,
        status="confirmed",
        created_at=now,
        confirmed_at=now,
        sequence=0,
        staff_override=taken,
        idempotency_key=idempotency_key,
        request_digest=digest,
        person_name=name,
        contact_kind=contact.kind if contact else None,
        contact_value=contact.value if contact else None,
        ical_uid=f"{uuid4()}@{office.domain}",
        wants_easy=wants_easy,
        counsellor_chosen=True,
    )
    place.put_in(meeting, language)
    with guarded(session):
        session.add(meeting)
    manage_url = new_link(session, meeting, office, now)
    mails.booked(session, meeting, office, manage_url=manage_url, now=now)
    record_meeting(session, meeting, "meeting.booked_for", by, now)
    return Booked(meeting, manage_url)


def mark_no_show(session: Session, meeting: Meeting, now: datetime, by: str, *, missed: bool = True) -> Meeting:
    """Nobody came (or they did, after all). Refuses the person nothing later; nobody is told.

    MeetingNotFound unless it is booked, MeetingAhead before it has begun.
    """
    lock_counsellors(session, {meeting.counsellor_id})
    session.refresh(meeting)
    if meeting.status != "confirmed":
        raise MeetingNotFound
    if meeting.starts_at > now:
        raise MeetingAhead
    if meeting.no_show != missed:
        meeting.no_show = missed
        session.flush()
        record_meeting(session, meeting, "meeting.no_show", by, now, missed=missed)
    return meeting


def write_note(session: Session, meeting: Meeting, note: str, now: datetime, by: str) -> Meeting:
    """The counsellor's note for their own eyes, at most 2,000 characters; erased with the person's contact data.
    The trail says that it was changed, not what it says."""
    text = note.strip()[:_LONGEST_NOTE] or None
    if (note_of(session, meeting, by) or None) != text:
        meeting.counsellor_note = text
        session.flush()
        record_meeting(session, meeting, "meeting.note", by, now)
    return meeting


def note_of(session: Session, meeting: Meeting, reader: str) -> str:
    """The meeting's note, if `reader` (as the trail names accounts) wrote it; else empty.

    A counsellor's row can be linked to another account, for a successor: theirs are the meetings, not the notes.
    """
    writer = session.scalar(
        select(Audit.actor)
        .where(Audit.subject == f"meeting:{meeting.id}", Audit.action == "meeting.note")
        .order_by(Audit.id.desc())
        .limit(1)
    )
    return meeting.counsellor_note or "" if writer == reader else ""

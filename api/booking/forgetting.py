"""Taking the person out of meetings: when their time is over, with their conversation, or because they ask for it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, and_, delete, func, or_, select, update
from sqlalchemy.orm import Session

from api.booking.service import cancel
from api.booking.tables import Meeting, MeetingLink
from api.database import rowcount
from api.holdings import Columns, Erasing, Holding, Record, Who, record
from api.outbox.office import Office
from api.outbox.service import is_open
from api.outbox.tables import Outbox
from api.settings import Settings
from api.staff.audit import record as audit

_HAS_PERSON = or_(
    Meeting.person_name.is_not(None),
    Meeting.contact_value.is_not(None),
    Meeting.counsellor_note.is_not(None),
    Meeting.asked_about.is_not(None),
    Meeting.conversation_id.is_not(None),
)
"""Whether something of the person is left on a row."""

MEETING = Columns.of(
    "meeting",
    personal="person_name contact_kind contact_value asked_about counsellor_note",
    hidden="idempotency_key request_digest origin conversation_id",
    plain="id reference counsellor_id meeting_type starts_at ends_at block_from block_to status held_until"
    " staff_override ical_uid sequence created_at confirmed_at cancelled_at interpreter_language wants_easy no_show"
    " hold_extended counsellor_chosen spoken_language own_moves",
)
_LINK = Columns.of("meeting_link", hidden="token_hash", plain="meeting_id created_at")


def forget_people(session: Session, ended_before: datetime) -> int:
    """Erase names, contacts, links and mails of meetings that ended before the moment; the bare rows stay for
    statistics. Unconfirmed ones are removed. Returns how many meetings lost their person."""
    return _forget(session, Meeting.ends_at < ended_before)


def forget_with(session: Session, conversation_id: UUID, now: datetime) -> int:
    """As `forget_people`, for the meetings of a conversation that nobody counts on any more: over, cancelled, or never
    confirmed. A coming meeting stays; it is cancelled separately."""
    over = or_(Meeting.status != "confirmed", Meeting.ends_at <= now)
    return _forget(session, and_(Meeting.conversation_id == conversation_id, over))


def _retire(session: Session, settings: Settings, now: datetime) -> int:
    return forget_people(session, now - timedelta(days=settings.retention_contact_days))


def _forget(session: Session, which: ColumnElement[bool], *, keep_mails: Sequence[int] = ()) -> int:
    session.flush()
    ids = select(Meeting.id).where(which)
    session.execute(delete(Outbox).where(Outbox.meeting_id.in_(ids), Outbox.id.not_in(keep_mails)))
    session.execute(delete(MeetingLink).where(MeetingLink.meeting_id.in_(ids)))
    session.execute(delete(Meeting).where(which, Meeting.status.in_(("held", "expired"))))
    erased = session.execute(
        update(Meeting)
        .where(which, _HAS_PERSON)
        .values(
            asked_about=None,
            counsellor_note=None,
            person_name=None,
            contact_kind=None,
            contact_value=None,
            request_digest=None,
            idempotency_key=None,
            conversation_id=None,
            origin=None,
        )
        .execution_options(synchronize_session="fetch")
    )
    return rowcount(erased)


def _find(session: Session, who: Who, now: datetime) -> list[Record]:
    theirs = select(Meeting).where(func.lower(Meeting.contact_value).in_(who.contacts)).order_by(Meeting.starts_at)
    return [record(row, MEETING, coming=_is_coming(row, now)) for row in session.scalars(theirs)]


def _conversations(session: Session, contacts: frozenset[str]) -> Sequence[UUID]:
    theirs = select(Meeting.conversation_id).where(
        func.lower(Meeting.contact_value).in_(contacts), Meeting.conversation_id.is_not(None)
    )
    return [found for found in session.scalars(theirs.distinct()) if found is not None]


def _erase(session: Session, key: str, erasing: Erasing) -> None:
    """A coming meeting is cancelled first: the counsellor is told, and that mail alone still leaves."""
    meeting = session.get(Meeting, UUID(key))
    if meeting is None:
        return
    if _is_coming(meeting, erasing.now) and meeting.starts_at > erasing.now:
        cancel(session, meeting, erasing.now, erasing.actor, Office.of(erasing.settings))
    # Kinds of mail: only counsellors get a CANCEL, and it names nobody.
    to_counsellor = select(Outbox.id).where(Outbox.meeting_id == meeting.id, Outbox.kind == "CANCEL", is_open(Outbox))
    _forget(session, Meeting.id == meeting.id, keep_mails=session.scalars(to_counsellor).all())
    audit(session, at=erasing.now, actor=erasing.actor, action="meeting.forgotten", subject=f"meeting:{key}")


def _is_coming(meeting: Meeting, now: datetime) -> bool:
    return meeting.status == "confirmed" and meeting.ends_at > now


HOLDINGS = (
    Holding("meeting", (MEETING, _LINK), retire=_retire, conversations=_conversations, find=_find, erase=_erase),
)

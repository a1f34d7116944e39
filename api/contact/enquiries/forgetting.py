"""Erasing enquiries: when their time is over, with their conversation, or because the sender asks for it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, and_, delete, func, or_, select, update
from sqlalchemy.orm import Session

from api.chat.tables import Conversation
from api.contact.enquiries import mails
from api.contact.enquiries.office import Promise
from api.contact.enquiries.tables import Enquiry, EnquiryNote
from api.database import rowcount
from api.holdings import Columns, Erasing, Holding, Record, Who, record
from api.outbox.tables import Outbox
from api.settings import Settings
from api.staff.audit import record as audit

KINDS = ("ENQUIRY", "RECEIPT", "ANSWER", "OVERDUE", "WITHDRAWN")
"""How the outbox files mails about enquiries."""

_ENQUIRY = Columns.of(
    "enquiry",
    personal="organisation name email phone message details",
    hidden="conversation_id client_key",
    plain="id reference matter municipality_id network_id status function function_email taken_by created_at due_at"
    " remind_at reminders mails answered_at closed_at taken_back",
)
_NOTE = Columns.of("enquiry_note", personal="text", plain="id enquiry_id kind at actor")
_LINK = Columns.of("enquiry_link", hidden="token_hash", plain="enquiry_id created_at")


def forget(session: Session, now: datetime, *, days: int) -> int:
    """Erase enquiries that were done `days` ago, with everything about them; returns how many.

    One that nobody has answered goes `days` after the day it should have been answered at the latest: the function and
    the default have been reminded all that time, and the audit trail keeps that nobody did.
    """
    limit = now - timedelta(days=days)
    done = and_(
        Enquiry.status.in_(("answered", "closed")), func.coalesce(Enquiry.closed_at, Enquiry.answered_at) < limit
    )
    in_vain = and_(Enquiry.status.in_(("new", "taken")), Enquiry.due_at < limit)
    for enquiry_id in session.scalars(select(Enquiry.id).where(in_vain)).all():
        audit(session, at=now, actor="system", action="enquiry.never_answered", subject=f"enquiry:{enquiry_id}")
    erased = _delete(session, or_(done, in_vain))
    forget_mails(session)
    return erased


def forget_with(session: Session, conversation_id: UUID, settings: Settings, now: datetime, actor: str) -> None:
    """Erase what was sent from a conversation that somebody erases, with its mails. As when it is taken back, the
    function is told of what nobody has answered."""
    sent = select(Enquiry).where(Enquiry.conversation_id == conversation_id).with_for_update(of=Enquiry)
    for enquiry in session.scalars(sent.order_by(Enquiry.created_at)).unique():
        _take_away(session, enquiry, settings, now, actor)


def outlive(session: Session, conversations: ColumnElement[bool]) -> None:
    """What was sent from conversations that retention is about to take stands on its own: its own time has not come."""
    ids = select(Conversation.id).where(conversations)
    kept = update(Enquiry).where(Enquiry.conversation_id.in_(ids)).values(conversation_id=None)
    session.execute(kept.execution_options(synchronize_session="fetch"))


def forget_mails(session: Session) -> None:
    """Erase the mails of enquiries that are gone. One that says that an enquiry is gone is about no thread, and stays
    as long as other mails."""
    session.flush()
    gone = (Outbox.thread.is_not(None), Outbox.thread.not_in(select(Enquiry.id)))
    orphaned = delete(Outbox).where(Outbox.kind.in_(KINDS), *gone)
    session.execute(orphaned.execution_options(synchronize_session=False))


def _delete(session: Session, which: ColumnElement[bool]) -> int:
    return rowcount(session.execute(delete(Enquiry).where(which).execution_options(synchronize_session=False)))


def _retire(session: Session, settings: Settings, now: datetime) -> int:
    return forget(session, now, days=settings.retention_enquiries_days)


def _theirs(contacts: frozenset[str]) -> ColumnElement[bool]:
    return or_(func.lower(Enquiry.email).in_(contacts), Enquiry.phone.in_(contacts))


def _find(session: Session, who: Who, now: datetime) -> list[Record]:
    rows = session.scalars(select(Enquiry).where(_theirs(who.contacts)).order_by(Enquiry.created_at)).unique()
    return [
        record(row, _ENQUIRY, parts=[_part(note) for note in row.notes], coming=row.status in ("new", "taken"))
        for row in rows
    ]


def _part(note: EnquiryNote) -> Record:
    return record(note, _NOTE)


def _conversations(session: Session, contacts: frozenset[str]) -> Sequence[UUID]:
    ids = select(Enquiry.conversation_id).where(_theirs(contacts), Enquiry.conversation_id.is_not(None))
    return [found for found in session.scalars(ids.distinct()) if found is not None]


def _erase(session: Session, key: str, erasing: Erasing) -> None:
    enquiry = session.get(Enquiry, UUID(key), with_for_update={"of": Enquiry})
    if enquiry is not None:
        _take_away(session, enquiry, erasing.settings, erasing.now, erasing.actor)


def _take_away(session: Session, enquiry: Enquiry, settings: Settings, now: datetime, actor: str) -> None:
    if enquiry.status in ("new", "taken"):
        mails.taken_back(session, enquiry, Promise.of(settings), now, erased=True)
    audit(session, at=now, actor=actor, action="enquiry.forgotten", subject=f"enquiry:{enquiry.id}")
    session.delete(enquiry)
    forget_mails(session)


HOLDINGS = (
    Holding(
        "enquiry", (_ENQUIRY, _NOTE, _LINK), retire=_retire, conversations=_conversations, find=_find, erase=_erase
    ),
)

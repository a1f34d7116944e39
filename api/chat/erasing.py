"""Erasing a conversation with everything that is only there because of it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from api.booking import forgetting as meetings
from api.chat.tables import Conversation, Message
from api.contact.enquiries import forgetting as enquiries
from api.events import forgetting as signups
from api.holdings import Columns, Erasing, Holding, Record, Who, record
from api.privacy import bot_forgetting
from api.privacy.retention import erase_old_conversations, is_old
from api.settings import Settings
from api.staff.audit import record as audit

_CONVERSATION = Columns.of("conversation", hidden="token_hash origin", plain="id turns created_at active_at")
_MESSAGE = Columns.of(
    "message",
    personal="text data feedback feedback_comment",
    hidden="client_id choices",
    plain="id conversation_id turn position sender kind topic source created_at",
)


def erase(
    session: Session, conversation: Conversation, settings: Settings, now: datetime, *, actor: str = "chat"
) -> None:
    """Erase a conversation: messages, contacts, what staff look at of it, enquiries that were sent from it and their
    mails, and the person of meetings and sign-ups that nobody counts on any more. What people count on stays: a coming
    meeting, a place at a coming event. The function is told of an enquiry that nobody has answered. Notes that the bot
    has to forget it too."""
    enquiries.forget_with(session, conversation.id, settings, now, actor)
    meetings.forget_with(session, conversation.id, now)
    signups.forget_with(session, conversation.id, now)
    bot_forgetting.note(session, [conversation.id], now)
    session.delete(conversation)


def retire(session: Session, settings: Settings, now: datetime) -> Sequence[UUID]:
    """Erase conversations whose time is over; their ids. Enquiries from them have a time of their own."""
    enquiries.outlive(session, is_old(settings, now))
    return erase_old_conversations(session, settings, now)


def _find(session: Session, who: Who, now: datetime) -> list[Record]:
    rows = session.scalars(
        select(Conversation).where(Conversation.id.in_(who.conversations)).order_by(Conversation.created_at)
    )
    return [record(row, _CONVERSATION, parts=_messages(session, row.id)) for row in rows]


def _messages(session: Session, conversation_id: UUID) -> Iterable[Record]:
    said = select(Message).where(Message.conversation_id == conversation_id).order_by(Message.turn, Message.position)
    return [record(row, _MESSAGE) for row in session.scalars(said)]


def _erase(session: Session, key: str, erasing: Erasing) -> None:
    conversation = session.get(Conversation, UUID(key))
    if conversation is not None:
        erase(session, conversation, erasing.settings, erasing.now, actor=erasing.actor)
        audit(session, at=erasing.now, actor=erasing.actor, action="conversation.erased", subject=f"conversation:{key}")


HOLDINGS = (Holding("conversation", (_CONVERSATION, _MESSAGE), retire=retire, find=_find, erase=_erase),)

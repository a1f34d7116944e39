"""What is erased of conversations and contacts when its time is over. Runs in the worker, on by default."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, delete, update
from sqlalchemy.orm import Session

from api.chat.tables import Conversation
from api.database import rowcount
from api.privacy import bot_forgetting
from api.privacy.tables import ContactToken
from api.settings import Settings

_ORIGIN_COUNTS = timedelta(days=1)
"""How long a conversation's `origin` is of use: it is made of the day."""


def is_old(settings: Settings, now: datetime) -> ColumnElement[bool]:
    """The condition for conversations whose time is over."""
    return Conversation.active_at < now - timedelta(days=settings.retention_conversation_days)


def erase_old_conversations(session: Session, settings: Settings, now: datetime) -> list[UUID]:
    """Erase conversations (with messages and contact tokens) not used for the set number of days.

    Returns their ids, and notes that the bot has to forget them too. Of younger ones goes what tells them by address.
    """
    old = delete(Conversation).where(is_old(settings, now)).returning(Conversation.id)
    erased = list(session.scalars(old.execution_options(synchronize_session=False)))
    bot_forgetting.note(session, erased, now)
    of_another_day = Conversation.created_at < now - _ORIGIN_COUNTS
    session.execute(
        update(Conversation).where(Conversation.origin.is_not(None), of_another_day).values(origin=None),
        execution_options={"synchronize_session": False},
    )
    return erased


def erase_old_contacts(session: Session, settings: Settings, now: datetime) -> int:
    """Erase contact tokens older than the set number of days."""
    limit = now - timedelta(days=settings.retention_contact_days)
    return rowcount(session.execute(delete(ContactToken).where(ContactToken.created_at < limit)))

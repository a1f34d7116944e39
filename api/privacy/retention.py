"""What is erased when its time is over. Runs in the worker, on by default."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import delete
from sqlalchemy.orm import Session

from api.chat.tables import Conversation
from api.database import rowcount
from api.privacy.tables import ContactToken
from api.settings import Settings


def erase_old_conversations(session: Session, settings: Settings, now: datetime) -> list[UUID]:
    """Erase conversations (with messages and contact tokens) not used for the set number of days.

    Returns their ids, so that the bot can be told to forget them too.
    """
    limit = now - timedelta(days=settings.retention_conversation_days)
    old = delete(Conversation).where(Conversation.active_at < limit).returning(Conversation.id)
    return list(session.scalars(old.execution_options(synchronize_session=False)))


def erase_old_contacts(session: Session, settings: Settings, now: datetime) -> int:
    """Erase contact tokens older than the set number of days."""
    limit = now - timedelta(days=settings.retention_contact_days)
    return rowcount(session.execute(delete(ContactToken).where(ContactToken.created_at < limit)))

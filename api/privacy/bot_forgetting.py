"""What the bot has still to forget: written with the erasure itself, taken away once the bot has done it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from api.privacy.tables import BotForgetting


def note(session: Session, conversation_ids: Sequence[UUID], now: datetime) -> None:
    """The bot is to forget these conversations. Naming one twice does no harm."""
    for conversation_id in conversation_ids:
        if session.get(BotForgetting, conversation_id) is None:
            session.add(BotForgetting(conversation_id=conversation_id, since=now))
    session.flush()


def waiting(session: Session) -> Sequence[UUID]:
    """What it has to forget, oldest first."""
    return session.scalars(select(BotForgetting.conversation_id).order_by(BotForgetting.since).limit(500)).all()


def done(session: Session, conversation_id: UUID) -> None:
    """It has forgotten one."""
    session.execute(delete(BotForgetting).where(BotForgetting.conversation_id == conversation_id))

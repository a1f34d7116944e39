"""Contact data, kept apart from the chat."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from api.database import Base, UtcDateTime

CONTACT_LIMIT = 200
"""Characters of a contact."""


class ContactToken(Base):
    """A phone number or e-mail address that stood in a message, behind the opaque token the bot sees instead."""

    __tablename__ = "contact_token"
    __table_args__ = (UniqueConstraint("conversation_id", "value", name="uq_contact_token_value"),)

    token: Mapped[str] = mapped_column(String(40), primary_key=True)
    conversation_id: Mapped[UUID] = mapped_column(ForeignKey("conversation.id", ondelete="CASCADE"), index=True)
    kind: Mapped[str] = mapped_column(String(5))
    value: Mapped[str] = mapped_column(String(CONTACT_LIMIT))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)


class BotForgetting(Base):
    """A conversation that is erased here and that the bot has still to forget: it may be down just then."""

    __tablename__ = "bot_forgetting"

    conversation_id: Mapped[UUID] = mapped_column(primary_key=True)
    since: Mapped[datetime] = mapped_column(UtcDateTime, index=True)

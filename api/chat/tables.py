"""Conversations, their messages and the buttons that were offered."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import JSON, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from api.database import Base, UtcDateTime


class Conversation(Base):
    """One person's chat. Only the hash of its token is kept."""

    __tablename__ = "conversation"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    token_hash: Mapped[str] = mapped_column(String(64))
    turns: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    active_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    origin: Mapped[str | None] = mapped_column(String(64))
    """Keyed hash of the network address and the day it began, so that one address cannot hold every free time."""


class Message(Base):
    """What was said, by whom, masked before it got here. `client_id` makes a repeated request harmless."""

    __tablename__ = "message"
    __table_args__ = (
        UniqueConstraint("conversation_id", "client_id", name="uq_message_client_id"),
        Index("ix_message_turn", "conversation_id", "turn", "position"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    conversation_id: Mapped[UUID] = mapped_column(ForeignKey("conversation.id", ondelete="CASCADE"))
    turn: Mapped[int]
    position: Mapped[int]
    sender: Mapped[str] = mapped_column(String(4))
    kind: Mapped[str] = mapped_column(String(12), default="text")
    text: Mapped[str] = mapped_column(Text)
    topic: Mapped[str | None] = mapped_column(String(60))
    data: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)  # Any: JSON, its shape depends on kind
    source: Mapped[dict[str, str] | None] = mapped_column(JSON(none_as_null=True))
    choices: Mapped[list[dict[str, str]]] = mapped_column(JSON, default=list)
    """Offered buttons as `{id, title, payload}`; the payload never leaves the server."""
    feedback: Mapped[str | None] = mapped_column(String(4))
    feedback_comment: Mapped[str | None] = mapped_column(Text)
    client_id: Mapped[str | None] = mapped_column(String(64))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)

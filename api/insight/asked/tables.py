"""What was asked, as figures of each day, and copies of messages that staff should look at."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from api.database import Base, UtcDateTime


class InsightDay(Base):
    """A day (Swedish calendar) whose turns have been counted. A closed one is never counted again."""

    __tablename__ = "insight_day"

    day: Mapped[date] = mapped_column(primary_key=True)
    closed: Mapped[bool] = mapped_column(default=False)


class TopicDay(Base):
    """What was asked about one topic on one day by people who named one municipality, or none.

    A turn is one message of a person with its answer; `talks` are the conversations with such a turn. `municipality`
    is its name, empty when no place was talked about (NULL could not be part of the key). `topic` is empty when the
    answer had none.
    """

    __tablename__ = "insight_topic_day"

    day: Mapped[date] = mapped_column(primary_key=True)
    topic: Mapped[str] = mapped_column(String(60), primary_key=True)
    municipality: Mapped[str] = mapped_column(String(60), primary_key=True)
    turns: Mapped[int]
    talks: Mapped[int]
    not_understood: Mapped[int]
    thumbs_up: Mapped[int]
    thumbs_down: Mapped[int]
    dead_ends: Mapped[int]


class PlaceDay(Base):
    """In how many conversations of a day a municipality was named: what small groups are judged by."""

    __tablename__ = "insight_place_day"

    day: Mapped[date] = mapped_column(primary_key=True)
    municipality: Mapped[str] = mapped_column(String(60), primary_key=True)
    talks: Mapped[int]


class Phrase(Base):
    """A copy of a masked message that was not understood, got a thumb down, or was where the talk ended in vain.

    It goes with its conversation, and when its own time is over. `state` is `open`, `handled` or `dismissed`.
    """

    __tablename__ = "insight_phrase"
    __table_args__ = (
        UniqueConstraint("conversation_id", "turn"),
        CheckConstraint("state IN ('open', 'handled', 'dismissed')", name="state"),
        Index("ix_insight_phrase_state_plain", "state", "plain"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    conversation_id: Mapped[UUID] = mapped_column(ForeignKey("conversation.id", ondelete="CASCADE"))
    turn: Mapped[int]
    said_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    text: Mapped[str] = mapped_column(Text)
    plain: Mapped[str] = mapped_column(String(200))
    """The text as it is compared: words only, lower case."""
    municipality: Mapped[str] = mapped_column(String(60), default="")
    topic: Mapped[str] = mapped_column(String(60), default="")
    """What the assistant took it for."""
    answered: Mapped[str] = mapped_column(Text, default="")
    """How the answer began."""
    comment: Mapped[str] = mapped_column(Text, default="")
    """What was written with the thumb, masked."""
    not_understood: Mapped[bool]
    thumbs_down: Mapped[bool]
    dead_end: Mapped[bool]
    state: Mapped[str] = mapped_column(String(10), default="open")

"""Counsellors, when they can be booked, and the meetings."""

from __future__ import annotations

from datetime import datetime, time
from typing import Literal
from uuid import UUID, uuid4

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from api.catalogue.tables import Node
from api.database import Base, UtcDateTime

MeetingType = Literal["phone", "video", "on_site"]
Status = Literal["held", "confirmed", "cancelled", "expired"]
ContactKind = Literal["phone", "email"]


class Counsellor(Base):
    """Somebody who can be booked: a function at a node, never a person's name."""

    __tablename__ = "counsellor"

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(String(60), unique=True)
    node_id: Mapped[int] = mapped_column(ForeignKey("node.id"), index=True)
    title: Mapped[str] = mapped_column(String(120))
    email: Mapped[str] = mapped_column(String(254))
    phone: Mapped[str] = mapped_column(String(40))
    meeting_types: Mapped[list[MeetingType]] = mapped_column(JSON)
    languages: Mapped[list[str]] = mapped_column(JSON)
    active: Mapped[bool] = mapped_column(default=True)
    example: Mapped[bool] = mapped_column(default=False)
    """Example data, marked wherever it shows."""
    meeting_minutes: Mapped[int] = mapped_column(default=30)
    buffer_minutes: Mapped[int] = mapped_column(default=10)
    """Kept free after a meeting. Only after: with a buffer on both sides neighbours would add theirs up."""
    slot_step_minutes: Mapped[int] = mapped_column(default=30)
    notice_hours: Mapped[int] = mapped_column(default=18)
    horizon_days: Mapped[int] = mapped_column(default=45)

    node: Mapped[Node] = relationship(lazy="joined", innerjoin=True)
    hours: Mapped[list[Availability]] = relationship(
        lazy="selectin", cascade="all, delete-orphan", order_by="Availability.id"
    )


class Availability(Base):
    """Weekly bookable hours, as wall clock in Stockholm."""

    __tablename__ = "availability"
    __table_args__ = (
        CheckConstraint("weekday BETWEEN 0 AND 6", name="weekday"),
        CheckConstraint("end_time > start_time", name="order"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    counsellor_id: Mapped[int] = mapped_column(ForeignKey("counsellor.id", ondelete="CASCADE"), index=True)
    weekday: Mapped[int]
    """0 is Monday."""
    start_time: Mapped[time]
    end_time: Mapped[time]


class Meeting(Base):
    """A time that somebody holds or has booked.

    `block_from`–`block_to` is what the counsellor cannot be booked for (the meeting and the buffer after it); the
    database refuses two live rows of one counsellor that overlap there (see `constraints.py`).
    """

    __tablename__ = "meeting"
    __table_args__ = (
        CheckConstraint("block_to > block_from", name="block_order"),
        CheckConstraint("status IN ('held', 'confirmed', 'cancelled', 'expired')", name="status"),
        CheckConstraint("status <> 'held' OR held_until IS NOT NULL", name="held_until"),
        Index("ix_meeting_counsellor_id_block_from", "counsellor_id", "block_from"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    reference: Mapped[str] = mapped_column(String(12), unique=True)
    counsellor_id: Mapped[int] = mapped_column(ForeignKey("counsellor.id"))
    conversation_id: Mapped[UUID | None] = mapped_column(ForeignKey("conversation.id", ondelete="SET NULL"), index=True)
    meeting_type: Mapped[MeetingType] = mapped_column(String(20))
    starts_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ends_at: Mapped[datetime] = mapped_column(UtcDateTime)
    block_from: Mapped[datetime] = mapped_column(UtcDateTime)
    block_to: Mapped[datetime] = mapped_column(UtcDateTime)
    status: Mapped[Status] = mapped_column(String(10))
    held_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    staff_override: Mapped[bool] = mapped_column(default=False)
    """A double booking that staff made on purpose; the only rows the guard lets overlap."""
    idempotency_key: Mapped[str | None] = mapped_column(String(200), unique=True)
    request_digest: Mapped[str | None] = mapped_column(String(64))
    person_name: Mapped[str | None] = mapped_column(String(80))
    contact_kind: Mapped[ContactKind | None] = mapped_column(String(10))
    contact_value: Mapped[str | None] = mapped_column(String(254), index=True)
    ical_uid: Mapped[str | None] = mapped_column(String(120), unique=True)
    """Given when the meeting is confirmed, then constant for life."""
    sequence: Mapped[int] = mapped_column(default=0)
    """Revision of the invitation: +1 for every change that the recipients see (RFC 5546, 2.1.4)."""
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    confirmed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    cancelled_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    counsellor: Mapped[Counsellor] = relationship(lazy="joined", innerjoin=True)


class MeetingLink(Base):
    """A secret link to the person's page for one meeting, as the SHA-256 of its token.

    The token itself also stands where the person reads it: in the conversation's own messages, until the conversation
    is erased, and in the confirmation mail, whose text leaves the outbox when it is sent (see `Outbox.payload`).
    A table of its own because the token cannot be read back from here: a repeated confirmation (its first answer was
    lost) gets a new link, and the one in the mail goes on working.
    """

    __tablename__ = "meeting_link"

    token_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    meeting_id: Mapped[UUID] = mapped_column(ForeignKey("meeting.id", ondelete="CASCADE"), index=True)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)

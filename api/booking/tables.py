"""Counsellors, when they can be booked, and the meetings."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Literal
from uuid import UUID, uuid4

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from api.booking.languages import speaks
from api.catalogue.tables import Node
from api.database import Base, UtcDateTime

MeetingType = Literal["phone", "video", "on_site"]
Status = Literal["held", "confirmed", "cancelled", "expired"]
ContactKind = Literal["phone", "email"]


class Counsellor(Base):
    """Somebody who can be booked: a function at a node, never a person's name."""

    __tablename__ = "counsellor"
    __table_args__ = (
        CheckConstraint(
            "meeting_minutes BETWEEN 5 AND 480 AND slot_step_minutes BETWEEN 5 AND 480"
            " AND buffer_minutes BETWEEN 0 AND 480 AND interpreter_minutes BETWEEN 0 AND 480"
            " AND notice_hours BETWEEN 0 AND 1000 AND horizon_days BETWEEN 0 AND 730",
            name="lengths",
        ),
        CheckConstraint("daily_maximum >= 1", name="daily_maximum"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(String(60), unique=True)
    node_id: Mapped[int] = mapped_column(ForeignKey("node.id"), index=True)
    title: Mapped[str] = mapped_column(String(120))
    email: Mapped[str] = mapped_column(String(254))
    phone: Mapped[str] = mapped_column(String(40))
    meeting_types: Mapped[list[MeetingType]] = mapped_column(JSON)
    languages: Mapped[list[str]] = mapped_column(JSON)
    """As codes (see language_codes.yml)."""
    active: Mapped[bool] = mapped_column(default=True)
    example: Mapped[bool] = mapped_column(default=False)
    """Example data, marked wherever it shows."""
    meeting_minutes: Mapped[int] = mapped_column(default=30)
    buffer_minutes: Mapped[int] = mapped_column(default=10)
    """Kept free after a meeting. Only after: with a buffer on both sides neighbours would add theirs up."""
    slot_step_minutes: Mapped[int] = mapped_column(default=30)
    notice_hours: Mapped[int] = mapped_column(default=18)
    horizon_days: Mapped[int] = mapped_column(default=45)
    account_id: Mapped[int | None] = mapped_column(
        ForeignKey("account.id", ondelete="SET NULL"), unique=True, index=True
    )
    """Who logs in as this counsellor."""
    daily_maximum: Mapped[int | None]
    """The most meetings on one day in Sweden; None is as many as there is room for."""
    interpreter_minutes: Mapped[int] = mapped_column(default=30)
    """How much longer a meeting with an interpreter is."""
    video_url: Mapped[str] = mapped_column(String(300), default="")
    """Where video meetings with this counsellor are held; empty when the link is sent for each one."""
    asks_for_answer: Mapped[bool] = mapped_column(default=False)
    """The counsellor's invitations ask for an answer (RSVP). The answer changes nothing."""

    @property
    def buffer(self) -> timedelta:
        """What is kept free after each meeting."""
        return timedelta(minutes=self.buffer_minutes)

    def speaks(self, language: str | None) -> bool:
        """Whether a meeting in `language` needs no interpreter; False when no language is asked for."""
        return language is not None and speaks(self.languages, language)

    node: Mapped[Node] = relationship(lazy="joined", innerjoin=True)
    hours: Mapped[list[Availability]] = relationship(
        lazy="selectin", cascade="all, delete-orphan", order_by="Availability.id"
    )
    exceptions: Mapped[list[AvailabilityException]] = relationship(
        cascade="all, delete-orphan", order_by="AvailabilityException.id"
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


class AvailabilityException(Base):
    """What differs from a counsellor's weekly hours on one date, as wall clock in Stockholm.

    Without times the whole day is closed; with times that part is closed or, when it `opens`, bookable besides the
    weekly hours. What is closed wins over what is open; a holiday is opened by the node alone (`NodeDay`).
    """

    __tablename__ = "availability_exception"
    __table_args__ = (
        CheckConstraint("(start_time IS NULL) = (end_time IS NULL)", name="both_times"),
        CheckConstraint("end_time > start_time", name="order"),
        CheckConstraint("NOT opens OR start_time IS NOT NULL", name="opens_hours"),
        Index("ix_availability_exception_counsellor_id_day", "counsellor_id", "day"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    counsellor_id: Mapped[int] = mapped_column(ForeignKey("counsellor.id", ondelete="CASCADE"))
    day: Mapped[date]
    start_time: Mapped[time | None]
    end_time: Mapped[time | None]
    opens: Mapped[bool] = mapped_column(default=False)


class NodeDay(Base):
    """A day when nobody at a node is booked, or a holiday that the node keeps open (`opens`)."""

    __tablename__ = "node_day"
    __table_args__ = (UniqueConstraint("node_id", "day", name="uq_node_day_node_id_day"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    node_id: Mapped[int] = mapped_column(ForeignKey("node.id", ondelete="CASCADE"))
    day: Mapped[date]
    opens: Mapped[bool] = mapped_column(default=False)
    title: Mapped[str] = mapped_column(String(80), default="")
    """What staff call it ("Planeringsdag")."""


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
        CheckConstraint("NOT no_show OR status = 'confirmed'", name="no_show"),
        Index("ix_meeting_counsellor_id_block_from", "counsellor_id", "block_from"),
        Index("ix_meeting_status_held_until", "status", "held_until"),
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
    own_moves: Mapped[int] = mapped_column(default=0)
    """How often the person has moved it; what staff do does not count."""
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    confirmed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    cancelled_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    interpreter_language: Mapped[str | None] = mapped_column(String(40))
    """The language an interpreter is wanted in, as it was asked for ("arabiska"); the meeting is longer then."""
    spoken_language: Mapped[str | None] = mapped_column(String(40))
    """The language that was asked for when the counsellor speaks it: no interpreter, and the usual length."""
    wants_easy: Mapped[bool] = mapped_column(default=False)
    """The person's mails are in easy Swedish."""
    asked_about: Mapped[str | None] = mapped_column(Text)
    """What the person asked the assistant about, only if they said yes to the counsellor seeing it."""
    counsellor_note: Mapped[str | None] = mapped_column(Text)
    """The counsellor's note for their own eyes; it goes when the person is forgotten, or another one takes over."""
    no_show: Mapped[bool] = mapped_column(default=False)
    """Nobody came. Marked by staff only; refuses nobody anything."""
    hold_extended: Mapped[bool] = mapped_column(default=False)
    """The hold has been made longer once; there is no second time."""
    counsellor_chosen: Mapped[bool] = mapped_column(default=False)
    """The person asked for this counsellor, so nobody else is put in without being asked."""
    origin: Mapped[str | None] = mapped_column(String(64))
    """While it is held: the conversation's `origin`, to count the holds of one address."""

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

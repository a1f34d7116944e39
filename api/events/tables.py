"""Events that people can attend, and those who have signed up for them."""

from __future__ import annotations

from datetime import datetime
from typing import Literal
from uuid import UUID, uuid4

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from api.catalogue.tables import Municipality, Node
from api.database import Base, UtcDateTime

EventKind = Literal["information", "open_house", "study_visit", "network"]
EventStatus = Literal["draft", "published", "cancelled"]
Fact = Literal["yes", "no", "unknown"]
SignupStatus = Literal["signed", "waiting", "offered", "cancelled", "attended", "absent"]
EndedBy = Literal["person", "staff", "lapsed", "event"]

EVENT_KINDS: tuple[EventKind, ...] = ("information", "open_house", "study_visit", "network")
TAKING: tuple[SignupStatus, ...] = ("signed", "offered", "attended", "absent")
"""Statuses that take a place. A held offer does: nobody else can be given it."""
LIVE: tuple[SignupStatus, ...] = ("signed", "offered", "waiting")
"""Statuses of those who still count on the event."""


class Event(Base):
    """Something that people can attend. `id` is made here, so that a form that is sent twice makes one event."""

    __tablename__ = "event"
    __table_args__ = (
        CheckConstraint("kind IN ('information', 'open_house', 'study_visit', 'network')", name="kind"),
        CheckConstraint("status IN ('draft', 'published', 'cancelled')", name="status"),
        CheckConstraint("ends_at > starts_at", name="order"),
        CheckConstraint("capacity >= 1", name="capacity"),
        CheckConstraint(
            "step_free IN ('yes', 'no', 'unknown') AND hearing_loop IN ('yes', 'no', 'unknown')", name="facts"
        ),
        Index("ix_event_status_starts_at", "status", "starts_at"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    kind: Mapped[EventKind] = mapped_column(String(12))
    title: Mapped[str] = mapped_column(String(120))
    description: Mapped[str] = mapped_column(Text, default="")
    host: Mapped[str] = mapped_column(String(120))
    """Who receives: a node, a company, a network. A function, never a person's name."""
    node_id: Mapped[int | None] = mapped_column(ForeignKey("node.id"), index=True)
    network_id: Mapped[int | None] = mapped_column(ForeignKey("network.id", ondelete="SET NULL"), index=True)
    municipality_id: Mapped[int] = mapped_column(ForeignKey("municipality.id"), index=True)
    place_name: Mapped[str] = mapped_column(String(120), default="")
    street: Mapped[str] = mapped_column(String(160), default="")
    online_url: Mapped[str] = mapped_column(String(300), default="")
    """Where it is held on the net. Only those with a place are told: it opens the door."""
    starts_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ends_at: Mapped[datetime] = mapped_column(UtcDateTime)
    signup_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """When sign-up closes; None is when it starts."""
    capacity: Mapped[int | None]
    """None: as many as like to come."""
    step_free: Mapped[Fact] = mapped_column(String(7), default="unknown")
    hearing_loop: Mapped[Fact] = mapped_column(String(7), default="unknown")
    interpreter: Mapped[list[str]] = mapped_column(JSON, default=list)
    """Languages (ISO 639-1) that are interpreted without anybody asking."""
    women_only: Mapped[bool] = mapped_column(default=False)
    for_whom: Mapped[str] = mapped_column(String(200), default="")
    contact: Mapped[str] = mapped_column(String(120))
    """A function that answers questions."""
    contact_email: Mapped[str] = mapped_column(String(254))
    contact_phone: Mapped[str] = mapped_column(String(40), default="")
    status: Mapped[EventStatus] = mapped_column(String(10), default="draft")
    cancel_reason: Mapped[str] = mapped_column(String(500), default="")
    """What staff say to those who wanted to come."""
    example: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime)

    node: Mapped[Node | None] = relationship(lazy="joined")
    municipality: Mapped[Municipality] = relationship(lazy="joined", innerjoin=True)

    @property
    def closes_at(self) -> datetime:
        """When sign-up closes, in UTC."""
        return min(self.signup_until or self.starts_at, self.starts_at)

    @property
    def is_online(self) -> bool:
        """Whether it is held on the net alone."""
        return bool(self.online_url) and not (self.place_name or self.street)


class EventSignup(Base):
    """One person's sign-up. Name, contacts and needs are forgotten some time after the event; the row stays and is
    counted."""

    __tablename__ = "event_signup"
    __table_args__ = (
        CheckConstraint("status IN ('signed', 'waiting', 'offered', 'cancelled', 'attended', 'absent')", name="status"),
        CheckConstraint("status <> 'offered' OR offered_until IS NOT NULL", name="offered_until"),
        UniqueConstraint("event_id", "number", name="uq_event_signup_event_id_number"),
        Index("ix_event_signup_event_id_status_number", "event_id", "status", "number"),
        Index("ix_event_signup_status_offered_until", "status", "offered_until"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    event_id: Mapped[UUID] = mapped_column(ForeignKey("event.id", ondelete="CASCADE"))
    number: Mapped[int]
    """The order in which people signed up, from 1, and so the order of the waiting list."""
    reference: Mapped[str] = mapped_column(String(12), unique=True)
    status: Mapped[SignupStatus] = mapped_column(String(10))
    name: Mapped[str | None] = mapped_column(String(80))
    email: Mapped[str | None] = mapped_column(String(254), index=True)
    phone: Mapped[str | None] = mapped_column(String(40), index=True)
    needs: Mapped[str] = mapped_column(String(300), default="")
    """What the person needs to take part, in their own words ("rullstol")."""
    language: Mapped[str | None] = mapped_column(String(40))
    """The language an interpreter is wanted in, as it is called in Swedish."""
    conversation_id: Mapped[UUID | None] = mapped_column(ForeignKey("conversation.id", ondelete="SET NULL"), index=True)
    idempotency_key: Mapped[str | None] = mapped_column(String(200), unique=True)
    origin: Mapped[str | None] = mapped_column(String(64))
    """The keyed hash of network address and day that it came from, to count them; None the day after."""
    offered_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """Until when a freed place is held for this person."""
    told_free_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """When somebody who waits was told that a place is free for whoever is first: too late to hold it for anybody."""
    ended_by: Mapped[EndedBy | None] = mapped_column(String(10))
    told_facts: Mapped[str] = mapped_column(String(64), default="")
    """Digest of the time and place that the person has been told."""
    ical_uid: Mapped[str] = mapped_column(String(120), unique=True)
    sequence: Mapped[int] = mapped_column(default=0)
    """Revision of the invitation and order of the mails: +1 for every change that the person is told."""
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime)

    event: Mapped[Event] = relationship(lazy="joined", innerjoin=True)


class EventSignupLink(Base):
    """A secret link to the person's page for one sign-up, as the SHA-256 of its token."""

    __tablename__ = "event_signup_link"

    token_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    signup_id: Mapped[UUID] = mapped_column(ForeignKey("event_signup.id", ondelete="CASCADE"), index=True)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)

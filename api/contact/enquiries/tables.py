"""Enquiries, what was written about them, and which function gets which."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal
from uuid import UUID, uuid4

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from api.catalogue.tables import Municipality
from api.database import Base, UtcDateTime

Matter = Literal[
    "staffing", "training", "receive", "council", "school_prao", "network_interest", "accessibility", "other"
]
Status = Literal["new", "taken", "answered", "closed"]
NoteKind = Literal["answer", "note"]

MATTERS: tuple[Matter, ...] = (
    "staffing",
    "training",
    "receive",
    "council",
    "school_prao",
    "network_interest",
    "accessibility",
    "other",
)


class Enquiry(Base):
    """Something a company, a school or somebody else wants an answer to from a function.

    Name, contact, message and `details` are the sender's own words, with identity numbers masked. The row goes when
    its time is over (`forgetting.py`), or with the conversation that it was sent from when somebody erases that.
    Conversations whose time is over let go of it first.
    """

    __tablename__ = "enquiry"
    __table_args__ = (
        CheckConstraint("status IN ('new', 'taken', 'answered', 'closed')", name="status"),
        CheckConstraint("email <> '' OR phone <> ''", name="contact"),
        Index("ix_enquiry_status_due_at", "status", "due_at"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    reference: Mapped[str] = mapped_column(String(12), unique=True)
    matter: Mapped[Matter] = mapped_column(String(20))
    municipality_id: Mapped[int | None] = mapped_column(ForeignKey("municipality.id"), index=True)
    """None: somewhere that the service does not cover."""
    network_id: Mapped[int | None] = mapped_column(ForeignKey("network.id", ondelete="SET NULL"), index=True)
    """The network that somebody is interested in."""
    organisation: Mapped[str] = mapped_column(String(120))
    name: Mapped[str] = mapped_column(String(80))
    email: Mapped[str] = mapped_column(String(254), default="")
    phone: Mapped[str] = mapped_column(String(40), default="")
    message: Mapped[str] = mapped_column(Text, default="")
    details: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)  # Any: what the matter asks (`matters.py`)
    status: Mapped[Status] = mapped_column(String(10), default="new")
    function: Mapped[str] = mapped_column(String(120))
    """Who answers, as it was when the enquiry was sent or handed on."""
    function_email: Mapped[str] = mapped_column(String(254))
    taken_by: Mapped[str | None] = mapped_column(String(60))
    """The account that has it, as the audit trail names accounts."""
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    due_at: Mapped[datetime] = mapped_column(UtcDateTime)
    """When it should be answered at the latest: the end of a working day."""
    remind_at: Mapped[datetime | None] = mapped_column(UtcDateTime, index=True)
    """When somebody is reminded next; None when nobody is to be."""
    reminders: Mapped[int] = mapped_column(default=0)
    mails: Mapped[int] = mapped_column(default=0)
    """How many mails have been written about it; they leave in this order."""
    answered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime, index=True)
    taken_back: Mapped[bool] = mapped_column(default=False)
    """The sender has withdrawn it."""
    conversation_id: Mapped[UUID | None] = mapped_column(ForeignKey("conversation.id", ondelete="CASCADE"), index=True)
    client_key: Mapped[str | None] = mapped_column(String(64), unique=True)
    """Makes a form that is sent twice one enquiry."""

    municipality: Mapped[Municipality | None] = relationship(lazy="joined")
    notes: Mapped[list[EnquiryNote]] = relationship(
        cascade="all, delete-orphan", order_by="EnquiryNote.id", passive_deletes=True
    )


class EnquiryNote(Base):
    """What staff wrote: an answer that was mailed to the sender, or a note for colleagues."""

    __tablename__ = "enquiry_note"
    __table_args__ = (CheckConstraint("kind IN ('answer', 'note')", name="kind"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    enquiry_id: Mapped[UUID] = mapped_column(ForeignKey("enquiry.id", ondelete="CASCADE"), index=True)
    kind: Mapped[NoteKind] = mapped_column(String(10))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    actor: Mapped[str] = mapped_column(String(60))
    text: Mapped[str] = mapped_column(Text)


class EnquiryLink(Base):
    """A secret link to the sender's own page, as the SHA-256 of its token. Each mail has a link of its own, because a
    token cannot be read back from here."""

    __tablename__ = "enquiry_link"

    token_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    enquiry_id: Mapped[UUID] = mapped_column(ForeignKey("enquiry.id", ondelete="CASCADE"), index=True)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)


class EnquiryRoute(Base):
    """Which function gets enquiries about a matter (empty: any) from a municipality (None: any).

    The row with neither is the default. It is always there.
    """

    __tablename__ = "enquiry_route"
    __table_args__ = (Index("uq_enquiry_route_what", "matter", text("coalesce(municipality_id, 0)"), unique=True),)

    id: Mapped[int] = mapped_column(primary_key=True)
    matter: Mapped[str] = mapped_column(String(20), default="")
    municipality_id: Mapped[int | None] = mapped_column(ForeignKey("municipality.id"), index=True)
    function: Mapped[str] = mapped_column(String(120))
    email: Mapped[str] = mapped_column(String(254))
    example: Mapped[bool] = mapped_column(default=False)
    """Example data, marked wherever it shows."""
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime)

    municipality: Mapped[Municipality | None] = relationship(lazy="joined")

    @property
    def is_default(self) -> bool:
        """Whether it is the one for everything that no other takes."""
        return not self.matter and self.municipality_id is None

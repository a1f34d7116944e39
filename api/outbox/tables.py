"""Mail waiting to be sent, and what became of it."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from sqlalchemy import JSON, ForeignKey, Index, String, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column

from api.database import Base, UtcDateTime

Channel = Literal["mail", "sms"]


class Outbox(Base):
    """One mail (or text message) to one recipient.

    Mails of one thread (a meeting, a sign-up, an enquiry) to one recipient leave in the order of `sequence`: a late
    REQUEST after a CANCEL can bring a cancelled meeting back in the recipient's calendar. A row ends as sent, dead
    (given up) or superseded.
    """

    __tablename__ = "outbox"
    __table_args__ = (
        UniqueConstraint("meeting_id", "sequence", "kind", "recipient"),
        Index("ix_outbox_revision", "thread", "sequence", "kind", "recipient", unique=True),
        Index("ix_outbox_sent_at_next_try", "sent_at", "next_try"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    meeting_id: Mapped[UUID | None] = mapped_column(ForeignKey("meeting.id", ondelete="CASCADE"))
    thread: Mapped[UUID | None]
    """The id of what it is about: the meeting, the sign-up, the enquiry. What forgets a person erases its thread."""
    reference: Mapped[str | None] = mapped_column(String(12))
    """The code of what it is about, when that is no meeting, for staff to find it by."""
    sequence: Mapped[int] = mapped_column(default=0)
    kind: Mapped[str] = mapped_column(String(20))
    channel: Mapped[Channel] = mapped_column(String(10), default="mail", server_default="mail")
    recipient: Mapped[str] = mapped_column(String(254))
    """An e-mail address; for a text message a telephone number."""
    message_id: Mapped[str] = mapped_column(String(250))
    """Constant over repeated sending, so that a mail that arrives twice is known as the same."""
    payload: Mapped[dict[str, Any]] = mapped_column(JSON)  # Any: the JSON of `message.Payload`
    """What the mail says; empty once it is sent or superseded. A mail given up keeps it, for staff to pass on."""
    draft: Mapped[bool] = mapped_column(default=False, server_default=false())
    """Its text is written when its time has come, not stored for weeks."""
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    not_before: Mapped[datetime] = mapped_column(UtcDateTime)
    not_after: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """After this moment it is of no use and is dropped, such as a reminder of a meeting that has begun."""
    attempts: Mapped[int] = mapped_column(default=0)
    next_try: Mapped[datetime] = mapped_column(UtcDateTime)
    claimed_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    sent_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    dead_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    superseded_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    notify: Mapped[str | None] = mapped_column(String(254))
    """The mailbox that is told when this mail is given up."""
    redirected_to: Mapped[str | None] = mapped_column(String(254))
    """Where staff sent it instead; later mails about the meeting follow."""
    last_error: Mapped[str | None] = mapped_column(String(80))
    """A reply code or the name of an error, never the server's text: it may repeat an address."""

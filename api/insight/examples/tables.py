"""Examples on their way into the training of the assistant."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from api.database import Base, UtcDateTime

LONGEST = 300
"""Characters of an example, as in the training files."""
LONGEST_TOPIC = 60


class TrainingExample(Base):
    """A message with the topic it belongs to. `state` is `waiting` for a second person, or `approved`.

    `topic` is empty for a proposal of a topic that does not exist yet: `new_topic` says which.
    """

    __tablename__ = "training_example"
    __table_args__ = (
        CheckConstraint("state IN ('waiting', 'approved')", name="state"),
        CheckConstraint("(topic = '') <> (new_topic = '')", name="one_topic"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    text: Mapped[str] = mapped_column(String(LONGEST))
    plain: Mapped[str] = mapped_column(String(LONGEST), index=True)
    """The text as it is compared: words only, lower case."""
    topic: Mapped[str] = mapped_column(String(LONGEST_TOPIC), default="")
    new_topic: Mapped[str] = mapped_column(String(LONGEST_TOPIC), default="")
    state: Mapped[str] = mapped_column(String(10), default="waiting", index=True)
    conversation_id: Mapped[UUID | None] = mapped_column(ForeignKey("conversation.id", ondelete="CASCADE"), index=True)
    """Where it was said, until it is approved: then nothing leads back."""
    said_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """When it was said; forgotten with `conversation_id`."""
    author_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    """Who proposed it or changed it last, and so may not approve it."""
    proposed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    approver_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """When it was approved."""

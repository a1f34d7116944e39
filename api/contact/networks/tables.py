"""Networks in the trade."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from api.database import Base, UtcDateTime

NETWORK_STATUSES = ("draft", "published", "ended")
"""`ended`: shown with that word and without a sign-up. Drafts are not shown to the public."""


class Network(Base):
    """A network that people or companies can belong to.

    What it says are facts with a source: `source_title` with `source_year`, the year that the facts are from, and
    `checked_on`, when somebody compared them. `next_meeting` is said when no event of the network is published.
    """

    __tablename__ = "network"
    __table_args__ = (CheckConstraint("status IN ('draft', 'published', 'ended')", name="status"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(String(60), unique=True)
    name: Mapped[str] = mapped_column(String(120), unique=True)
    about: Mapped[str] = mapped_column(Text)
    for_whom: Mapped[str] = mapped_column(Text)
    region: Mapped[str] = mapped_column(String(120))
    behind: Mapped[str] = mapped_column(Text, default="")
    how_often: Mapped[str] = mapped_column(String(200), default="")
    next_meeting: Mapped[str] = mapped_column(String(200), default="")
    source_title: Mapped[str] = mapped_column(String(200), default="")
    source_url: Mapped[str] = mapped_column(String(500), default="")
    source_year: Mapped[int | None]
    checked_on: Mapped[date | None]
    status: Mapped[str] = mapped_column(String(12), default="draft", index=True)
    example: Mapped[bool] = mapped_column(default=False)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime)

"""Companies that receive pupils, apprentices and visitors."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from api.catalogue.tables import Municipality
from api.database import Base, UtcDateTime

HOST_STATUSES = ("draft", "published", "resting")
"""`resting`: receives nobody for the time being. Only published ones are shown to the public."""
STEP_FREE = ("unknown", "yes", "partly", "no")


class ReceivingCompany(Base):
    """A company that receives. The contact is a function and is shown to staff only: schools ask through `/skola`.

    `places` is how many pupils at once; `periods` says when, in words ("vecka 10–12").
    """

    __tablename__ = "receiving_company"
    __table_args__ = (
        CheckConstraint("status IN ('draft', 'published', 'resting')", name="status"),
        CheckConstraint("step_free IN ('unknown', 'yes', 'partly', 'no')", name="step_free"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(120), unique=True)
    municipality_id: Mapped[int] = mapped_column(ForeignKey("municipality.id"), index=True)
    does: Mapped[str] = mapped_column(Text)
    prao: Mapped[bool] = mapped_column(default=False)
    apl: Mapped[bool] = mapped_column(default=False)
    study_visit: Mapped[bool] = mapped_column(default=False)
    places: Mapped[int | None]
    periods: Mapped[str] = mapped_column(String(200), default="")
    pupils_do: Mapped[str] = mapped_column(Text, default="")
    step_free: Mapped[str] = mapped_column(String(8), default="unknown")
    access_note: Mapped[str] = mapped_column(String(300), default="")
    contact: Mapped[str] = mapped_column(String(120), default="")
    email: Mapped[str] = mapped_column(String(120), default="")
    phone: Mapped[str] = mapped_column(String(30), default="")
    status: Mapped[str] = mapped_column(String(12), default="draft", index=True)
    example: Mapped[bool] = mapped_column(default=False)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime)

    municipality: Mapped[Municipality] = relationship(lazy="joined", innerjoin=True)

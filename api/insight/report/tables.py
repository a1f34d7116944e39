"""What the yearly report needs and retention would erase, as counts by day."""

from __future__ import annotations

from datetime import date
from typing import Literal

from sqlalchemy import CheckConstraint, String
from sqlalchemy.orm import Mapped, mapped_column

from api.database import Base

Measure = Literal["language", "enquiry"]


class ReportCount(Base):
    """`language`: talks of a day with an answer in easy Swedish (`easy`) or in another language (its code).
    `enquiry`: enquiries that came on a day, by matter."""

    __tablename__ = "report_count"
    __table_args__ = (
        CheckConstraint("measure IN ('language', 'enquiry')", name="measure"),
        CheckConstraint("count >= 0", name="count"),
    )

    day: Mapped[date] = mapped_column(primary_key=True)
    measure: Mapped[Measure] = mapped_column(String(20), primary_key=True)
    value: Mapped[str] = mapped_column(String(40), primary_key=True)
    count: Mapped[int]


class FreeWait(Base):
    """How far away the first free time at a node was, once a day; `days` is None on a day without any free time."""

    __tablename__ = "free_wait"

    day: Mapped[date] = mapped_column(primary_key=True)
    node: Mapped[str] = mapped_column(String(40), primary_key=True)
    days: Mapped[int | None]

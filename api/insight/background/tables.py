"""Answers about background, as counts by month."""

from __future__ import annotations

from datetime import date

from sqlalchemy import CheckConstraint, String
from sqlalchemy.orm import Mapped, mapped_column

from api.database import Base


class BackgroundCount(Base):
    """How many gave one answer to one question in a month (its first day), after one step of the chain.

    Each question is counted on its own, so that the answers of one form cannot be put together again. No moment, no
    node, no person, no order of arrival: see `answers.py` for how they get here.
    """

    __tablename__ = "background_count"
    __table_args__ = (CheckConstraint("count > 0", name="count"),)

    month: Mapped[date] = mapped_column(primary_key=True)
    step: Mapped[str] = mapped_column(String(20), primary_key=True)
    question: Mapped[str] = mapped_column(String(20), primary_key=True)
    answer: Mapped[str] = mapped_column(String(20), primary_key=True)
    count: Mapped[int]

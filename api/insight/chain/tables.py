"""How many came to each step of the chain, by day: counts alone, so that nobody needs to be remembered for them."""

from __future__ import annotations

from datetime import date
from typing import Literal

from sqlalchemy import CheckConstraint, String
from sqlalchemy.orm import Mapped, mapped_column

from api.database import Base

Step = Literal["chat", "event", "visit", "meeting", "application_click"]
STEPS: tuple[Step, ...] = ("chat", "event", "visit", "meeting", "application_click")
"""In the order of the chain."""

NO_NODE = ""
"""Stands for no node, or for one that is not known; a column that is part of the key cannot be empty."""


class ChainCount(Base):
    """One step on one day in Sweden at one node (its slug, `NO_NODE` for none).

    No foreign key: the figures of a node stay when the node is gone.
    """

    __tablename__ = "chain_count"
    __table_args__ = (
        CheckConstraint("step IN ('chat', 'event', 'visit', 'meeting', 'application_click')", name="step"),
        CheckConstraint("count >= 0", name="count"),
    )

    day: Mapped[date] = mapped_column(primary_key=True)
    step: Mapped[Step] = mapped_column(String(20), primary_key=True)
    node: Mapped[str] = mapped_column(String(40), primary_key=True, default=NO_NODE)
    count: Mapped[int]

"""The accessibility statement as staff keep it."""

from __future__ import annotations

from datetime import date, datetime
from typing import Literal

from sqlalchemy import CheckConstraint, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from api.database import Base, UtcDateTime

Compliance = Literal["fully", "partly", "not"]
Reason = Literal["gap", "burden", "outside"]
"""Why something is not accessible: it falls short of the law, putting it right would be an unreasonable burden
(12 § of the law), or the law does not cover it (9 §)."""


class AccessibilityStatement(Base):
    """The one statement: what it covers, how it was assessed, and what somebody who cannot use a part can do."""

    __tablename__ = "accessibility_statement"
    __table_args__ = (
        CheckConstraint("id = 1", name="only_one"),
        CheckConstraint("compliance IN ('fully', 'partly', 'not')", name="compliance"),
    )

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    compliance: Mapped[Compliance] = mapped_column(String(10))
    instead: Mapped[str] = mapped_column(Text)
    method: Mapped[str] = mapped_column(Text)
    assessed_on: Mapped[date]
    reviewed_on: Mapped[date]
    example: Mapped[bool] = mapped_column(default=False)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime)


class AccessibilityGap(Base):
    """One thing that is not accessible."""

    __tablename__ = "accessibility_gap"
    __table_args__ = (CheckConstraint("reason IN ('gap', 'burden', 'outside')", name="reason"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str] = mapped_column(String(120))
    about: Mapped[str] = mapped_column(Text)
    reason: Mapped[Reason] = mapped_column(String(10))
    why: Mapped[str] = mapped_column(Text)
    instead: Mapped[str] = mapped_column(Text)
    fixed_by: Mapped[str] = mapped_column(String(120), default="")
    """When it is to be put right, in words; empty when nothing is decided."""
    example: Mapped[bool] = mapped_column(default=False)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime)

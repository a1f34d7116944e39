"""The statement and what it lists."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from api.clock import stockholm_date
from api.insight.accessibility.fields import TEXTS
from api.insight.accessibility.tables import AccessibilityGap, AccessibilityStatement
from api.staff.chores import Chore

THE_ONE = 1
PATH = "/personal/tillganglighet"
REVIEW_AFTER = timedelta(days=365)
"""How long a statement may stand before somebody should go through it again."""


def statement(session: Session) -> AccessibilityStatement | None:
    """The statement; None before it has been written."""
    return session.get(AccessibilityStatement, THE_ONE)


def gaps(session: Session) -> list[AccessibilityGap]:
    """Everything that is not accessible, in the order it was written down."""
    return list(session.scalars(select(AccessibilityGap).order_by(AccessibilityGap.id)))


def seed_statement(session: Session, entries: dict[str, Any], now: datetime) -> int:  # Any: YAML
    """Store the statement of the seed and what it lists, unless there is one; how many were stored."""
    if statement(session) is not None:
        return 0
    session.add(AccessibilityStatement(id=THE_ONE, updated_at=now, **entries["statement"]))
    session.add_all(AccessibilityGap(updated_at=now, **entry) for entry in entries["gaps"])
    session.flush()
    return 1


def waiting(session: Session, now: datetime) -> Iterable[Chore]:
    """A statement that nobody has gone through for a year."""
    found = statement(session)
    old = found is not None and found.reviewed_on < stockholm_date(now) - REVIEW_AFTER
    yield Chore(TEXTS("chore_review"), int(old), PATH)

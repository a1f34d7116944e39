"""How the history of the statement is worded."""

from __future__ import annotations

from typing import Any

from sqlalchemy.orm import Session

from api.insight.accessibility.fields import COMPLIANCE, REASONS, TEXTS
from api.insight.accessibility.service import PATH, waiting
from api.insight.accessibility.tables import AccessibilityGap, AccessibilityStatement
from api.staff.chores import Chores
from api.staff.kept import Kept

CHORES = Chores(PATH, waiting)


def _of(pairs: list[tuple[str, str]]) -> Any:
    named = dict(pairs)

    def word(_: Session, value: Any) -> str:  # Any: JSON
        return named.get(value, str(value))

    return word


KEPT = (
    Kept(
        model=AccessibilityStatement,
        texts=TEXTS,
        title=lambda _: TEXTS("accessibility_statement_title"),
        address=lambda _: PATH,
        words={"compliance": _of(COMPLIANCE)},
    ),
    Kept(
        model=AccessibilityGap,
        texts=TEXTS,
        title=lambda row: str(row.title),
        address=lambda row: f"{PATH}/brister/{row.id}",
        words={"reason": _of(REASONS)},
    ),
)

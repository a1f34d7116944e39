"""How the history of answers is worded."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from api.chat.answers.fields import TEXTS
from api.chat.answers.listing import PATH
from api.guidance.tables import Answer
from api.replies import NextStep
from api.staff.kept import Kept


def _buttons(session: Session, choices: Any) -> str:  # Any: JSON
    titles = dict(session.execute(select(Answer.topic, Answer.title)).all())
    steps = [NextStep.model_validate(choice) for choice in choices]
    return "\n".join(TEXTS("button_line", title=s.title, goes=_goal(s, titles)) for s in steps)


def _goal(step: NextStep, titles: dict[str, str]) -> str:
    named = ", ".join(step.entities.values())
    title = titles.get(step.topic, step.topic)
    return f"{title} ({named})" if named else title


KEPT = (
    Kept(
        model=Answer,
        texts=TEXTS,
        title=lambda row: str(row.title),
        address=lambda row: f"{PATH}/{row.topic}",
        words={"choices": _buttons},
    ),
)

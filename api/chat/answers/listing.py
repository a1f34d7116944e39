"""The list of answers: words, filters and order. Pure but for reading the rows; there are some seventy."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from api.chat.answers.fields import TEXTS
from api.clock import stockholm_date
from api.folding import fold
from api.guidance.keeping.readable import Readable, readable
from api.guidance.tables import Answer
from api.staff.chores import Chore, Chores

PATH = "/personal/svar"

Filter = Literal["", "forsenade", "utan-kalla", "utan-latt", "svara"]
Order = Literal["granskning", "rubrik"]


@dataclass(frozen=True)
class AnswerRow:
    """An answer in the list."""

    answer: Answer
    text: Readable
    easy: Readable
    overdue: bool

    @property
    def heavy(self) -> bool:
        """Whether one of its texts is over its limit."""
        return self.text.over or self.easy.over


def rows(session: Session, today: date) -> list[AnswerRow]:
    """Every answer."""
    return [
        AnswerRow(
            answer,
            readable(answer.text, easy=False),
            readable(answer.easy, easy=True),
            answer.review_on is not None and answer.review_on <= today,
        )
        for answer in session.scalars(select(Answer))
    ]


def chosen(every: Iterable[AnswerRow], words: str, only: Filter, order: Order) -> list[AnswerRow]:
    """Those with all the words in them that pass the filter, in order; without a review date last."""
    wanted = fold(words).split()
    kept = [row for row in every if _passes(row, only) and all(word in _haystack(row.answer) for word in wanted)]
    by_title = sorted(kept, key=lambda row: fold(row.answer.title))
    return by_title if order == "rubrik" else sorted(by_title, key=lambda row: row.answer.review_on or date.max)


def counts(every: Iterable[AnswerRow]) -> dict[Filter, int]:
    """How many each filter lets through."""
    filters: tuple[Filter, ...] = ("", "forsenade", "utan-kalla", "utan-latt", "svara")
    kept = list(every)
    return {only: sum(1 for row in kept if _passes(row, only)) for only in filters}


def _passes(row: AnswerRow, only: Filter) -> bool:
    answer = row.answer
    return {
        "": True,
        "forsenade": row.overdue,
        "utan-kalla": not answer.source_title,
        "utan-latt": not answer.easy.strip(),
        "svara": row.heavy,
    }[only]


def _haystack(answer: Answer) -> str:
    return fold(
        f"{answer.title} {answer.topic.replace('_', ' ')} {answer.text} {answer.easy} {answer.source_title or ''}"
    )


def _overdue(session: Session, now: datetime) -> list[Chore]:
    count = session.scalar(select(func.count()).where(Answer.review_on <= stockholm_date(now))) or 0
    return [Chore(TEXTS("overdue"), count, f"{PATH}?visa=forsenade")]


CHORES = (Chores(PATH, _overdue),)

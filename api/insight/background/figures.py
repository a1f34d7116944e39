"""What people have answered about their background, by step of the chain, as it may be shown."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from api.insight.background.questions import questions
from api.insight.background.shares import told
from api.insight.background.tables import BackgroundCount
from api.insight.chain.tables import STEPS, Step
from api.insight.days import Period


@dataclass(frozen=True)
class Table:
    """One question: per cent by answer (None: too few to tell), and roughly how many answers that is of."""

    title: str
    lines: tuple[tuple[str, int | None], ...]
    about: int


@dataclass(frozen=True)
class Background:
    """What was answered after one step; without tables while too few have answered."""

    step: Step
    tables: tuple[Table, ...]


def background(session: Session, period: Period) -> list[Background]:
    """The answers of the months in the period, for each step that has any."""
    rows = session.execute(
        select(BackgroundCount.step, BackgroundCount.question, BackgroundCount.answer, func.sum(BackgroundCount.count))
        .where(BackgroundCount.month >= period.first.replace(day=1), BackgroundCount.month < period.end)
        .group_by(BackgroundCount.step, BackgroundCount.question, BackgroundCount.answer)
    )
    counts: dict[str, dict[str, dict[str, int]]] = {}
    for step, question, answer, count in rows:
        counts.setdefault(step, {}).setdefault(question, {})[answer] = int(count)
    return [Background(step, _tables(counts[step])) for step in STEPS if step in counts]


def _tables(counts: dict[str, dict[str, int]]) -> tuple[Table, ...]:
    tables = []
    for question in questions():
        known = told({answer: counts.get(question.key, {}).get(answer, 0) for answer in question.answers})
        if known is not None:
            lines = tuple((title, known.shares[answer]) for answer, title in question.answers.items())
            tables.append(Table(question.title, lines, known.about))
    return tuple(tables)

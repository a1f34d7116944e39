"""The chain as figures: each step by month and by node."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from api.catalogue.tables import Node
from api.insight.chain.tables import NO_NODE, STEPS, ChainCount, Step
from api.insight.days import Period

Counts = Mapping[Step, int]


@dataclass(frozen=True)
class MonthRow:
    """The steps of one month (its first day)."""

    month: date
    counts: Counts


@dataclass(frozen=True)
class NodeRow:
    """The steps at one node; `town` is empty for what belongs to none."""

    slug: str
    town: str
    counts: Counts


@dataclass(frozen=True)
class Chain:
    """A period: in all, by month and by node."""

    total: Counts
    months: tuple[MonthRow, ...]
    nodes: tuple[NodeRow, ...]


def chain(session: Session, period: Period, node: str | None = None) -> Chain:
    """The chain in a period; with `node` (a slug) what belongs to that node, in months too."""
    counts = _counted(session, period)
    ours = {key: n for key, n in counts.items() if node is None or key[2] == node}
    by_month: Counter[tuple[date, Step]] = Counter()
    by_node: Counter[tuple[str, Step]] = Counter()
    for (day, step, _), n in ours.items():
        by_month[day.replace(day=1), step] += n
    for (_, step, slug), n in counts.items():
        by_node[slug, step] += n
    towns = dict(session.execute(select(Node.slug, Node.town).order_by(Node.town)).all())
    gone = sorted({slug for slug, _ in by_node} - towns.keys() - {NO_NODE})
    slugs = [*towns, *gone, NO_NODE]
    return Chain(
        total={step: sum(by_month[month, step] for month in period.months()) for step in STEPS},
        months=tuple(MonthRow(month, {step: by_month[month, step] for step in STEPS}) for month in period.months()),
        nodes=tuple(
            NodeRow(slug, towns.get(slug, slug), {step: by_node[slug, step] for step in STEPS}) for slug in slugs
        ),
    )


def years(session: Session, today: date) -> list[int]:
    """The years with anything to show, latest first; always this one."""
    first = session.scalar(select(func.min(ChainCount.day)))
    return list(range(today.year, (first.year if first else today.year) - 1, -1))


def _counted(session: Session, period: Period) -> dict[tuple[date, Step, str], int]:
    rows = session.execute(
        select(ChainCount.day, ChainCount.step, ChainCount.node, ChainCount.count).where(
            ChainCount.day >= period.first, ChainCount.day < period.end
        )
    )
    return {(day, step, node): n for day, step, node, n in rows}

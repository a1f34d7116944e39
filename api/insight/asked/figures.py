"""What was asked in a period, all in all or by people who named one municipality. Reads the figures of the days.

For the whole region turns are counted. For a municipality only conversations are, never fewer than ten, and rounded:
a figure there is about few people.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from api.guidance.answers import FALLBACK_TOPIC
from api.insight.asked.periods import Period, place_of
from api.insight.asked.tables import PlaceDay, TopicDay
from api.insight.crossed_groups import crossed
from api.insight.small_groups import rounded, shown, suppressed


@dataclass(frozen=True)
class Line:
    """One topic in the whole region: turns, of each step too, thumbs, and talks that ended there in vain."""

    topic: str
    turns: int
    thumbs_up: int
    thumbs_down: int
    dead_ends: int
    steps: tuple[int, ...]


@dataclass(frozen=True)
class Region:
    """Everything that was asked in a period; topics with most turns first, then by name."""

    turns: int
    not_understood: int
    thumbs_up: int
    thumbs_down: int
    dead_ends: int
    steps: tuple[int, ...]
    missed_steps: tuple[int, ...]
    lines: tuple[Line, ...]

    @property
    def share_missed(self) -> int | None:
        """Per cent that was not understood; None when nothing was asked."""
        return round(100 * self.not_understood / self.turns) if self.turns else None


Shown = int | None
"""A number of conversations to the nearest five; None when it must not be told."""


@dataclass(frozen=True)
class PlaceLine:
    """One topic in one municipality: conversations, in all and of each step."""

    topic: str
    talks: Shown
    steps: tuple[Shown, ...]


@dataclass(frozen=True)
class OnePlace:
    """What was asked by those who named one municipality, in conversations: in all, by step and by topic."""

    talks: Shown
    steps: tuple[Shown, ...]
    lines: tuple[PlaceLine, ...]


_SUMS = (TopicDay.turns, TopicDay.thumbs_up, TopicDay.thumbs_down, TopicDay.dead_ends)


def region(session: Session, period: Period) -> Region:
    """Everything in the period, whatever place was named."""
    rows = session.execute(
        select(TopicDay.day, TopicDay.topic, *(func.sum(column) for column in _SUMS))
        .where(TopicDay.day.between(period.first, period.last))
        .group_by(TopicDay.day, TopicDay.topic)
    )
    sums: dict[str, list[int]] = defaultdict(lambda: [0] * len(_SUMS))
    steps: dict[str, list[int]] = defaultdict(lambda: [0] * len(period.steps))
    where = _places(period)
    for day, topic, *counts in rows:
        for place, count in enumerate(counts):
            sums[topic][place] += int(count)
        steps[topic][where[day]] += int(counts[0])
    lines = [
        Line(topic, turns, up, down, dead_ends, tuple(steps[topic]))
        for topic, (turns, up, down, dead_ends) in sums.items()
    ]
    return Region(
        turns=sum(line.turns for line in lines),
        not_understood=sums[FALLBACK_TOPIC][0] if FALLBACK_TOPIC in sums else 0,
        thumbs_up=sum(line.thumbs_up for line in lines),
        thumbs_down=sum(line.thumbs_down for line in lines),
        dead_ends=sum(line.dead_ends for line in lines),
        steps=tuple(map(sum, zip(*steps.values(), strict=True))) or (0,) * len(period.steps),
        missed_steps=tuple(steps.get(FALLBACK_TOPIC, [0] * len(period.steps))),
        lines=tuple(sorted(lines, key=lambda line: (-line.turns, line.topic))),
    )


def by_municipality(session: Session, period: Period) -> dict[str, Shown]:
    """Conversations that named each municipality, most first; those that must not be told last."""
    rows = session.execute(
        select(PlaceDay.municipality, func.sum(PlaceDay.talks))
        .where(PlaceDay.day.between(period.first, period.last))
        .group_by(PlaceDay.municipality)
    )
    return _told({name: int(count) for name, count in rows})


def large_enough(session: Session, first: date, last: date) -> frozenset[str]:
    """The municipalities that may be named beside a single message: told in the figures of these days."""
    counted = select(PlaceDay.municipality, func.sum(PlaceDay.talks)).where(PlaceDay.day.between(first, last))
    counts = {name: int(count) for name, count in session.execute(counted.group_by(PlaceDay.municipality))}
    return frozenset(name for name, count in suppressed(counts).items() if count is not None)


def one_place(session: Session, period: Period, municipality: str) -> OnePlace:
    """Conversations that named this municipality. By topic and step only what cannot be set against the totals of
    either (`crossed_groups`)."""
    in_period = PlaceDay.day.between(period.first, period.last), PlaceDay.municipality == municipality
    where = _places(period)
    steps = Counter[int]()
    for day, talks in session.execute(select(PlaceDay.day, PlaceDay.talks).where(*in_period)):
        steps[where[day]] += talks
    topics: dict[str, list[int]] = defaultdict(lambda: [0] * len(period.steps))
    asked = select(TopicDay.day, TopicDay.topic, TopicDay.talks).where(
        TopicDay.day.between(period.first, period.last), TopicDay.municipality == municipality
    )
    for day, topic, talks in session.execute(asked):
        topics[topic][where[day]] += talks
    total = shown(sum(steps.values()))
    if total is None:
        return OnePlace(None, (None,) * len(period.steps), ())
    told_steps = suppressed({number: steps[number] for number in range(len(period.steps))})
    told_topics = _told({topic: sum(counts) for topic, counts in topics.items()})
    cells = crossed(
        topics,
        {topic for topic, talks in told_topics.items() if talks is not None},
        {number for number, talks in told_steps.items() if talks is not None},
    )
    return OnePlace(
        talks=rounded(total),
        steps=tuple(rounded(told_steps[number]) for number in range(len(period.steps))),
        lines=tuple(PlaceLine(topic, talks, tuple(map(rounded, cells[topic]))) for topic, talks in told_topics.items()),
    )


def first_day(session: Session) -> date | None:
    """The first day with figures."""
    return session.scalar(select(func.min(TopicDay.day)))


def _told(counts: Mapping[str, int]) -> dict[str, Shown]:
    told = {name: rounded(count) for name, count in suppressed(counts).items()}
    return dict(sorted(told.items(), key=lambda item: (-(item[1] or -1), item[0])))


def _places(period: Period) -> dict[date, int]:
    days: Sequence[date] = [
        date.fromordinal(number) for number in range(period.first.toordinal(), period.last.toordinal() + 1)
    ]
    return {day: place_of(day, period.steps) for day in days}

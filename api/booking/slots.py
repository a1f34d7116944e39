"""Which times can be booked: weekly wall-clock rules and busy times in, moments in UTC out. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cache

import holidays

from api.clock import STOCKHOLM, stockholm_date

_NOON = time(12)


@dataclass(frozen=True, order=True)
class Span:
    """A half-open stretch of time, [start, end), in UTC."""

    start: datetime
    end: datetime

    def overlaps(self, other: Span) -> bool:
        return self.start < other.end and other.start < self.end


@dataclass(frozen=True)
class WeeklyHours:
    """Bookable hours on one weekday (0 is Monday), as wall clock in Stockholm."""

    weekday: int
    start: time
    end: time


@dataclass(frozen=True)
class Rules:
    """When one counsellor can be booked.

    `step` says how far apart meetings may start, `length` how long they are; `buffer` is kept free after each.
    `notice` is counted in real hours, `horizon_days` in calendar days in Sweden (today is day 0).
    """

    hours: tuple[WeeklyHours, ...]
    length: timedelta = timedelta(minutes=30)
    buffer: timedelta = timedelta(minutes=10)
    step: timedelta = timedelta(minutes=30)
    notice: timedelta = timedelta(hours=18)
    horizon_days: int = 45

    def block(self, start: datetime) -> Span:
        """What a meeting that starts at `start` takes of the counsellor's time: itself and the buffer after it."""
        return Span(start, start + self.length + self.buffer)


@cache
def closed_days(year: int) -> frozenset[date]:
    """Days in Sweden when nobody is booked.

    Public holidays and the de facto ones: `public` alone leaves julafton, midsommarafton and nyårsafton open.
    """
    return frozenset(holidays.country_holidays("SE", years=year, categories=("public", "de_facto")))


def free_slots(
    rules: Rules,
    busy: Iterable[Span],
    *,
    now: datetime,
    window: Span | None = None,
    closed: Callable[[int], frozenset[date]] = closed_days,
) -> list[Span]:
    """The meetings that can be booked, earliest first.

    `busy` are blocks already taken, buffers included. `window` narrows the start of the meetings, `closed` gives the
    days of a year without any; `now` and all results are in UTC. A wall-clock time that does not exist (spring) is
    left out, one that exists twice (autumn) is offered once, the first time.
    """
    taken = sorted(busy)
    earliest = now + rules.notice
    return [
        slot
        for slot in sorted(set(_within_hours(rules, now, window, closed)))
        if slot.start >= earliest
        and (window is None or window.start <= slot.start < window.end)
        and not any(rules.block(slot.start).overlaps(block) for block in taken)
    ]


def _within_hours(
    rules: Rules, now: datetime, window: Span | None, closed: Callable[[int], frozenset[date]]
) -> Iterator[Span]:
    first, last = stockholm_date(now), stockholm_date(now) + timedelta(days=rules.horizon_days)
    if window is not None:
        first, last = max(first, stockholm_date(window.start)), min(last, stockholm_date(window.end))
    for offset in range((last - first).days + 1):
        day = first + timedelta(days=offset)
        if day in closed(day.year):
            continue
        for period in rules.hours:
            if period.weekday == day.weekday():
                yield from _within_period(rules, day, period)


def _within_period(rules: Rules, day: date, period: WeeklyHours) -> Iterator[Span]:
    wall, closes = datetime.combine(day, period.start), datetime.combine(day, period.end)
    # A closing time in the hour that is skipped or doubled: the earlier reading, so that nobody is kept longer.
    closing = min(closes.replace(tzinfo=STOCKHOLM, fold=fold).astimezone(UTC) for fold in (0, 1))
    while wall < closes:
        start = wall.replace(tzinfo=STOCKHOLM).astimezone(UTC)
        exists = start.astimezone(STOCKHOLM).replace(tzinfo=None) == wall
        if exists and start + rules.length <= closing:
            yield Span(start, start + rules.length)
        wall += rules.step


def spread(slots: Sequence[Span], count: int = 3) -> list[Span]:
    """A few slots that give a real choice: the first possible, the first on another day, the first in the other half
    of the day; then the rest in order until there are `count`. Returned in time order."""
    ordered = sorted(slots)
    if not ordered:
        return []
    first = ordered[0]
    other_day = next((slot for slot in ordered if _day(slot) != _day(first)), None)
    other_half = next((slot for slot in ordered if _is_morning(slot) != _is_morning(first)), None)
    picked = dict.fromkeys(slot for slot in (first, other_day, other_half) if slot is not None)
    picked |= dict.fromkeys(ordered)
    return sorted(list(picked)[:count])


def _day(slot: Span) -> date:
    return stockholm_date(slot.start)


def _is_morning(slot: Span) -> bool:
    return slot.start.astimezone(STOCKHOLM).time() < _NOON

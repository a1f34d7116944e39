"""Which times can be booked: weekly wall-clock rules and busy times in, moments in UTC out. Pure."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import NamedTuple

from api.clock import STOCKHOLM, stockholm_date
from api.working_days import closed_days

_NOON = time(12)


class Span(NamedTuple):
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
class DayChange:
    """What differs on one date, as wall clock in Stockholm: hours that are bookable besides the weekly ones (`opens`)
    or closed; without times the whole day is closed."""

    day: date
    start: time | None = None
    end: time | None = None
    opens: bool = False


@dataclass(frozen=True)
class Rules:
    """When one counsellor can be booked.

    `step` says how far apart meetings may start, `length` how long they are; `buffer` is kept free after each.
    `notice` is counted in real hours, `horizon_days` in calendar days in Sweden (today is day 0). On `closed_on` nobody
    is booked; `open_on` are holidays that count as ordinary days. At most `daily_maximum` meetings begin on one day.
    Where rules disagree the closed one wins, so their order never matters. ValueError for lengths that make no sense.
    """

    hours: tuple[WeeklyHours, ...]
    length: timedelta = timedelta(minutes=30)
    buffer: timedelta = timedelta(minutes=10)
    step: timedelta = timedelta(minutes=30)
    notice: timedelta = timedelta(hours=18)
    horizon_days: int = 45
    changes: tuple[DayChange, ...] = ()
    closed_on: frozenset[date] = field(default=frozenset())
    open_on: frozenset[date] = field(default=frozenset())
    daily_maximum: int | None = None

    def __post_init__(self) -> None:
        if self.length <= timedelta(0) or self.step <= timedelta(0) or self.buffer < timedelta(0):
            raise ValueError("a meeting and the step between meetings take time")

    def block(self, start: datetime) -> Span:
        """What a meeting that starts at `start` takes of the counsellor's time: itself and the buffer after it."""
        return Span(start, start + self.length + self.buffer)


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
    holidays of a year; `now` and all results are in UTC. A wall-clock time that does not exist (spring) is left out,
    one that exists twice (autumn) is offered once, the first time.
    """
    taken = sorted(busy)
    earliest, latest = now + rules.notice, datetime.max.replace(tzinfo=UTC)
    if window is not None:
        earliest, latest = max(earliest, window.start), window.end
    starts = [start for day in _days(rules, taken, now, earliest, latest, closed) for start in _starts_on(rules, day)]
    starts = starts[bisect_left(starts, earliest) : bisect_left(starts, latest)]
    starts = _clear_of(starts, taken, rules.length + rules.buffer)
    return list(map(Span, starts, [start + rules.length for start in starts]))


class _Day(NamedTuple):
    """A day on which something may be offered, with its weekly hours ready as offsets from midnight."""

    day: date
    offsets: list[timedelta]
    changes: list[DayChange]


def _days(
    rules: Rules,
    taken: Sequence[Span],
    now: datetime,
    earliest: datetime,
    latest: datetime,
    closed: Callable[[int], frozenset[date]],
) -> Iterator[_Day]:
    """The days within horizon and window that are neither closed nor full, in order."""
    today = stockholm_date(now)
    last = today + timedelta(days=rules.horizon_days)
    if latest < datetime.max.replace(tzinfo=UTC):
        last = min(last, stockholm_date(latest))
    weekly = [_offsets([period for period in rules.hours if period.weekday == weekday], rules) for weekday in range(7)]
    changes: dict[date, list[DayChange]] = {}
    for change in rules.changes:
        changes.setdefault(change.day, []).append(change)
    full: set[date] = set()
    if rules.daily_maximum is not None:
        booked = Counter(stockholm_date(block.start) for block in taken)
        full = {day for day, count in booked.items() if count >= rules.daily_maximum}
    for ordinal in range(max(today, stockholm_date(earliest)).toordinal(), last.toordinal() + 1):
        day = date.fromordinal(ordinal)
        if day in rules.closed_on or day in full or (day in closed(day.year) and day not in rules.open_on):
            continue
        offsets = weekly[day.weekday()]
        if offsets or day in changes:
            yield _Day(day, offsets, changes.get(day, []))


def _starts_on(rules: Rules, day: _Day) -> list[datetime]:
    """When meetings may start on the day by its hours and exceptions, in order."""
    midnight = _midnight(day.day)
    if midnight is not None and not day.changes:
        return [midnight + offset for offset in day.offsets]
    if any(not change.opens and change.start is None for change in day.changes):
        return []
    periods: list[WeeklyHours | DayChange] = [row for row in rules.hours if row.weekday == day.day.weekday()]
    periods += [change for change in day.changes if change.opens]
    shut = [_widest(change) for change in day.changes if not change.opens]
    starts = {start for period in periods for start in _within_period(rules, day.day, period)}
    return sorted(
        start for start in starts if not any(Span(start, start + rules.length).overlaps(part) for part in shut)
    )


def _offsets(periods: Iterable[WeeklyHours], rules: Rules) -> list[timedelta]:
    """The starts that fit into the hours of an ordinary day, counted from midnight."""
    found = set()
    for period in periods:
        offset, closes = _from_midnight(period.start), _from_midnight(period.end)
        while offset + rules.length <= closes:
            found.add(offset)
            offset += rules.step
    return sorted(found)


def _from_midnight(clock: time) -> timedelta:
    return timedelta(hours=clock.hour, minutes=clock.minute, seconds=clock.second, microseconds=clock.microsecond)


@lru_cache(maxsize=4096)
def _midnight(day: date) -> datetime | None:
    """The moment when the day begins in Sweden; None for the two days a year when the clock is moved."""
    begins, ends = (datetime.combine(one, time(0), STOCKHOLM) for one in (day, day + timedelta(days=1)))
    return begins.astimezone(UTC) if begins.utcoffset() == ends.utcoffset() else None


def _readings(day: date, clock: time) -> tuple[datetime, datetime]:
    """The earlier and the later moment that a wall-clock time may mean: they differ where the clock is moved."""
    wall = datetime.combine(day, clock, STOCKHOLM)
    first, second = sorted(wall.replace(fold=fold).astimezone(UTC) for fold in (0, 1))
    return first, second


def _widest(change: DayChange) -> Span:
    """The closed part of a day as moments; where its ends have two readings, the ones that close more."""
    start, end = change.start or time.min, change.end or time.max
    return Span(_readings(change.day, start)[0], _readings(change.day, end)[1])


def _within_period(rules: Rules, day: date, period: WeeklyHours | DayChange) -> Iterator[datetime]:
    """The starts within one stretch of hours, also where the clock is moved."""
    if period.start is None or period.end is None:
        return
    wall, closes = datetime.combine(day, period.start), datetime.combine(day, period.end)
    # A closing time in the hour that is skipped or doubled: the earlier reading, so that nobody is kept longer.
    closing, _ = _readings(day, period.end)
    while wall < closes:
        start = wall.replace(tzinfo=STOCKHOLM).astimezone(UTC)
        exists = start.astimezone(STOCKHOLM).replace(tzinfo=None) == wall
        if exists and start + rules.length <= closing:
            yield start
        wall += rules.step


def _clear_of(starts: list[datetime], taken: Sequence[Span], needed: timedelta) -> list[datetime]:
    """The starts that leave `needed` time free of every taken block. Both are in order."""
    kept: list[datetime] = []
    position = 0
    for block in taken:
        first = bisect_right(starts, block.start - needed)
        kept += starts[position:first]
        position = max(position, bisect_left(starts, block.end))
    return kept + starts[position:]


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

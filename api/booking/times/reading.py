"""The grammar: what a person wrote about when they want to meet, as a wish. Pure.

The answer is a window and never a moment; free times are looked for inside it. Nothing is guessed: what is not
understood is left over and said to be.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date, timedelta

from api.booking.times.dates import coming_date, mark_dates
from api.booking.times.days import Dates, coming_weekday_of, read_days
from api.booking.times.hours import EVENING_BEGINS, Hours, Times, exactly, joined, mark_clock, office_hour, read_hours
from api.booking.times.scanner import Scanner
from api.booking.times.tokens import Days
from api.booking.times.vocabulary import fillers, symbols
from api.booking.times.windows import DAY_BEGINS, DAY_ENDS, EVERY_DAY, OPEN_END_DAYS, Order, Window, Wish, without

_LONGEST = 300
_SILENT = frozenset(
    {
        "NOT",
        "CANNOT",
        "AND",
        "OR",
        "IN",
        "CLOCK",
        "DAY",
        "THIS",
        "COMING",
        "FROM",
        "UNTIL",
        "WEEK",
        "PAST",
        "AFTER",
        "i",
        "ALLDAY",
    }
)
"""Symbols that say nothing when they stand alone."""


_POINTING = r" (?:ta|tar|tag|valjer|valj|den) (?:den )?(?:pa )?(?:WD|D\d|T\d)| (?:ta|tar|tag|valjer|valj) "


@dataclass(frozen=True)
class Reading:
    """`whole`: every word was about time. `by_clock`: a time of the clock was named. `by_day`: a day was.

    `exact`: the named time is when to meet, not a bound of it. `points`: one of several is meant ("ta den på torsdag").
    """

    wish: Wish
    whole: bool
    by_clock: bool
    by_day: bool
    exact: bool
    points: bool


@dataclass
class _Clause:
    """What stands between two "eller"."""

    dates: Dates
    times: Times
    order: Order | None
    left: list[str]
    other: date | None = None
    """A day that the same words may mean as well: "torsdag 10" is a time or the tenth."""

    @property
    def says_something(self) -> bool:
        return bool(self.dates.named or self.times.wanted or self.times.unwanted or self.order)


def read_time(text: str, today: date) -> Reading | None:
    """The wish in a typed text, counted from `today` (the day in Sweden); None when it says nothing about time."""
    line = symbols(text[:_LONGEST])
    # Days that are told up belong together; other alternatives are read each for itself.
    line = re.sub(r"(WDS?[0-6]) OR (pa )?(?=WDS?[0-6])", r"\1 AND ", line)
    line = re.sub(r"(NOT|CANNOT)((?: \S+)?) (\S+) OR ", r"\1\2 \3 AND ", line)
    clauses = [_clause(part, today) for part in re.split(r" OR |^OR | OR$", line)]
    clauses = _completed(clauses)
    saying = [clause for clause in clauses if clause.says_something]
    if not saying:
        return None
    windows = tuple(dict.fromkeys(window for clause in saying for window in _windows(clause, today)))
    if not windows:
        return None
    order = next((clause.order for clause in saying if clause.order), None)
    if order is None and all(window.begins >= EVENING_BEGINS for window in windows):
        order = "latest"
    return Reading(
        Wish(windows, order or "spread", any(clause.dates.doubtful for clause in saying)),
        whole=not any(clause.left for clause in clauses),
        by_clock=any(clause.times.by_clock for clause in saying),
        by_day=any(clause.dates.named for clause in saying),
        exact=any(clause.times.exact for clause in saying),
        points=re.search(_POINTING, f" {line} ") is not None,
    )


def _clause(line: str, today: date) -> _Clause:
    scan = Scanner(line)
    order: Order | None = "earliest" if list(scan.take("SOON")) else None
    if list(scan.take("ANY")):
        order = order or "spread"
    mark_dates(scan, today)
    mark_clock(scan)
    named_day = scan.has(r"(?:D\d{8}|WD[0-6])")
    is_tomorrow = not named_day and scan.has("MORNING_BARE") and scan.has(r"(?:T\d{4}|FORENOON|AFTERNOON|AFTERLUNCH)")
    tomorrow = today + timedelta(days=1)
    scan.change("MORNING_BARE", lambda _: f"D{tomorrow:%Y%m%d}" if is_tomorrow else "MORNING")
    before = scan.line
    dates = read_days(scan, today)
    times = read_hours(scan)
    other = _bare_number(scan, before, dates, times, today)
    left = [word for word in scan.left if word not in fillers() and word not in _SILENT]
    return _Clause(dates, times, order, left, other)


def _bare_number(scan: Scanner, before: str, dates: Dates, times: Times, today: date) -> date | None:
    """A number alone: "10" is an hour and "26" a day; "torsdag 10" may be either, then the day is returned."""
    numbers = [word for word in scan.left if word.isdecimal()]
    others = [word for word in scan.left if not word.isdecimal() and word not in fillers() and word not in _SILENT]
    if len(numbers) != 1 or others or times.by_clock:
        return None
    value = int(numbers[0])
    hour, day = office_hour(value), coming_date(value, today) if 1 <= value <= 31 else None
    weekday = coming_weekday_of(before, today)
    named_once = weekday is not None and dates.wanted == [(weekday, weekday)]
    if " CLOCK " in f" {before} ":
        day = None
    agrees = day is not None and weekday is not None and day.weekday() == weekday.weekday() and named_once
    if hour:
        times.wanted, times.by_clock, times.exact = [exactly(hour)], True, True
        dates.doubtful = dates.doubtful or agrees
    elif day and (agrees or not dates.wanted):
        dates.wanted = [(day, day)]
    else:
        return None
    list(scan.take(numbers[0]))
    return day if agrees and hour else None


def _completed(clauses: list[_Clause]) -> list[_Clause]:
    """Clauses with what they leave unsaid: days from the clause before, or else after; hours from one after."""
    for place, clause in enumerate(clauses):
        if not clause.says_something:
            continue
        if not clause.dates.named:
            near = [other for other in (*reversed(clauses[:place]), *clauses[place + 1 :]) if other.dates.named]
            clause.dates = near[0].dates if near else clause.dates
        if not clause.times.wanted and not clause.times.unwanted:
            later = [other for other in clauses[place + 1 :] if other.times.wanted]
            clause.times = later[0].times if later else clause.times
    return clauses


def _windows(clause: _Clause, today: date) -> list[Window]:
    dates, times = clause.dates, clause.times
    weekdays = frozenset(dates.weekdays or EVERY_DAY) - dates.unwanted_weekdays
    spans = [
        _single(span, weekdays) for span in _less(_onwards(_met(dates, today)), _onwards(dates.unwanted)) if weekdays
    ]
    hours: list[Hours | None] = [*joined(times.wanted)] or [None]
    windows = [
        Window(first, last, *(hour or (DAY_BEGINS, DAY_ENDS)), _relevant(first, last, weekdays))
        for first, last in spans
        for hour in hours
    ]
    if clause.other:
        windows.append(Window(clause.other, clause.other))
    for begins, ends in times.unwanted:
        # Before eight and after the last office hour nobody meets: "inte på morgonen" leaves what comes later.
        windows = [one for one in without(windows, begins, ends) if one.ends > begins.replace(hour=8, minute=0)]
    return windows


def _relevant(first: date, last: date, weekdays: frozenset[int]) -> frozenset[int]:
    """A day of its own needs no day of the week beside it, except when it is one to keep out of."""
    return EVERY_DAY if first == last and first.weekday() in weekdays else weekdays


def _single(span: Days, weekdays: frozenset[int]) -> Days:
    """A week of which one day is meant, as that day."""
    if len(weekdays) > 1 or (span[1] - span[0]).days >= len(EVERY_DAY):
        return span
    days = (span[0] + timedelta(days=step) for step in range((span[1] - span[0]).days + 1))
    day = next((day for day in days if day.weekday() in weekdays), None)
    return (day, day) if day else span


def _met(dates: Dates, today: date) -> list[Days]:
    """The stretches of days; an open beginning and an open end that meet become one stretch."""
    end = today + timedelta(days=OPEN_END_DAYS)
    if not dates.wanted:
        return [(today, end)]
    open_ends = [span for span in dates.wanted if span[1] == end]
    others = [span for span in dates.wanted if span[1] != end]
    if len(open_ends) == 1 and len(others) == 1 and open_ends[0][0] <= others[0][1] and not dates.doubtful:
        return [(max(open_ends[0][0], others[0][0]), others[0][1])]
    return dates.wanted


def _onwards(spans: list[Days]) -> list[Days]:
    """An open end lies as far ahead as anybody books; "från 1 mars 2028" begins after that and goes on as long."""
    return [(first, last if last >= first else first + timedelta(days=OPEN_END_DAYS)) for first, last in spans]


def _less(spans: list[Days], unwanted: list[Days]) -> list[Days]:
    """The stretches of days without the unwanted ones."""
    one_day = timedelta(days=1)
    for gone_first, gone_last in unwanted:
        left: list[Days] = []
        for first, last in spans:
            if first < gone_first:
                left.append((first, min(last, gone_first - one_day)))
            if last > gone_last:
                left.append((max(first, gone_last + one_day), last))
        spans = left
    return spans


def merged(wish: Wish, more: Wish) -> Wish:
    """The wish before with what was said now: "efter lunch" on the day that was named, "inte fredag" in that week.

    What names days of its own, or takes everything back ("när som helst"), stands alone.
    """
    plain = (DAY_BEGINS, DAY_ENDS, EVERY_DAY)
    says_less = all(window.is_open for window in more.windows)
    says_nothing = all((window.begins, window.ends, window.weekdays) == plain for window in more.windows)
    if not says_less or says_nothing or all(window.is_open for window in wish.windows):
        return more
    windows = [_both(old, new) for old in wish.windows for new in more.windows]
    met = tuple(dict.fromkeys(window for window in windows if window))
    return replace(more, windows=met, doubtful=wish.doubtful) if met else more


def _both(old: Window, new: Window) -> Window | None:
    """The old window's days with the new one's hours, if any, and days of the week; None when no day is left."""
    hours = (new.begins, new.ends)
    begins, ends = (old.begins, old.ends) if hours == (DAY_BEGINS, DAY_ENDS) else hours
    weekdays = old.weekdays & new.weekdays
    length = (old.last - old.first).days + 1
    fits = any((old.first + timedelta(days=step)).weekday() in weekdays for step in range(min(length, len(EVERY_DAY))))
    return replace(old, begins=begins, ends=ends, weekdays=weekdays) if fits else None

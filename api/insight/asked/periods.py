"""The periods that figures are shown for: the last four weeks, a month, a year. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from api.swedish_dates import month_name
from api.texts import Texts

_TEXTS = Texts.beside(__file__)
WEEKS = 4
_MONTH = re.compile(r"(20\d\d)-(0[1-9]|1[0-2])")
_YEAR = re.compile(r"20\d\d")


@dataclass(frozen=True)
class Step:
    """A part of a period, both days included: one bar of the chart, one row of the table."""

    title: str
    short: str
    first: date
    last: date


@dataclass(frozen=True)
class Period:
    """Days from `first` to `last`, both included. `key` stands in addresses; empty for the last four weeks."""

    key: str
    title: str
    first: date
    last: date
    steps: tuple[Step, ...]


def period(key: str, today: date) -> Period:
    """The period that `key` names, such as `2026-11` or `2026`, as far as it has come.

    For anything else, or what has not begun, the last four weeks up to today.
    """
    if (found := _MONTH.fullmatch(key)) and (first := date(int(found[1]), int(found[2]), 1)) <= today:
        last = min(_month_end(first), today)
        return Period(key, _month(first), first, last, _weeks(first, last))
    if _YEAR.fullmatch(key) and int(key) <= today.year:
        months = [one for number in range(1, 13) if (one := date(int(key), number, 1)) <= today]
        ends = [min(_month_end(one), today) for one in months]
        steps = [Step(_month(one), month_name(one.month)[:3], one, end) for one, end in zip(months, ends, strict=True)]
        return Period(key, key, months[0], ends[-1], tuple(steps))
    first = today - timedelta(days=7 * WEEKS - 1)
    return Period("", _TEXTS("weeks"), first, today, _weeks(first, today))


def choices(oldest: date, today: date) -> list[tuple[str, str]]:
    """(key, title) of every period since `oldest`, the latest first: weeks, years, months."""
    months = [date(year, number, 1) for year in range(oldest.year, today.year + 1) for number in range(1, 13)]
    months = [one for one in reversed(months) if _month_end(one) >= oldest and one <= today]
    years = sorted({one.year for one in months}, reverse=True)
    return [("", _TEXTS("weeks")), *((str(y), str(y)) for y in years), *((f"{m:%Y-%m}", _month(m)) for m in months)]


def place_of(day: date, steps: Sequence[Step]) -> int:
    """Which of the steps a day lies in. ValueError for a day outside them."""
    return next(number for number, step in enumerate(steps) if step.first <= day <= step.last)


def _month(first: date) -> str:
    return f"{month_name(first.month)} {first.year}"


def _month_end(first: date) -> date:
    return (first.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)


def _weeks(first: date, last: date) -> tuple[Step, ...]:
    """Seven days each from `first` on; the last one may be shorter."""
    starts = [first + timedelta(days=7 * number) for number in range(((last - first).days // 7) + 1)]
    parts = [(start, min(start + timedelta(days=6), last)) for start in starts]
    return tuple(
        Step(_TEXTS("days", first=_day(begin), last=_day(end)), _day(begin), begin, end) for begin, end in parts
    )


def _day(value: date) -> str:
    return f"{value.day}/{value.month}"

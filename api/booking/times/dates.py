"""Dates, weeks and months in the words of the grammar: "12/1", "v 48", "om tre dagar", "i slutet av november". Pure.

Counted from `today`, the day in Sweden.
"""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date, timedelta

from api.booking.times.scanner import NUMBER, Scanner, number
from api.booking.times.tokens import SEVEN, SPAN, coming_weekday, date_token, day_token, parse, span, span_token
from api.booking.times.windows import OPEN_END_DAYS

_YEAR = r"(?: (20\d\d))?"
_SATURDAY = 5
_MONTHS_IN_A_YEAR = 12
_SOME_DAYS = {1: 1, 2: 3, 3: 3}
"""Weeks ahead → days before and after that still fit: the further ahead, the vaguer."""


def mark_dates(scan: Scanner, today: date) -> None:
    """Put `D20261126` or `S20261123-20261129` in the place of everything that is a date, a week or a month."""
    scan.change(r"(\d{4})-(\d\d?)-(\d\d?)", lambda m: date_token(int(m[1]), int(m[2]), int(m[3])))
    scan.change(r"(?:den )?(\d\d?)/(\d\d?)(?:[/-](\d{2,4}))?", lambda m: _by_slash(m, today))
    scan.change(
        rf"(?:den )?(\d\d?)(?::e)? (?:-|UNTIL|AND) (?:den )?(\d\d?)(?::e)? MON(\d+){_YEAR}",
        lambda m: _two_dates(int(m[1]), int(m[2]), int(m[3]), today),
    )
    scan.change(rf"(?:den )?(\d\d?)(?::e)? MON(\d+){_YEAR}", lambda m: _coming(int(m[1]), int(m[2]), m[3], today))
    scan.change(rf"(?:den )?ORD(\d+) MON(\d+){_YEAR}", lambda m: _coming(int(m[1]), int(m[2]), m[3], today))
    scan.change(rf"MON(\d+) (?:den )?(\d\d?)(?::e)?{_YEAR}", lambda m: _coming(int(m[2]), int(m[1]), m[3], today))
    scan.change(r"den (\d\d?)[.](\d\d?)", lambda m: _coming(int(m[1]), int(m[2]), None, today))
    scan.change(r"(\d\d?)[.](\d\d?)(?= )", lambda m: _by_point(m, today))
    scan.change(
        r"den (\d\d?)(?::e)?|(\d\d?):e|den ORD(\d+)", lambda m: next_day_called(int(m[1] or m[2] or m[3]), today)
    )
    _mark_relative(scan, today)
    _mark_weeks(scan, today)
    _mark_months(scan, today)


def coming_date(day: int, today: date) -> date | None:
    """The next day of that number in a month, today included."""
    token = next_day_called(day, today)
    return parse(token[1:]) if token else None


def _mark_relative(scan: Scanner, today: date) -> None:
    scan.change("TODAY", lambda _: day_token(today))
    scan.change("TOMORROW", lambda _: day_token(today + timedelta(days=1)))
    scan.change("DAYAFTER", lambda _: day_token(today + timedelta(days=2)))
    scan.change("THISEVENING", lambda _: f"{day_token(today)} EVENING")
    scan.change("THISAFTERNOON", lambda _: f"{day_token(today)} AFTERNOON")
    scan.change("THISFORENOON", lambda _: f"{day_token(today)} FORENOON")
    scan.change(r"IN (?:ett )?2 DAY", lambda _: _around(today + timedelta(days=2), 0))
    scan.change(rf"IN ({NUMBER}) DAY", lambda m: day_token(today + timedelta(days=number(m[1]))))
    # "torsdag om två veckor" is read with its weekday.
    scan.change(
        rf"(?<!WD[0-6] )IN (?:ett )?({NUMBER}) WEEK",
        lambda m: _around(today + number(m[1]) * SEVEN, _SOME_DAYS.get(number(m[1]), 4)),
    )
    scan.change(rf"IN ({NUMBER}) MONTH", lambda m: _around(_months_on(today, number(m[1])), 5))
    scan.change("BEFORE_CHRISTMAS", lambda _: span_token(today, _next_date(12, 23, today)))
    scan.change("AFTER NEWYEAR", lambda _: _after(_next_date(1, 1, today)))
    scan.change("AFTER CHRISTMAS", lambda _: _after(_next_date(12, 26, today)))


def _mark_weeks(scan: Scanner, today: date) -> None:
    monday = today - timedelta(days=today.weekday())
    scan.change(r"WEEK (\d\d?) (?:-|AND|UNTIL) (?:WEEK )?(\d\d?)", lambda m: _weeks(int(m[1]), int(m[2]), today))
    scan.change(r"WEEK (\d\d?)", lambda m: _weeks(int(m[1]), int(m[1]), today))
    scan.change("AFTERNEXT", lambda _: span_token(monday + 2 * SEVEN, monday + 2 * SEVEN + timedelta(days=6)))
    scan.change("NEXT WEEK", lambda _: span_token(monday + SEVEN, monday + SEVEN + timedelta(days=6)))
    scan.change("COMING WEEK", lambda _: span_token(today + timedelta(days=1), today + SEVEN))
    scan.change("INWEEK|THIS WEEK", lambda _: span_token(today, monday + timedelta(days=6)))
    saturday = today if today.weekday() > _SATURDAY else coming_weekday(_SATURDAY, today - timedelta(days=1))
    weekend = span_token(saturday, saturday + timedelta(days=6 - saturday.weekday()))
    scan.change("AFTER WEEKEND", lambda _: _after(saturday + timedelta(days=6 - saturday.weekday())))
    scan.change(
        "(?<!NOT )(?<!NOT pa )(?<!CANNOT )(?<!CANNOT pa )(?:NEXT |COMING |THIS |i |pa )?WEEKEND", lambda _: weekend
    )
    _mark_parts(scan)
    scan.change(
        "START WEEK", lambda _: _part_of(f"{monday + SEVEN:%Y%m%d}", f"{monday + timedelta(days=13):%Y%m%d}", 0)
    )
    scan.change("MIDDLE WEEK", lambda _: _weekday_token(2, today))
    scan.change("END WEEK", lambda _: span_token(max(today, monday + timedelta(days=3)), monday + timedelta(days=4)))


def _mark_months(scan: Scanner, today: date) -> None:
    scan.change("NEXT MONTH", lambda _: _month(_months_on(today, 1).month, today, begun_counts=False))
    scan.change("THIS MONTH", lambda _: _month(today.month, today))
    scan.change(rf"(?:i |under |NEXT |UNTIL |COMING )MON(\d+){_YEAR}", lambda m: _month(int(m[1]), today, year=m[2]))
    scan.change(
        rf"(?<=START )MON(\d+){_YEAR}|(?<=MIDDLE )MON(\d+)|(?<=END )MON(\d+)",
        lambda m: _month(int(m[1] or m[3] or m[4]), today),
    )
    _mark_parts(scan)


def _mark_parts(scan: Scanner) -> None:
    scan.change(rf"START (?:av )?{SPAN}", lambda m: _part_of(m[1], m[2], 0))
    scan.change(rf"MIDDLE (?:av )?{SPAN}", lambda m: _part_of(m[1], m[2], 1))
    scan.change(rf"END (?:av )?{SPAN}", lambda m: _part_of(m[1], m[2], 2))


def _weeks(first: int, last: int, today: date) -> str | None:
    """ISO weeks: this year's, or next year's when they are over. A week 53 that a year lacks is the week after 52."""
    if not (1 <= first <= 53 and 1 <= last <= 53):
        return None
    year = today.isocalendar().year
    begins = date.fromisocalendar(year, 1, 1) + (first - 1) * SEVEN
    if begins + timedelta(days=6) < today:
        begins = date.fromisocalendar(year + 1, 1, 1) + (first - 1) * SEVEN
    return span_token(begins, begins + (last - first) % 53 * SEVEN + timedelta(days=6))


def _by_slash(match: re.Match[str], today: date) -> str | None:
    day, month, year = int(match[1]), int(match[2]), match[3]
    if month > _MONTHS_IN_A_YEAR >= day:
        day, month = month, day
    if year and len(year) == 2:
        year = f"20{year}"
    return _coming(day, month, year, today)


def _by_point(match: re.Match[str], today: date) -> str | None:
    """ "26.11" is a day, "9.30" a time: what can be no quarter of an hour is taken for a day."""
    minutes = match[2]
    if len(minutes) == 2 and int(minutes) % 5 == 0:
        return None
    return _coming(int(match[1]), int(minutes), None, today)


def _two_dates(first: int, last: int, month: int, today: date) -> str | None:
    begins, ends = _coming(first, month, None, today), _coming(last, month, None, today)
    return f"S{begins[1:]}-{ends[1:]}" if begins and ends and begins <= ends else None


def _coming(day: int, month: int, year: str | None, today: date) -> str | None:
    """The next time that the date comes round, or that of the year."""
    if year:
        return date_token(int(year), month, day)
    for later in range(9):  # 29 February may be eight years off
        token = date_token(today.year + later, month, day)
        if token and token >= day_token(today):
            return token
    return None


def _next_date(month: int, day: int, today: date) -> date:
    this = date(today.year, month, day)
    return this if this >= today else date(today.year + 1, month, day)


def next_day_called(day: int, today: date) -> str | None:
    for later in range(_MONTHS_IN_A_YEAR):
        month = _months_on(today.replace(day=1), later)
        token = date_token(month.year, month.month, day)
        if token and token >= day_token(today):
            return token
    return None


def _month(month: int, today: date, *, year: str | None = None, begun_counts: bool = True) -> str | None:
    chosen = int(year) if year else today.year + (month < today.month or (month == today.month and not begun_counts))
    if not 1 <= month <= _MONTHS_IN_A_YEAR:
        return None
    first = date(chosen, month, 1)
    return span_token(first, first.replace(day=monthrange(chosen, month)[1]))


def _months_on(day: date, months: int) -> date:
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def _part_of(first: str, last: str, part: int) -> str:
    """The first, the middle or the last third of a stretch of days; of a week its working days."""
    begins, ends = span(first, last)
    if (ends - begins).days < 7:
        offsets = ((0, 1), (2, 2), (3, 4))[part]
        return span_token(begins + timedelta(days=offsets[0]), begins + timedelta(days=offsets[1]))
    third = timedelta(days=(ends - begins).days // 3)
    edges = (begins, begins + third, ends - third, ends)
    return span_token(edges[part], edges[part + 1])


def _around(day: date, days: int) -> str:
    near = timedelta(days=days)
    return day_token(day) if not days else span_token(day - near, day + near)


def _after(day: date) -> str:
    return span_token(day + timedelta(days=1), day + timedelta(days=OPEN_END_DAYS))


def _weekday_token(weekday: int, today: date) -> str:
    return day_token(coming_weekday(weekday, today))

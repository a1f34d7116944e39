"""Which days people in Sweden are at work. Pure."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from functools import cache

import holidays

from api.clock import STOCKHOLM, stockholm_date

_DAY_ENDS = time(17)
"""Wall clock in Stockholm."""


@cache
def closed_days(year: int) -> frozenset[date]:
    """Days in Sweden when nobody is at work, weekends aside.

    Public holidays and the de facto ones: `public` alone leaves julafton, midsommarafton and nyårsafton open.
    """
    return frozenset(holidays.country_holidays("SE", years=year, categories=("public", "de_facto")))


def is_working_day(day: date) -> bool:
    """Monday to Friday, holidays aside."""
    return day.weekday() < 5 and day not in closed_days(day.year)


def working_days_later(day: date, count: int) -> date:
    """The `count`-th working day after `day`; with 0 the day itself."""
    while count > 0:
        day += timedelta(days=1)
        count -= is_working_day(day)
    return day


def end_of_working_day(moment: datetime, count: int) -> datetime:
    """The end (17.00 in Stockholm) of the `count`-th working day after the one of `moment`; in UTC."""
    day = working_days_later(stockholm_date(moment), count)
    return datetime.combine(day, _DAY_ENDS, STOCKHOLM).astimezone(UTC)

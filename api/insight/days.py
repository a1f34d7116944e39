"""Days, months and years in Sweden, as moments and as periods. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from api.clock import STOCKHOLM

FIRST_YEAR = 2020
"""Before this there is nothing to count."""


def begins(day: date) -> datetime:
    """The moment (UTC) when a day begins in Sweden."""
    return datetime.combine(day, time.min, STOCKHOLM).astimezone(UTC)


@dataclass(frozen=True)
class Period:
    """Days from `first` up to, and not including, `end`."""

    first: date
    end: date

    @property
    def last(self) -> date:
        """The last day that belongs to it."""
        return self.end - timedelta(days=1)

    @property
    def moments(self) -> tuple[datetime, datetime]:
        """When it begins, and when it is over (UTC)."""
        return begins(self.first), begins(self.end)

    def __contains__(self, day: date) -> bool:
        return self.first <= day < self.end

    def until(self, day: date) -> Period:
        """The part of it that lies before `day`."""
        return Period(self.first, max(self.first, min(self.end, day)))

    def months(self) -> Iterator[date]:
        """The first day of each month that has a day in it."""
        month = self.first.replace(day=1)
        while month < self.end:
            yield month
            month = next_month(month)


def next_month(month: date) -> date:
    """The first day of the month after the one that `month` lies in."""
    return (month.replace(day=1) + timedelta(days=32)).replace(day=1)


def month_of(first: date) -> Period:
    """The month that begins on `first`."""
    return Period(first, next_month(first))


def year_of(year: int) -> Period:
    """A calendar year."""
    return Period(date(year, 1, 1), date(year + 1, 1, 1))


def year_before(period: Period) -> Period:
    """The same days a year earlier, for periods within one year that begin with it."""
    end = period.end
    leap_day = (end.month, end.day) == (2, 29)
    return Period(
        period.first.replace(year=period.first.year - 1),
        date(end.year - 1, 3, 1) if leap_day else end.replace(year=end.year - 1),
    )

"""Days as symbols of the grammar: `D20261126` is a day, `S20261123-20261129` a stretch of days. Pure."""

from __future__ import annotations

from datetime import date, timedelta

Days = tuple[date, date]
DATE = r"D(\d{8})"
SPAN = r"S(\d{8})-(\d{8})"
WEEKDAY = r"WD([0-6])"
DAY = r"(?:D\d{8}|WD[0-6])"
SEVEN = timedelta(days=7)


def day_token(day: date) -> str:
    return f"D{day:%Y%m%d}"


def span_token(first: date, last: date) -> str:
    return f"S{first:%Y%m%d}-{last:%Y%m%d}"


def date_token(year: int, month: int, day: int) -> str | None:
    try:
        return day_token(date(year, month, day))
    except ValueError:
        return None


def parse(digits: str) -> date:
    return date(int(digits[:4]), int(digits[4:6]), int(digits[6:8]))


def span(first: str, last: str) -> Days:
    return parse(first), parse(last)


def coming_weekday(weekday: int, today: date) -> date:
    """The next such day after today: who means today says "i dag"."""
    return today + timedelta(days=(weekday - today.weekday() - 1) % 7 + 1)

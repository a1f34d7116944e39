"""Dates and times in words, the way Swedes write them. Pure; moments are aware and shown as Stockholm wall clock."""

from __future__ import annotations

from datetime import date, datetime

from api.clock import STOCKHOLM

_MONTHS = (
    "januari",
    "februari",
    "mars",
    "april",
    "maj",
    "juni",
    "juli",
    "augusti",
    "september",
    "oktober",
    "november",
    "december",
)
_WEEKDAYS = ("måndag", "tisdag", "onsdag", "torsdag", "fredag", "lördag", "söndag")


def day(value: date, *, year: bool = True) -> str:
    """`11 januari 2027`."""
    return f"{value.day} {_MONTHS[value.month - 1]}" + (f" {value.year}" if year else "")


def moment(value: datetime) -> str:
    """`26 november 2026 kl. 13.05`."""
    local = value.astimezone(STOCKHOLM)
    return f"{day(local.date())} kl. {local:%H.%M}"


def weekday_name(number: int) -> str:
    """`torsdag` for 3; 0 is Monday."""
    return _WEEKDAYS[number]


def month_name(number: int) -> str:
    """`november` for 11."""
    return _MONTHS[number - 1]


def long_day(value: date) -> str:
    """`torsdag 26 november`."""
    return f"{_WEEKDAYS[value.weekday()]} {day(value, year=False)}"


def short_day(value: date) -> str:
    """`tors 26 nov`, for buttons."""
    name, month = _WEEKDAYS[value.weekday()], _MONTHS[value.month - 1]
    weekday = {"torsdag": "tors", "tisdag": "tis"}.get(name, name[:3])
    return f"{weekday} {value.day} {month if len(month) <= 4 else month[:3]}"


def long_time(start: datetime, end: datetime) -> str:
    """`torsdag 26 november kl. 13.00–13.30`."""
    return f"{long_day(start.astimezone(STOCKHOLM).date())} {_hours(start, end)}"


def short_time(start: datetime, end: datetime) -> str:
    """`tors 26 nov kl. 13.00–13.30`, for buttons."""
    return f"{short_day(start.astimezone(STOCKHOLM).date())} {_hours(start, end)}"


def _hours(start: datetime, end: datetime) -> str:
    return f"kl. {start.astimezone(STOCKHOLM):%H.%M}–{end.astimezone(STOCKHOLM):%H.%M}"

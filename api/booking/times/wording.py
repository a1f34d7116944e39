"""A wish for a time in words: `torsdag 26 november mellan kl. 13.00 och 17.00`. Pure."""

from __future__ import annotations

from datetime import date, time, timedelta

from api.booking.times.hours import exactly
from api.booking.times.windows import DAY_BEGINS, DAY_ENDS, EVERY_DAY, Window, Wish
from api.swedish_dates import day, long_day, weekday_name
from api.texts import Texts, enumerated

_texts = Texts.beside(__file__)
_FAR_OFF = timedelta(days=200)
_MOST_PARTS = 3
_QUARTER = 5
"""Minutes: nobody names a time in between."""


def describe(wish: Wish, today: date) -> str:
    """What stands after "lediga tider". Empty for a wish that any time fulfils, or that takes too long to say."""
    parts = list(dict.fromkeys(_window(window, today) for window in wish.windows))
    return _texts("or").join(parts) if len(parts) <= _MOST_PARTS and all(parts) else ""


def days_named(wish: Wish) -> str:
    """The first days of the windows: `torsdag 26 november eller torsdag 3 december`."""
    return _texts("or").join(dict.fromkeys(long_day(window.first) for window in wish.windows))


def _window(window: Window, today: date) -> str:
    days, hours = _days(window, today), _hours(window.begins, window.ends)
    return _texts("of_both", days=days, hours=hours) if days and hours else days or hours


def _days(window: Window, today: date) -> str:
    if window.first == window.last:
        name = long_day(window.first)
        return f"{name} {window.first.year}" if window.first - today > _FAR_OFF else _texts("day", day=name)
    only = sorted(window.weekdays)
    which = ""
    if only == list(range(5)):
        which = _texts("workdays")
    elif 0 < len(only) < len(EVERY_DAY):
        missing = sorted(EVERY_DAY - window.weekdays)
        few = only if len(only) <= len(missing) else missing
        key = "weekdays" if few is only else "not_weekdays"
        which = _texts(key, days=enumerated([_texts("plural", day=weekday_name(one)) for one in few]))
    return " ".join(part for part in (_stretch(window, today), which) if part)


def _stretch(window: Window, today: date) -> str:
    if window.is_open:
        return _texts("every_day")
    sunday = window.last.weekday() == max(EVERY_DAY)
    whole_week = window.first.weekday() == 0 or window.first == today
    if (
        sunday
        and whole_week
        and window.last - window.first < timedelta(days=7)
        and window.first.weekday() < max(EVERY_DAY) - 1
    ):
        return _texts("week", week=window.first.isocalendar().week)
    return _texts("days", first=day(window.first, year=False), last=day(window.last, year=False))


def _hours(begins: time, ends: time) -> str:
    said_begins, said_ends = f"{begins:%H.%M}", f"{ends:%H.%M}"
    if (begins, ends) == (DAY_BEGINS, DAY_ENDS):
        return ""
    if (begins, ends) == exactly(begins):
        return _texts("at", begins=said_begins)
    if begins == DAY_BEGINS and ends.minute % _QUARTER:  # up to and with a clock time
        return _texts("latest", ends=f"{ends.replace(minute=ends.minute - 1):%H.%M}")
    if begins == DAY_BEGINS:
        return _texts("before", ends=said_ends)
    if ends == DAY_ENDS:
        return _texts("after", begins=said_begins)
    return _texts("between", begins=said_begins, ends=said_ends)

"""A reading in the short form of phrases.yml, so that a table of them can be read by people."""

from __future__ import annotations

from api.booking.times.reading import Reading
from api.booking.times.windows import DAY_BEGINS, DAY_ENDS, EVERY_DAY, Window

_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_ORDERS = {"spread": "", "earliest": " first", "latest": " last"}


def shorthand(reading: Reading | None) -> str:
    """`2026-11-26 13:00-17:00`; alternatives are joined by `or`, what was not understood whole ends with `…`."""
    if reading is None:
        return "nothing"
    wish = reading.wish
    text = " or ".join(map(_window, wish.windows)) + _ORDERS[wish.order]
    return text + (" ?" if wish.doubtful else "") + ("" if reading.whole else " …")


def _window(window: Window) -> str:
    last = "" if window.is_open else f"{window.last}"
    days = f"{window.first}" if window.first == window.last else f"{window.first}..{last}"
    only = "" if window.weekdays == EVERY_DAY else " " + ",".join(_WEEKDAYS[day] for day in sorted(window.weekdays))
    hours = (
        "" if (window.begins, window.ends) == (DAY_BEGINS, DAY_ENDS) else f" {window.begins:%H:%M}-{window.ends:%H:%M}"
    )
    return days + only + hours

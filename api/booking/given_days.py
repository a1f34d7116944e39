"""Days that come from outside, in addresses, forms and buttons. Pure."""

from __future__ import annotations

from datetime import date

YEARS = range(2000, 2200)
"""No calendar of ours reaches further. `datetime` has the years 1 to 9999, and a step past either end is an
OverflowError: a day there is as good as one that cannot be read, so that nobody else has to think of it."""


def read_day(text: str) -> date:
    """The day in ISO 8601. ValueError for anything else, and for a year that no calendar of ours has."""
    day = date.fromisoformat(text.strip())
    if day.year not in YEARS:
        raise ValueError("a year out of reach")
    return day


def find_day(text: str | None) -> date | None:
    """The same; None where there is none to be read."""
    try:
        return read_day(text) if text else None
    except ValueError:
        return None

"""The form of weekly hours: a few rows for each weekday, one of them empty; what is emptied goes. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import time

from api.booking.slots import WeeklyHours
from api.swedish_dates import weekday_name

MOST_ROWS = 8


@dataclass(frozen=True)
class HoursRow:
    """Two fields; `name` is their common part (`3-0`: the first row of Thursday)."""

    name: str
    start: str = ""
    end: str = ""


@dataclass(frozen=True)
class HoursForm:
    """(day's name, its rows) from Monday on, what is wrong by row, and the hours when nothing is."""

    days: list[tuple[str, list[HoursRow]]]
    errors: Mapping[str, str] = field(default_factory=dict)
    hours: frozenset[WeeklyHours] = frozenset()


def stored_form(hours: Iterable[WeeklyHours]) -> HoursForm:
    """The hours as they are, with an empty row on each day."""
    ordered = sorted(hours, key=lambda one: (one.weekday, one.start))
    days = []
    for weekday in range(7):
        rows = [(f"{one.start:%H:%M}", f"{one.end:%H:%M}") for one in ordered if one.weekday == weekday]
        days.append((weekday_name(weekday), _rows(weekday, rows)))
    return HoursForm(days, hours=frozenset(ordered))


def read_form(posted: Mapping[str, str], wrong: str, overlapping: str) -> HoursForm:
    """What was sent. `wrong` is said of a row that is half filled in or ends before it begins, `overlapping` of one
    that lies over another."""
    days: list[tuple[str, list[HoursRow]]] = []
    errors: dict[str, str] = {}
    hours: list[WeeklyHours] = []
    for weekday in range(7):
        texts = [
            (posted.get(f"fran-{weekday}-{row}", "").strip(), posted.get(f"till-{weekday}-{row}", "").strip())
            for row in range(MOST_ROWS)
        ]
        rows = _rows(weekday, [pair for pair in texts if any(pair)])
        days.append((weekday_name(weekday), rows))
        taken: list[WeeklyHours] = []
        for row in rows:
            if not (row.start or row.end):
                continue
            start, end = _clock(row.start), _clock(row.end)
            if start is None or end is None or end <= start:
                errors[row.name] = wrong
            elif any(start < other.end and other.start < end for other in taken):
                errors[row.name] = overlapping
            else:
                taken.append(WeeklyHours(weekday, start, end))
        hours += taken
    return HoursForm(days, errors, frozenset(hours))


def _rows(weekday: int, texts: list[tuple[str, str]]) -> list[HoursRow]:
    filled = [HoursRow(f"{weekday}-{number}", *pair) for number, pair in enumerate(texts)]
    return filled + ([HoursRow(f"{weekday}-{len(filled)}")] if len(filled) < MOST_ROWS else [])


def _clock(text: str) -> time | None:
    try:
        return time.fromisoformat(text).replace(second=0, microsecond=0, tzinfo=None)
    except ValueError:
        return None

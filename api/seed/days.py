"""The days of the example catalogue, moved with the calendar: a later installation has courses to come too."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from api.catalogue.importing.sheet import Sheet

WRITTEN_FOR = date(2026, 11, 23)
"""The Monday that the file's days stand around."""
_DAYS = ("start_date", "end_date", "apply_from", "apply_to")


def moved(sheet: Sheet, today: date) -> Sheet:
    """The sheet with every day moved by whole weeks: `today` stands to them as `WRITTEN_FOR` does to the file's.

    Whole weeks keep the weekdays that the descriptions speak of. What is no day stays
    as it is: the import says so.
    """
    by = timedelta(weeks=round((today - WRITTEN_FOR).days / 7))
    rows = (
        replace(row, cells={name: _later(text, by) if name in _DAYS else text for name, text in row.cells.items()})
        for row in sheet.rows
    )
    return replace(sheet, rows=tuple(rows))


def _later(day: str, by: timedelta) -> str:
    try:
        return (date.fromisoformat(day) + by).isoformat()
    except ValueError:
        return day

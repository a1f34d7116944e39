"""The example catalogue moved in time, so that what is open, full or over today stays so in ten years."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from datetime import date, timedelta
from pathlib import Path

SEED = Path(__file__).resolve().parents[2] / "api" / "seed" / "catalogue.csv"
WRITTEN_FOR = date(2026, 11, 23)
"""The Monday the example catalogue was written for."""
DAYS = ("start_date", "end_date", "apply_from", "apply_to")

Row = dict[str, str]


def rows_for(today: date) -> list[Row]:
    """The rows with every day moved by whole weeks: `today` stands to them as `WRITTEN_FOR` does to the file's."""
    moved = timedelta(weeks=round((today - WRITTEN_FOR).days / 7))
    with SEED.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter=";"))
    return [
        row | {name: (date.fromisoformat(row[name]) + moved).isoformat() for name in DAYS if row[name]} for row in rows
    ]


def write(path: Path, rows: Iterable[Row]) -> Path:
    """The rows as a file that the import reads."""
    rows = list(rows)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, fieldnames=list(rows[0]), delimiter=";")
        writer.writeheader()
        writer.writerows(rows)
    return path

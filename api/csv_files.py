"""Tables as CSV files that a Swedish Excel opens by itself, and that run nothing there."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

from api.cells import quoted

CSV_TYPE = "text/csv; charset=utf-8"


def to_csv(columns: Sequence[str], rows: Iterable[Sequence[str | int | None]]) -> bytes:
    """CSV with semicolons, and UTF-8 with a byte order mark. A text that a spreadsheet program would run gets an
    apostrophe before it; None is an empty cell."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=";")
    writer.writerow([quoted(column) for column in columns])
    writer.writerows([quoted(value) if isinstance(value, str) else value for value in row] for row in rows)
    return text.getvalue().encode("utf-8-sig")

"""What every reader of files gives: a header and rows of text. The rest of the import does not know the format."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from api.catalogue.importing.cells import TEXTS
from api.catalogue.importing.errors import FileRefused
from api.catalogue.importing.rows import COLUMNS, REQUIRED, Problem

MAX_BYTES = 20 * 1024 * 1024
MAX_ROWS = 50_000

RawRow = tuple[int, Sequence[str]]
"""The line where a row begins (the first line of the file is 1) and its cells."""


@dataclass(frozen=True, slots=True)
class SheetRow:
    """One row: column → text for the known columns. With `problems` the cells could not be told apart."""

    line: int
    cells: dict[str, str]
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True)
class Sheet:
    """A file that could be read."""

    columns: tuple[str, ...]
    """The known columns in the file, in the order of the catalogue."""
    unknown_columns: tuple[str, ...]
    rows: tuple[SheetRow, ...]


def column_name(title: str) -> str:
    """A heading as we compare it: `Start date ` is `start_date`."""
    return "_".join(title.replace("-", " ").replace("_", " ").casefold().split())


def to_sheet(raw_rows: Iterable[RawRow], *, separator: str = "") -> Sheet:
    """The sheet with its header understood. Blank rows are left out.

    Raises FileRefused for a missing or repeated column and for too many rows.
    """
    rows = iter(raw_rows)
    header = next((cells for _, cells in rows if any(cell.strip() for cell in cells)), None)
    if header is None:
        raise FileRefused(TEXTS("file_empty"))
    names = [column_name(title) for title in header]
    while names and not names[-1]:
        names.pop()
    _refuse_bad_header(names)
    read: list[SheetRow] = []
    for line, cells in rows:
        if not any(cell.strip() for cell in cells):
            continue
        if len(read) == MAX_ROWS:
            raise FileRefused(TEXTS("file_too_many_rows", limit=MAX_ROWS))
        read.append(_row(line, cells, names, separator))
    return Sheet(
        columns=tuple(column for column in COLUMNS if column in names),
        unknown_columns=tuple(title.strip() for title in header if column_name(title) not in {*COLUMNS, ""}),
        rows=tuple(read),
    )


def _refuse_bad_header(names: Sequence[str]) -> None:
    missing = [column for column in REQUIRED if column not in names]
    if missing:
        raise FileRefused(TEXTS("file_columns_missing", columns=", ".join(missing)))
    for column in COLUMNS:
        if names.count(column) > 1:
            raise FileRefused(TEXTS("file_column_twice", column=column))


def _row(line: int, cells: Sequence[str], names: Sequence[str], separator: str) -> SheetRow:
    by_column = {name: cell for name, cell in zip(names, cells, strict=False) if name in _KNOWN}
    filled = len(cells)
    while filled > len(names) and not cells[filled - 1].strip():
        filled -= 1
    if filled == len(names):
        return SheetRow(line, by_column)
    # Which cell is under which heading is not certain, so nothing of the row may be used.
    key = "row_too_short" if filled < len(names) else "row_too_long"
    reason = TEXTS(key, count=filled, expected=len(names), separator=separator)
    return SheetRow(line, by_column, (Problem(None, separator.join(cells), reason),))


_KNOWN = frozenset(COLUMNS)

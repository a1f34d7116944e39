"""What every reader of files gives: a header and rows of text. The rest of the import does not know the format."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple, TypeVar

from api.catalogue.importing.errors import FileRefused
from api.catalogue.importing.rows import COLUMNS, REQUIRED, Problem
from api.catalogue.importing.wording import TEXTS
from api.cells import is_yes

_T = TypeVar("_T")
Progress = Callable[[float], None]
"""Is told again and again how much of a piece of work is done, from 0 to 1. What it raises ends the work."""

MAX_ROWS = 50_000
_TOLD_EVERY = 200
EXAMPLE_COLUMN = "example"
"""An export marks example data in this column. New rows keep the mark; no file takes it from a stored one."""
SOURCE_COLUMN = "source"
"""An export says here what is mirrored, and from where. An import understands the column and leaves it alone."""


class RawRow(NamedTuple):
    """A row as its reader gives it: the line where it begins (the first line of the file is 1) and its cells.

    `refused`: index of a cell that must not be used, whatever its text → the Swedish reason.
    """

    line: int
    cells: Sequence[str]
    refused: Mapping[int, str] = {}


@dataclass(frozen=True, slots=True)
class SheetRow:
    """One row: column → text for the known columns. With `problems` the cells could not be told apart.

    `refused` are the known columns that the reader refused; they are not among `cells`. `example`: the row says that it
    is example data.
    """

    line: int
    cells: dict[str, str]
    problems: tuple[Problem, ...] = ()
    refused: tuple[Problem, ...] = ()
    example: bool = False


@dataclass(frozen=True)
class Sheet:
    """A file that could be read."""

    columns: tuple[str, ...]
    """The known columns in the file, in the order of the catalogue."""
    unknown_columns: tuple[str, ...]
    rows: tuple[SheetRow, ...]


def quiet(_share: float) -> None:
    """Progress that nobody follows."""


def followed(items: Iterable[_T], progress: Progress, share: Callable[[int, _T], float]) -> Iterator[_T]:
    """`items`, while `progress` is told the `share` of (number, item) that is done."""
    for number, item in enumerate(items):
        if number % _TOLD_EVERY == 0:
            progress(min(1.0, share(number, item)))
        yield item


def column_name(title: str) -> str:
    """A heading as we compare it: `Start date ` is `start_date`."""
    return "_".join(title.replace("-", " ").replace("_", " ").casefold().split())


def to_sheet(raw_rows: Iterable[RawRow], *, separator: str = "") -> Sheet:
    """The sheet with its header understood. Blank rows are left out.

    Raises FileRefused for a missing or repeated column and for too many rows.
    """
    rows = iter(raw_rows)
    header = next((row.cells for row in rows if any(cell.strip() for cell in row.cells)), None)
    if header is None:
        raise FileRefused(TEXTS("file_empty"))
    names = [column_name(title) for title in header]
    while names and not names[-1]:
        names.pop()
    _refuse_bad_header(names)
    read: list[SheetRow] = []
    for row in rows:
        if not any(cell.strip() for cell in row.cells):
            continue
        if len(read) == MAX_ROWS:
            raise FileRefused(TEXTS("file_too_many_rows", limit=MAX_ROWS))
        read.append(_row(row, names, separator))
    return Sheet(
        columns=tuple(column for column in COLUMNS if column in names),
        unknown_columns=tuple(title.strip() for title in header if column_name(title) not in _UNDERSTOOD),
        rows=tuple(read),
    )


def _refuse_bad_header(names: Sequence[str]) -> None:
    missing = [column for column in REQUIRED if column not in names]
    if missing:
        raise FileRefused(TEXTS("file_columns_missing", columns=", ".join(missing)))
    for column in COLUMNS:
        if names.count(column) > 1:
            raise FileRefused(TEXTS("file_column_twice", column=column))


def _row(row: RawRow, names: Sequence[str], separator: str) -> SheetRow:
    line, cells, refused = row
    problems = tuple(
        Problem(names[number], cells[number], reason)
        for number, reason in refused.items()
        if number < len(names) and names[number] in _KNOWN
    )
    out = {problem.column for problem in problems}
    by_column = {name: cell for name, cell in zip(names, cells, strict=False) if name in _KNOWN and name not in out}
    filled = len(cells)
    while filled > len(names) and not cells[filled - 1].strip():
        filled -= 1
    if filled == len(names):
        example = EXAMPLE_COLUMN in names and is_yes(cells[names.index(EXAMPLE_COLUMN)])
        return SheetRow(line, by_column, refused=problems, example=example)
    # Which cell is under which heading is not certain, so nothing of the row may be used.
    key = "row_too_short" if filled < len(names) else "row_too_long"
    reason = TEXTS(key, count=filled, expected=len(names), separator=separator)
    return SheetRow(line, by_column, (Problem(None, separator.join(cells), reason),))


_KNOWN = frozenset(COLUMNS)
_UNDERSTOOD = _KNOWN | {EXAMPLE_COLUMN, SOURCE_COLUMN, ""}

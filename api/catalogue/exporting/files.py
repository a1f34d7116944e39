"""Catalogue rows → CSV or XLSX, in the columns of the import. Pure.

Texts that a spreadsheet program would run are written with an apostrophe before them, which the import takes away.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter

from api import csv_files
from api.catalogue.importing.rows import COLUMNS, CatalogueRow, Value
from api.catalogue.importing.sheet import EXAMPLE_COLUMN, SOURCE_COLUMN
from api.catalogue.importing.wording import TEXTS
from api.cells import quoted
from api.csv_files import CSV_TYPE

__all__ = ["CSV_TYPE", "XLSX_TYPE", "add_tab", "header", "lines", "saved", "to_csv", "to_xlsx"]

XLSX_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

Line = Sequence[Value]
_WIDTH = 18
_WIDE = {"title": 36, "description": 60, "eligibility": 48, "apply_url": 36, "contact_email": 30}
_UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
"""What no workbook can hold: one such sign in one row would keep everybody from the file."""
_Tab = Any  # openpyxl is untyped


def header(*, with_examples: bool, with_sources: bool = False) -> tuple[str, ...]:
    """The column names; last the mark of example data, which an import keeps on new rows, and where rows come from."""
    examples, sources = (EXAMPLE_COLUMN,) * with_examples, (SOURCE_COLUMN,) * with_sources
    return (*COLUMNS, *examples, *sources)


def lines(
    rows: Iterable[CatalogueRow], examples: frozenset[str], sources: Mapping[str, str] | None = None
) -> list[Line]:
    """The cells of `rows`. `examples` are the external_ids of example data, `sources` says where those that are
    mirrored come from; when there are none, nor is the column."""
    return [
        [
            *(getattr(row, column) for column in COLUMNS),
            *([row.external_id in examples] if examples else []),
            *([sources.get(row.external_id, "")] if sources else []),
        ]
        for row in rows
    ]


def to_csv(columns: Sequence[str], rows: Iterable[Line]) -> bytes:
    """CSV as a Swedish Excel opens it by itself."""
    return csv_files.to_csv(columns, ([_plain(value) for value in row] for row in rows))


def to_xlsx(tab: str, columns: Sequence[str], rows: Iterable[Line]) -> bytes:
    """A workbook with one tab."""
    book = Workbook(write_only=True)
    add_tab(book, tab, columns, rows, widths=_WIDE)
    return saved(book)


def add_tab(book: Any, title: str, columns: Sequence[str], rows: Iterable[Line], *, widths: dict[str, int]) -> None:
    """A tab with a header that stays in sight. `book` is write-only (openpyxl is untyped)."""
    tab = book.create_sheet(title)
    tab.freeze_panes = "A2"
    for number, column in enumerate(columns, start=1):
        tab.column_dimensions[get_column_letter(number)].width = widths.get(column, _WIDTH)
    tab.append([_heading(tab, column) for column in columns])
    for row in rows:
        tab.append([_cell(tab, value) for value in row])


def saved(book: Any) -> bytes:
    """The workbook's bytes."""
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def _heading(tab: _Tab, text: str) -> WriteOnlyCell:
    cell = WriteOnlyCell(tab, text)
    cell.font = Font(bold=True)
    return cell


def _cell(tab: _Tab, value: Value) -> Any:
    if isinstance(value, date):
        cell = WriteOnlyCell(tab, value)
        cell.number_format = "yyyy-mm-dd"
        return cell
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    text = _written(value)
    if "\n" not in text:
        return text or None
    cell = WriteOnlyCell(tab, text)
    cell.alignment = Alignment(wrap_text=True, vertical="top")
    return cell


def _written(value: Value) -> str:
    return quoted(_plain(value))


def _plain(value: Value) -> str:
    if isinstance(value, bool):
        return TEXTS("report_yes" if value else "report_no")
    return "" if value is None else _UNWRITABLE.sub("\ufffd", str(value))

"""Catalogue rows → CSV or XLSX, in the columns of the import. Pure.

Texts that a spreadsheet program would run are written with an apostrophe before them, which the import takes away.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter

from api.catalogue.importing.cells import TEXTS, quoted
from api.catalogue.importing.rows import COLUMNS, CatalogueRow, Value
from api.catalogue.importing.sheet import EXAMPLE_COLUMN

CSV_TYPE = "text/csv; charset=utf-8"
XLSX_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

Line = Sequence[Value]
_WIDTH = 18
_WIDE = {"title": 36, "description": 60, "eligibility": 48, "apply_url": 36, "contact_email": 30}
_Tab = Any  # openpyxl is untyped


def header(*, with_examples: bool) -> tuple[str, ...]:
    """The column names; with the mark of example data in a last one, which an import keeps on new rows."""
    return (*COLUMNS, EXAMPLE_COLUMN) if with_examples else COLUMNS


def lines(rows: Iterable[CatalogueRow], examples: frozenset[str]) -> list[Line]:
    """The cells of `rows`. `examples` are the external_ids of example data; when there are none, nor is the column."""
    return [
        [*(getattr(row, column) for column in COLUMNS), *([row.external_id in examples] if examples else [])]
        for row in rows
    ]


def to_csv(columns: Sequence[str], rows: Iterable[Line]) -> bytes:
    """CSV as a Swedish Excel opens it by itself: semicolons, and UTF-8 with a byte order mark."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=";")
    writer.writerow(columns)
    writer.writerows([_written(value) for value in row] for row in rows)
    return text.getvalue().encode("utf-8-sig")


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
    if isinstance(value, bool):
        return TEXTS("report_yes" if value else "report_no")
    if value is None:
        return ""
    return quoted(value) if isinstance(value, str) else str(value)

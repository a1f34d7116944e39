"""XLSX bytes → rows of text, by openpyxl's parts for reading, without its workbook.

A formula is never used, neither its text nor the result that the file claims: its cell is refused, and the person is
told to paste the value. What Excel knows as date, number or truth value becomes the text that `cells` reads.

openpyxl's `load_workbook` reads a sheet up to twice, with an XML parser in pure Python: 20,000 rows took 13 seconds.
Here the rows come from the parser in C. It may be used because `check_workbook` has refused every document type before.
"""

from __future__ import annotations

import io
import unicodedata
import warnings
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from xml.etree import ElementTree

from openpyxl.reader.excel import ExcelReader
from openpyxl.styles.numbers import BUILTIN_FORMATS, BUILTIN_FORMATS_MAX_SIZE
from openpyxl.styles.stylesheet import apply_stylesheet
from openpyxl.worksheet._reader import ROW_TAG, WorkSheetParser

from api.catalogue.importing.archive import check_workbook
from api.catalogue.importing.errors import FileRefused
from api.catalogue.importing.rows import REQUIRED
from api.catalogue.importing.sheet import Progress, RawRow, Sheet, column_name, followed, quiet, to_sheet
from api.catalogue.importing.wording import TEXTS
from api.cells import bad

MAX_COLUMNS = 200
"""Columns looked at for headings; our file has 21."""
MAX_TABS = 20

_Cell = dict[str, Any]  # openpyxl is untyped: column from 1, value, data_type, style_id


def read_xlsx(data: bytes, progress: Progress = quiet) -> Sheet:
    """The sheet in a workbook: of the visible tabs the first with our headings, else the first.

    Raises FileRefused, and nothing else, when the file is no workbook, is not safe to open, or has no such header.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            check_workbook(archive)
        with warnings.catch_warnings():  # openpyxl warns about every feature that it does not keep
            warnings.simplefilter("ignore")
            return _read(data, progress)
    except FileRefused:
        raise
    except Exception:  # openpyxl fails in many ways on a file that was written wrongly, or to harm
        raise FileRefused(TEXTS("file_excel_broken")) from None


def _read(data: bytes, progress: Progress) -> Sheet:
    book = ExcelReader(io.BytesIO(data), read_only=True, keep_links=False)
    with book.archive:
        book.read_manifest()
        book.read_strings()
        book.read_workbook()
        apply_stylesheet(book.archive, book.wb)
        tabs = [_Tab(book, part.target) for tab, part in book.parser.find_sheets() if _is_table(tab, part)]
        tab, width = _choose(tabs[:MAX_TABS])
        return to_sheet(tab.rows(width, progress))


def _is_table(tab: Any, part: Any) -> bool:  # Any: openpyxl is untyped
    return tab.state == "visible" and "chartsheet" not in part.Type


@dataclass(frozen=True)
class _Tab:
    """One tab of a workbook."""

    book: Any  # openpyxl is untyped
    path: str

    def rows(self, width: int, progress: Progress = quiet) -> Iterator[RawRow]:
        """The rows that are not blank, with `width` cells: notes beside the table are nobody's columns."""
        percent = _percent_styles(self.book.wb)
        size = max(1, self.book.archive.getinfo(self.path).file_size)
        with self.book.archive.open(self.path) as file:
            parser = WorkSheetParser(
                file,
                self.book.shared_strings,
                epoch=self.book.wb.epoch,
                date_formats=self.book.wb._date_formats,
                timedelta_formats=self.book.wb._timedelta_formats,
            )
            elements = ElementTree.iterparse(file)  # noqa: S314 - see the module's docstring
            for _, element in followed(elements, progress, lambda *_: file.tell() / size):
                if element.tag != ROW_TAG:
                    continue
                line, cells = parser.parse_row(element)
                element.clear()
                row = [cell for cell in cells if cell["column"] <= width and cell["value"] is not None]
                if row:
                    yield _raw_row(line, row, width, percent)


def _percent_styles(workbook: Any) -> frozenset[int]:  # Any: openpyxl is untyped
    """The styles with which 0.5 is shown as 50 %."""

    def code(number: int) -> str:
        own = number - BUILTIN_FORMATS_MAX_SIZE
        return str(BUILTIN_FORMATS.get(number, "") if own < 0 else workbook._number_formats[own])

    return frozenset(index for index, style in enumerate(workbook._cell_styles) if "%" in code(style.numFmtId))


def _choose(tabs: Sequence[_Tab]) -> tuple[_Tab, int]:
    """The tab to read, and how many columns its header has."""
    found: list[tuple[bool, _Tab, int]] = []
    for tab in tabs:
        header = next((row.cells for row in tab.rows(MAX_COLUMNS)), ())
        names = [column_name(title) for title in header]
        width = max((number for number, name in enumerate(names, start=1) if name), default=0)
        found.append((set(REQUIRED) <= set(names), tab, width))
    if not found:
        raise FileRefused(TEXTS("file_empty"))
    _, tab, width = next((one for one in found if one[0]), found[0])
    return tab, width


def _raw_row(line: int, row: Sequence[_Cell], width: int, percent: frozenset[int]) -> RawRow:
    texts = [""] * width
    refused: dict[int, str] = {}
    for cell in row:
        at = cell["column"] - 1
        texts[at] = _text(cell, percent)
        if cell["data_type"] == "f":
            refused[at] = str(bad("cell_formula"))
        elif cell["data_type"] == "e":
            refused[at] = str(bad("cell_excel_error"))
    return RawRow(line, texts, refused)


def _text(cell: _Cell, percent: frozenset[int]) -> str:
    value = cell["value"]
    if cell["data_type"] == "f":
        return str(value if isinstance(value, str) else getattr(value, "text", None) or "=")
    if isinstance(value, bool):
        return TEXTS("report_yes" if value else "report_no")
    if isinstance(value, int | float):
        if cell["style_id"] in percent:  # 50 % is stored as 0.5
            return f"{value * 100:.10g} %"
        return str(value) if isinstance(value, int) else f"{value:.15g}"
    if isinstance(value, datetime):
        return value.date().isoformat()  # the columns are days; Excel stores a day as its midnight
    if isinstance(value, date):
        return value.isoformat()
    return unicodedata.normalize("NFC", str(value))

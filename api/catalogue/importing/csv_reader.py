"""CSV bytes → rows of text: encoding, separator, quotes and line breaks in cells."""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections.abc import Iterator

from api.catalogue.importing.errors import FileRefused
from api.catalogue.importing.rows import COLUMNS
from api.catalogue.importing.sheet import Progress, RawRow, Sheet, column_name, followed, quiet, to_sheet
from api.catalogue.importing.wording import TEXTS

_SEPARATORS = (";", ",")
_SEPARATOR_LINE = re.compile(r'"?sep=([;,])"?[;,]*(?:\r\n|\n|\r)', re.IGNORECASE)


def read_csv(data: bytes, progress: Progress = quiet) -> Sheet:
    """The sheet in a CSV file. Raises FileRefused when it is no such file or its quotes do not match."""
    text = decode(data)
    first_line = 1
    separator = None
    if marked := _SEPARATOR_LINE.match(text):  # Excel's own note about the separator, before the header
        separator = marked[1]
        text = text[marked.end() :]
        first_line = 2
    separator = separator or _detect_separator(text)
    lines = first_line + text.count("\n") + 1
    rows = followed(_records(text, separator, first_line), progress, lambda _, row: row.line / lines)
    return to_sheet(rows, separator=separator)


def decode(data: bytes) -> str:
    """Text from UTF-8 (with or without byte order mark) or Windows-1252, with composed letters (NFC: a Mac splits å).

    Raises FileRefused when the bytes are no text.
    """
    if b"\x00" in data:
        raise FileRefused(TEXTS("file_binary"))
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        try:
            text = data.decode("cp1252")
        except UnicodeDecodeError:
            raise FileRefused(TEXTS("file_encoding")) from None
    return unicodedata.normalize("NFC", text)


def _detect_separator(text: str) -> str:
    """The separator with which the first record names most of our columns; `;` when it makes no difference."""

    def known(separator: str) -> int:
        try:
            header = next(_records(text, separator, 1), RawRow(1, ())).cells
        except FileRefused:
            return -1
        return len({column_name(title) for title in header} & set(COLUMNS))

    return max(_SEPARATORS, key=known)


def _records(text: str, separator: str, first_line: int) -> Iterator[RawRow]:
    # strict: a forgotten quotation mark must be said, or it would swallow the rest of the file as one cell.
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    while True:
        line = first_line + reader.line_num
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            key = "file_cell_too_long" if "limit" in str(error) else "file_broken_quotes"
            raise FileRefused(TEXTS(key, line=line)) from None
        yield RawRow(line, cells)

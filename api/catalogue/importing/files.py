"""Bytes → sheet: the limits, and which reader understands the file.

A further format is another function `(bytes, Progress) -> Sheet` (built on `to_sheet`) and another line in `_READERS`.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import NoReturn

from api.catalogue.importing.csv_reader import read_csv
from api.catalogue.importing.errors import FileRefused
from api.catalogue.importing.sheet import Progress, Sheet, quiet
from api.catalogue.importing.wording import TEXTS
from api.catalogue.importing.xlsx_reader import read_xlsx

MEGABYTE = 1024 * 1024
MAX_MEGABYTES = 20
"""Unless the setting IV_IMPORT_MAX_MEGABYTES says otherwise."""

_ENCRYPTED_STREAM = "EncryptedPackage".encode("utf-16-le")


def read_sheet(data: bytes, *, max_megabytes: int = MAX_MEGABYTES, progress: Progress = quiet) -> Sheet:
    """The rows of a catalogue file, whatever its format. The content decides, not the file's name.

    Raises FileRefused, and nothing else of its own, when the file cannot be used.
    """
    if len(data) > max_megabytes * MEGABYTE:
        raise FileRefused(TEXTS("file_too_large", limit=max_megabytes))
    if not data.strip():
        raise FileRefused(TEXTS("file_empty"))
    reader = next((read for begins, read in _READERS if data.startswith(begins)), read_csv)
    return reader(data, progress)


def glance(beginning: bytes) -> None:
    """Refuse by its first bytes what is no spreadsheet, whatever its name. FileRefused; the rest is read later."""
    if not beginning.strip():
        raise FileRefused(TEXTS("file_empty"))
    for begins, read in _READERS:
        if beginning.startswith(begins) and read is _refuse_other:
            _refuse_other(beginning, quiet)


def read_bytes(path: Path, *, max_megabytes: int = MAX_MEGABYTES) -> bytes:
    """The content of the file at `path`, without loading one that is too large (FileRefused). OSError as usual."""
    limit = max_megabytes * MEGABYTE
    with path.open("rb") as file:  # not its stated size: a device or a growing file has none
        data = file.read(limit + 1)
    if len(data) > limit:
        raise FileRefused(TEXTS("file_too_large", limit=max_megabytes))
    return data


def _refuse_ole(data: bytes, _progress: Progress) -> NoReturn:
    """An old .xls, a Word document, or a workbook behind a password: all the same container."""
    raise FileRefused(TEXTS("file_locked" if _ENCRYPTED_STREAM in data else "file_old_excel"))


def _refuse_other(_data: bytes, _progress: Progress) -> NoReturn:
    raise FileRefused(TEXTS("file_other"))


_READERS: tuple[tuple[bytes, Callable[[bytes, Progress], Sheet]], ...] = (
    (b"PK\x03\x04", read_xlsx),
    (b"PK\x05\x06", read_xlsx),  # an empty archive
    (b"\xd0\xcf\x11\xe0", _refuse_ole),
    *(
        (begins, _refuse_other)
        for begins in (
            *(b"%PDF", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"MZ", b"\x7fELF", b"\x1f\x8b", b"7z\xbc\xaf", b"Rar!"),
            *(b"{\\rtf", b"<?xml", b"<!DOCTYPE", b"<!doctype", b"<html", b"<HTML", b"#!/"),
        )
    ),
)

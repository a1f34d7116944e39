"""Bytes → sheet: the limits, and which reader understands the file.

A further format is another function `(bytes) -> Sheet` (built on `to_sheet`) and another line in `_READERS`.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from api.catalogue.importing.cells import TEXTS
from api.catalogue.importing.csv_reader import read_csv
from api.catalogue.importing.errors import FileRefused
from api.catalogue.importing.sheet import MAX_BYTES, Sheet

_ZIP = b"PK\x03\x04"
_OLE = b"\xd0\xcf\x11\xe0"


def read_sheet(data: bytes) -> Sheet:
    """The rows of a catalogue file, whatever its format. The content decides, not the file's name.

    Raises FileRefused, and nothing else, when the file cannot be used.
    """
    if len(data) > MAX_BYTES:
        raise FileRefused(TEXTS("file_too_large", limit=MAX_BYTES // 1024**2))
    if not data.strip():
        raise FileRefused(TEXTS("file_empty"))
    reader = next((read for begins, read in _READERS if data.startswith(begins)), read_csv)
    return reader(data)


def read_bytes(path: Path) -> bytes:
    """The content of the file at `path`, without loading one that is too large (FileRefused). OSError as usual."""
    if path.stat().st_size > MAX_BYTES:
        raise FileRefused(TEXTS("file_too_large", limit=MAX_BYTES // 1024**2))
    return path.read_bytes()


def _refuse_excel(_data: bytes) -> Sheet:
    raise FileRefused(TEXTS("file_excel"))


_READERS: tuple[tuple[bytes, Callable[[bytes], Sheet]], ...] = ((_ZIP, _refuse_excel), (_OLE, _refuse_excel))

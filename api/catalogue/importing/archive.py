"""Whether a zip archive is an Excel workbook that is safe to open. Looked at before openpyxl sees a byte of it.

The sizes are checked twice: as the archive's directory states them, and again while every part is unpacked piece by
piece, because a directory can lie. The same pass reads the XML with a parser that keeps nothing: a document type (and
with it entities that grow or that fetch files) ends it, and so do endless elements.
"""

from __future__ import annotations

import zipfile
import zlib
from xml.parsers import expat

from api.catalogue.importing.errors import FileRefused
from api.catalogue.importing.wording import TEXTS

MAX_PARTS = 1_000
MAX_UNPACKED = 200 * 1024 * 1024
"""Bytes; 50,000 rows with long texts need less than half of it."""
MAX_TAGS = 10_000_000
"""50,000 rows of 21 cells need about 8 million at most, closing ones included."""

_PIECE = 256 * 1024
_WORKBOOK = "xl/workbook.xml"
_MACROS = "xl/vbaproject.bin"
_PLAIN = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_ENCRYPTED = 0x1


def check_workbook(archive: zipfile.ZipFile) -> None:
    """Raises FileRefused unless `archive` is an .xlsx workbook within the limits."""
    parts = archive.infolist()
    names = {part.filename.lower() for part in parts}
    if _WORKBOOK not in names:
        raise FileRefused(TEXTS("file_zip"))
    if _MACROS in names:
        raise FileRefused(TEXTS("file_macros"))
    if any(part.flag_bits & _ENCRYPTED for part in parts):
        raise FileRefused(TEXTS("file_locked"))
    if len(parts) > MAX_PARTS or sum(part.file_size for part in parts) > MAX_UNPACKED:
        raise FileRefused(TEXTS("file_bomb"))
    if len(names) < len(parts) or any(part.compress_type not in _PLAIN for part in parts):
        raise FileRefused(TEXTS("file_excel_broken"))
    _read_every_part(archive, parts)


def _read_every_part(archive: zipfile.ZipFile, parts: list[zipfile.ZipInfo]) -> None:
    unpacked = tags = 0
    for part in parts:
        parser = _parser() if part.filename.lower().endswith((".xml", ".rels", ".vml")) else None
        try:
            with archive.open(part) as file:
                while piece := file.read(_PIECE):
                    unpacked += len(piece)
                    tags += piece.count(b"<")
                    if unpacked > MAX_UNPACKED or tags > MAX_TAGS:
                        raise FileRefused(TEXTS("file_bomb"))
                    if parser:
                        parser.Parse(piece, False)
            if parser and part.file_size:
                parser.Parse(b"", True)
        except (zipfile.BadZipFile, zlib.error, expat.ExpatError, EOFError, NotImplementedError):
            raise FileRefused(TEXTS("file_excel_broken")) from None


def _parser() -> expat.XMLParserType:
    parser = expat.ParserCreate()
    parser.StartDoctypeDeclHandler = _refuse_document_type
    return parser


def _refuse_document_type(*_: object) -> None:
    raise FileRefused(TEXTS("file_entities"))

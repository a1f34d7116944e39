"""From a form with a file to a stored job."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import BinaryIO
from uuid import UUID

from starlette.datastructures import FormData, UploadFile

from api.catalogue.import_jobs import service, words
from api.catalogue.import_jobs.errors import NoFileChosen
from api.catalogue.importing.files import glance
from api.database import Database
from api.staff.sessions import SignedIn
from api.uploads import MEGABYTE, UploadTooLarge

FIELD = "fil"
_PIECE = MEGABYTE
_GLANCE = 4096
_LONGEST_NAME = 120


def chosen(form: FormData, *, max_megabytes: int) -> UploadFile:
    """The file of the form. Raises NoFileChosen or UploadTooLarge."""
    file = form.get(FIELD)
    if not isinstance(file, UploadFile) or (not file.filename and not file.size):
        raise NoFileChosen
    if (file.size or 0) > max_megabytes * MEGABYTE:
        raise UploadTooLarge(limit=max_megabytes)
    return file


def store(database: Database, file: UploadFile, account: SignedIn, now: datetime) -> UUID:
    """Keep the file as a job, unless its first bytes say that it is no spreadsheet (FileRefused). The job's id."""
    content: BinaryIO = file.file
    content.seek(0)
    glance(content.read(_GLANCE))
    content.seek(0)
    with database.transaction() as session:
        name = _name(file.filename or "")
        return service.create(session, account=account, file_name=name, pieces=_pieces(content), now=now).id


def _pieces(file: BinaryIO) -> Iterator[bytes]:
    while data := file.read(_PIECE):
        yield data


def _name(given: str) -> str:
    """What people call the file: without folders, and without signs that steer or turn a text around."""
    last = given.replace("\\", "/").rpartition("/")[2]
    return "".join(sign for sign in last if sign.isprintable()).strip()[-_LONGEST_NAME:] or words.unnamed()

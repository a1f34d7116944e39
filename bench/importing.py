"""Reading files of 20,000 rows into the catalogue, as the worker does it: dry run, apply, undo; on both databases."""

from __future__ import annotations

import csv
import io
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

from openpyxl import Workbook

from api.catalogue.exporting.service import export
from api.catalogue.import_jobs import service
from api.catalogue.import_jobs.running import Watch, carry_out
from api.catalogue.importing.service import undo_last_import
from api.database import Database
from api.staff import accounts
from api.staff.sessions import SignedIn
from bench.catalogue import fill
from bench.results import Results
from bench.searching import database_of

ROWS = 20_000
PART = "Import of a file"
_NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
_MEGABYTES = 50


def measure_import(folder: Path, results: Results, *, rows: int = ROWS) -> None:
    """Seconds for files that change every row of a catalogue, and that add as many new ones."""
    for kind in ("SQLite", *(["PostgreSQL"] if os.environ.get("IV_TEST_POSTGRES_URL") else [])):
        with database_of(folder, kind, rows) as database:
            fill(database, rows)
            with database.transaction() as session:
                made = accounts.create(session, login="bench", title="Bench", role="staff", now=_NOW, actor="cli")
                by = SignedIn(made.id, "bench", "Bench", "staff", session_id=0, csrf="", has_password=False)
            with database.transaction(read_only=True) as session:
                stored = export(session, "csv", drafts=True)
            for name, data in (("changed", _changed(stored)), ("new", _changed(stored, prefix="N-"))):
                for form, file in (("XLSX", _as_workbook(data)), ("CSV", data)):
                    job = _queue(database, by, file)
                    with _timed(results, f"{kind}, {rows} {name}, dry run of {form}"):
                        _work(database)
                _ask(database, job, by)
                with _timed(results, f"{kind}, {rows} {name}, apply"):
                    _work(database)
                with _timed(results, f"{kind}, {rows} {name}, undo"), database.transaction() as session:
                    undo_last_import(session, now=_NOW, actor="cli")


def _clock() -> datetime:
    return _NOW


def _queue(database: Database, by: SignedIn, file: bytes) -> UUID:
    with database.transaction() as session:
        return service.create(session, account=by, file_name="bench", pieces=[file], now=_NOW).id


def _ask(database: Database, job: UUID, by: SignedIn) -> None:
    with database.transaction() as session:
        shown = service.get(session, job, _NOW).plan_digest or ""
        service.ask_to_apply(session, job, shown=shown, by=by, now=_NOW)


def _work(database: Database) -> None:
    with database.transaction() as session:
        taken = service.take(session, _NOW)
    assert taken is not None
    carry_out(database, _clock, taken, Watch(), _MEGABYTES)


@contextmanager
def _timed(results: Results, name: str) -> Iterator[None]:
    began = time.perf_counter()
    yield
    results.figure(PART, name, time.perf_counter() - began, "s")


def _rows(data: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline=""), delimiter=";"))


def _changed(data: bytes, *, prefix: str = "") -> bytes:
    """The same rows with another number of places, or with ids that are not there yet."""
    header, *rows = _rows(data)
    at = header.index("external_id" if prefix else "places")
    for row in rows:
        row[at] = f"{prefix}{row[at]}" if prefix else "99"
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=";").writerows([header, *rows])
    return text.getvalue().encode()


def _as_workbook(data: bytes) -> bytes:
    book = Workbook(write_only=True)
    tab = book.create_sheet("Kurser")
    for row in _rows(data):
        tab.append(row)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()

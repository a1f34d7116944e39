"""The worker's side: take a job, read the file, compare or apply, and say how far it has come. See decision 0019."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass

from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from api.catalogue.import_jobs import service
from api.catalogue.import_jobs.service import LEASE, LEASE_WHILE_WRITING, JobLost, Taken
from api.catalogue.importing.errors import FileRefused
from api.catalogue.importing.files import read_sheet
from api.catalogue.importing.service import PlanDiffers, apply_import, dry_run
from api.catalogue.importing.sheet import Progress, Sheet
from api.clock import Clock
from api.database import Database

log = logging.getLogger(__name__)

_NOTED_EVERY = 1.0
"""Seconds between two notes of the progress."""
_SHARES = {"check": (0.0, 0.6, 0.92), "apply": (0.0, 0.7, 0.7)}
"""Where reading, comparing and writing begin on the bar, by what is done."""


class Stopped(BaseException):
    """The worker is told to stop. Not an Exception: a reader of files turns those into "cannot be read"."""


@dataclass
class Watch:
    """What the thread that works and the loop that tells of it share. Plain assignments, so it needs no lock."""

    step: str = "read"
    share: float = 0.0
    stopped: bool = False

    def on(self, begin: float, end: float) -> Progress:
        """The progress of a piece of work that is that stretch of the whole. Raises Stopped."""

        def told(share: float) -> None:
            if self.stopped:
                raise Stopped
            self.share = begin + share * (end - begin)

        return told


async def run_next(database: Database, clock: Clock, *, max_megabytes: int) -> bool:
    """Do the job that has waited longest; whether there was one."""
    taken = await asyncio.to_thread(_take, database, clock)
    if taken is None:
        return False
    watch = Watch()
    work = asyncio.create_task(asyncio.to_thread(carry_out, database, clock, taken, watch, max_megabytes))
    try:
        while not work.done():
            await asyncio.wait({work}, timeout=_NOTED_EVERY)
            if not work.done() and watch.step != "write":
                await asyncio.to_thread(_note, database, clock, taken, watch)
    except asyncio.CancelledError:
        watch.stopped = True
        await asyncio.wait({work})
        raise
    await work
    return True


def carry_out(database: Database, clock: Clock, taken: Taken, watch: Watch, max_megabytes: int) -> None:
    """The work itself, whatever comes of it. Blocks for seconds."""
    with suppress(JobLost):
        try:
            sheet = _read(database, taken, watch, max_megabytes)
            (_check if taken.work == "check" else _apply)(database, clock, taken, watch, sheet)
        except FileRefused as refused:
            reason = refused.reason
            _store(database, lambda session: service.refuse(session, taken, reason))
        except Stopped:
            _store(database, lambda session: service.give_back(session, taken))
        except JobLost:
            raise
        except Exception as error:  # the person is told; the worker goes on with the next file
            # The name only: messages of database errors repeat the values they were about.
            log.error("import failed", extra={"job": taken.work, "error": type(error).__name__})
            _store(database, lambda session: service.fail(session, taken))


def _take(database: Database, clock: Clock) -> Taken | None:
    with database.transaction(read_only=True) as session:  # looks first: a writer every second would disturb SQLite
        if not service.anything_waits(session, clock()):
            return None
    with database.transaction() as session:
        return service.take(session, clock())


def _note(database: Database, clock: Clock, taken: Taken, watch: Watch) -> None:
    try:
        with database.transaction() as session:
            until = clock() + LEASE
            service.note(session, taken, step=watch.step, progress=int(100 * watch.share), until=until)
    except JobLost:
        watch.stopped = True
    except SQLAlchemyError as error:  # somebody else writes for long; the next note may come through
        log.warning("progress not noted", extra={"error": type(error).__name__})


def _read(database: Database, taken: Taken, watch: Watch, max_megabytes: int) -> Sheet:
    with database.transaction(read_only=True) as session:
        data = service.read_file(session, taken)
    begin, end, _ = _SHARES[taken.work]
    return read_sheet(data, max_megabytes=max_megabytes, progress=watch.on(begin, end))


def _check(database: Database, clock: Clock, taken: Taken, watch: Watch, sheet: Sheet) -> None:
    watch.step = "compare"
    _, begin, end = _SHARES["check"]
    with database.transaction(read_only=True) as session:
        plan = dry_run(session, sheet, watch.on(begin, end))
    _begin_to_write(database, clock, taken, watch, end)
    _store(database, lambda session: service.keep_plan(session, taken, plan))


def _apply(database: Database, clock: Clock, taken: Taken, watch: Watch, sheet: Sheet) -> None:
    _begin_to_write(database, clock, taken, watch, _SHARES["apply"][2])
    try:
        with database.transaction() as session:
            service.mine(session, taken)
            applied = apply_import(
                session, sheet, file_name=taken.file_name, now=clock(), actor=taken.actor, shown=taken.shown
            )
            service.finish(session, taken, applied.batch.id if applied.batch else None)
    except PlanDiffers as differs:
        plan = differs.plan
        _store(database, lambda session: service.keep_plan(session, taken, plan, changed_since=True))


def _begin_to_write(database: Database, clock: Clock, taken: Taken, watch: Watch, share: float) -> None:
    watch.on(share, share)(1.0)
    watch.step = "write"
    with database.transaction() as session:
        until = clock() + LEASE_WHILE_WRITING
        service.note(session, taken, step="write", progress=int(100 * share), until=until)


def _store(database: Database, store: Callable[[Session], None]) -> None:
    with database.transaction() as session:
        store(session)

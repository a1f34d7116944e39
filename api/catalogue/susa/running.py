"""A run of the mirror from its first page to the last occasion: the network awaited, the database in a thread.

Every page has a transaction of its own, and so has every batch of occasions: nobody waits long for the one writer that
SQLite has, and a run that is cut off goes on where it stood.
"""

from __future__ import annotations

import asyncio
import logging
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from functools import partial
from typing import TypeVar
from uuid import uuid4

from sqlalchemy import select
from sqlalchemy.orm import Session

from api.catalogue.susa import mirror, runs
from api.catalogue.susa.applying import apply_events, load_catalogue
from api.catalogue.susa.client import PAGE_SIZE, HttpSource
from api.catalogue.susa.errors import SusaFailed
from api.catalogue.susa.matching import Wanted
from api.catalogue.susa.paging import KINDS, Kind, Page, Source
from api.catalogue.susa.reading import Resource
from api.catalogue.susa.tables import SusaEvent, SusaRun
from api.clock import Clock
from api.database import Database
from api.settings import Settings
from api.texts import Texts

log = logging.getLogger(__name__)

PHASES = (*KINDS, "occasions", "removals")
_BATCH = 200
_ONE_BY_ONE = 100
_BRAKE_LEAST, _BRAKE_SHARE = 10, 0.5
"""When so many events, and more than this share of ours, are missing at once, the source is taken to be wrong."""

_TEXTS = Texts.beside(__file__)
_T = TypeVar("_T")
Pause = Callable[[float], Awaitable[None]]


async def mirror_when_due(
    database: Database,
    settings: Settings,
    clock: Clock,
    *,
    page_size: int = PAGE_SIZE,
    pause: Pause = asyncio.sleep,
) -> SusaRun | None:
    """Do the run that is asked for or due, if any, and give it back as it ended. A failure is noted in it."""
    owner = uuid4().hex

    def claim(session: Session) -> tuple[SusaRun | None, Wanted]:
        wanted = mirror.wanted_of(session, settings)
        return runs.claim(session, settings, wanted.fingerprint, now=clock(), owner=owner), wanted

    run, wanted = await _write(database, claim)
    if run is None:
        return None
    log.info("susa-navet run", extra={"run": run.id, "kind": run.kind})
    source = HttpSource(
        settings.susa_url, settings.susa_school_types, clock, since=run.since, page_size=page_size, pause=pause
    )
    async with source:
        return await carry_out(database, source, run, wanted, clock, compare=run.kind == "full")


async def carry_out(
    database: Database, source: Source, run: SusaRun, wanted: Wanted, clock: Clock, *, compare: bool
) -> SusaRun:
    """Go on with a run that is ours until it ends. `compare`: what was not met is looked for, and is gone.

    Raises asyncio.CancelledError as others do, after giving the run free for the next one.
    """
    work = _Work(database, source, run, wanted, clock)
    error = ""
    try:
        first = PHASES.index(run.phase) if run.phase in PHASES else 0
        for number, kind in enumerate(KINDS):
            if number >= first:
                await work.read(kind, run.page if kind == run.phase else 0)
        await work.occasions("occasions")
        await work.removals(compare=compare)
    except SusaFailed as failure:
        error = str(failure.values["reason"])
        log.warning("susa-navet failed", extra={"run": run.id})
    except runs.LeaseLost:
        log.warning("susa-navet run taken over", extra={"run": run.id})
        return run
    except asyncio.CancelledError:
        with database.transaction() as session:  # short, and there is no time to wait for a thread
            runs.release(session, run.id, run.owner)
        raise
    except Exception:
        with database.transaction() as session:
            runs.finish(session, run.id, run.owner, now=clock(), error=_TEXTS("reason_ours"))
        raise

    def end(session: Session) -> SusaRun:
        runs.finish(session, run.id, run.owner, now=clock(), error=error)
        return session.get_one(SusaRun, run.id)

    return await _write(database, end)


class _Work:
    """What one run does, phase by phase."""

    def __init__(self, database: Database, source: Source, run: SusaRun, wanted: Wanted, clock: Clock) -> None:
        self._database, self._source, self._wanted, self._clock = database, source, wanted, clock
        self._run, self._owner, self._actor = run.id, run.owner, run.actor

    async def read(self, kind: Kind, first: int) -> None:
        """Take in a list, page by page."""
        await self._advance(kind, Counter(), first)
        async for page in self._source.pages(kind, first):
            if kind == "educationEvents":
                await self._fetch_lacking(page)
            await _write(self._database, partial(self._take, kind, page))

    async def removals(self, *, compare: bool) -> None:
        """Note which events are gone: expired ones, and after a whole list those that were not in it."""
        expired = await _write(self._database, lambda session: mirror.expire(session, self._clock()))
        await self._advance("removals", Counter(gone=expired))
        await self.occasions("removals")
        if not compare:
            return
        missing, total = await _read(self._database, lambda session: mirror.unseen(session, self._run))
        if len(missing) >= _BRAKE_LEAST and len(missing) > total * _BRAKE_SHARE:
            raise SusaFailed(_TEXTS("reason_brake", missing=len(missing), total=total))
        for start in range(0, len(missing), _ONE_BY_ONE):
            # Lists shift while they are read: an event may slip from a later page to an earlier one.
            some = missing[start : start + _ONE_BY_ONE]
            there = await self._source.some("educationEvents", some)
            await _write(self._database, partial(self._remove, some, there))
        await self.occasions("removals")

    async def occasions(self, phase: str) -> None:
        """Let the catalogue follow every event that has changed."""
        await self._advance(phase, Counter())
        after: int | None = 0
        while after is not None:
            after = await _write(self._database, partial(self._apply, phase, after))

    def _remove(self, asked: Sequence[str], there: Sequence[Resource], session: Session) -> None:
        now = self._clock()
        counts = Counter(gone=mirror.remove(session, set(asked) - {each.id for each in there}, now=now))
        found = mirror.take_events(session, there, self._wanted, run=self._run, now=now)
        counts["gone"] += found["gone"]
        runs.advance(session, self._run, self._owner, now=now, phase="removals", counts=counts)

    def _apply(self, phase: str, after: int, session: Session) -> int | None:
        query = select(SusaEvent).where(SusaEvent.dirty.is_(True), SusaEvent.id > after)
        rows = session.scalars(query.order_by(SusaEvent.id).limit(_BATCH)).all()
        if not rows:
            return None
        now = self._clock()
        counts = apply_events(session, rows, load_catalogue(session), now=now, actor=self._actor)
        runs.advance(session, self._run, self._owner, now=now, phase=phase, counts=counts)
        return rows[-1].id

    async def _fetch_lacking(self, page: Page) -> None:
        lacks = await _read(self._database, lambda session: mirror.lacking(session, page.resources, self._wanted))
        infos = await self._source.some("educationInfos", lacks.infos)
        providers = await self._source.some("educationProviders", lacks.providers)
        if not infos and not providers:
            return

        def store(session: Session) -> None:
            now = self._clock()
            counts = mirror.take_infos(session, infos, self._wanted, now=now, asked_for=True)
            counts += mirror.take_providers(session, providers, self._wanted, now=now, asked_for=True)
            runs.advance(
                session, self._run, self._owner, now=now, phase="educationEvents", page=page.number, counts=counts
            )

        await _write(self._database, store)

    def _take(self, kind: Kind, page: Page, session: Session) -> None:
        now = self._clock()
        if kind == "educationInfos":
            counts = mirror.take_infos(session, page.resources, self._wanted, now=now)
        elif kind == "educationProviders":
            counts = mirror.take_providers(session, page.resources, self._wanted, now=now)
        else:
            counts = mirror.take_events(session, page.resources, self._wanted, run=self._run, now=now)
        counts["unreadable"] += page.unreadable
        pages = page.total_pages or 0
        runs.advance(
            session, self._run, self._owner, now=now, phase=kind, page=page.number + 1, pages=pages, counts=counts
        )

    async def _advance(self, phase: str, counts: Counter[str], page: int = 0) -> None:
        def note(session: Session) -> None:
            runs.advance(session, self._run, self._owner, now=self._clock(), phase=phase, page=page, counts=counts)

        await _write(self._database, note)


async def _write(database: Database, do: Callable[[Session], _T]) -> _T:
    def in_transaction() -> _T:
        with database.transaction() as session:
            return do(session)

    return await asyncio.to_thread(in_transaction)


async def _read(database: Database, do: Callable[[Session], _T]) -> _T:
    def in_transaction() -> _T:
        with database.transaction(read_only=True) as session:
            return do(session)

    return await asyncio.to_thread(in_transaction)

"""`python -m api.manage import-susa DIR`: saved pages, on the same way as the mirror."""

from __future__ import annotations

import asyncio
from pathlib import Path
from uuid import uuid4

from api.catalogue.susa import mirror, runs
from api.catalogue.susa.errors import SusaFailed
from api.catalogue.susa.folder import FolderSource
from api.catalogue.susa.report import render
from api.catalogue.susa.running import carry_out
from api.clock import Clock
from api.database import Database
from api.settings import Settings
from api.texts import Texts

_TEXTS = Texts.beside(__file__)


def import_folder(
    folder: Path, settings: Settings, database: Database, clock: Clock, *, actor: str, whole: bool = False
) -> str:
    """Take in the pages of a folder; the Swedish report. `whole`: what the pages lack is gone from Susa-navet.

    Raises SusaFailed. FileNotFoundError or NotADirectoryError for a folder that is not there.
    """
    next(folder.iterdir(), None)  # says in the system's own words what is wrong with it
    return asyncio.run(_import(FolderSource(folder), settings, database, clock, actor, whole))


async def _import(
    source: FolderSource, settings: Settings, database: Database, clock: Clock, actor: str, whole: bool
) -> str:
    if whole and not await source.is_whole():
        raise SusaFailed(_TEXTS("reason_not_whole"))
    owner = uuid4().hex
    with database.transaction() as session:
        wanted = mirror.wanted_of(session, settings)
        run = runs.start_files(session, wanted.fingerprint, now=clock(), actor=actor, owner=owner)
    ended = await carry_out(database, source, run, wanted, clock, compare=whole)
    if ended.error:
        raise SusaFailed(ended.error)
    return render(ended)

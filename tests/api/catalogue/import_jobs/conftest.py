"""The app over a small catalogue, two people who import files, and the worker that does the work."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import httpx
import pytest
from sqlalchemy import func, select

from api.catalogue.import_jobs import service
from api.catalogue.import_jobs.running import Watch, carry_out, run_next
from api.catalogue.import_jobs.service import Taken
from api.catalogue.import_jobs.tables import ImportFinding, ImportJob, ImportPiece
from api.catalogue.tables import Occasion
from api.database import Base, Database
from api.main import create_app
from api.settings import Settings
from tests.api.catalogue.importing.conftest import MakeFile, catalogue, make_file
from tests.api.staff.conftest import SETTINGS, Browser, House
from tests.conftest import MovableClock

__all__ = ["catalogue", "make_file"]

PATH = "/personal/import"
MOST = 1
"""Megabytes that a file may have here."""


@dataclass
class Office:
    """The house, somebody of the staff at a browser, and what both have done."""

    house: House
    clock: MovableClock
    make_file: MakeFile
    staff: Browser
    other: Browser

    @property
    def database(self) -> Database:
        return self.house.database

    async def upload(
        self, data: bytes, name: str = "kurser.csv", *, by: Browser | None = None, csrf: str | None = None
    ) -> httpx.Response:
        who = by or self.staff
        fields = {"csrf": who.csrf if csrf is None else csrf}
        return await who.client.post(PATH, data=fields, files={"fil": (name, data, "text/csv")})

    async def uploaded(self, *rows: dict[str, str], by: Browser | None = None) -> str:
        """The address of the job for a file with these rows."""
        answer = await self.upload(self.make_file(*rows), by=by)
        assert answer.status_code == 303, answer.text
        return str(answer.headers["location"])

    async def work(self) -> None:
        """What the worker does until nothing waits."""
        while await run_next(self.database, self.clock, max_megabytes=MOST):
            pass

    async def checked(self, *rows: dict[str, str], by: Browser | None = None) -> str:
        page = await self.uploaded(*rows, by=by)
        await self.work()
        return page

    async def apply(self, page: str, *, by: Browser | None = None) -> None:
        """Press the button as the page shows it, and let the worker do it."""
        job = self.job(page)
        await (by or self.staff).post(f"{page}/genomfor", visat=job.plan_digest or "")
        await self.work()

    def take(self) -> Taken:
        """As another worker process."""
        with self.database.transaction() as session:
            taken = service.take(session, self.clock())
        assert taken is not None
        return taken

    def carry_out(self, taken: Taken, watch: Watch | None = None) -> None:
        carry_out(self.database, self.clock, taken, watch or Watch(), MOST)

    def job(self, page: str) -> ImportJob:
        with self.database.transaction(read_only=True) as session:
            return session.get_one(ImportJob, UUID(page.rpartition("/")[2]))

    def standing(self, page: str) -> str:
        return service.standing(self.job(page), self.clock())

    def occasions(self) -> dict[str, int | None]:
        """external_id → places."""
        with self.database.transaction(read_only=True) as session:
            return dict(session.execute(select(Occasion.external_id, Occasion.places)).all())

    def count(self, model: type[Base]) -> int:
        with self.database.transaction(read_only=True) as session:
            return session.scalar(select(func.count()).select_from(model)) or 0

    def stored(self) -> dict[str, int]:
        """How many rows there are of everything that an upload leaves."""
        return {model.__tablename__: self.count(model) for model in (ImportJob, ImportPiece, ImportFinding)}


NOTHING = {"import_job": 0, "import_piece": 0, "import_finding": 0}


@pytest.fixture
async def office(
    catalogue: Database,
    make_file: MakeFile,
    clock: MovableClock,
) -> AsyncIterator[Office]:
    settings = Settings(**SETTINGS | {"import_max_megabytes": MOST})
    house = House(create_app(settings, clock=clock, database=catalogue), catalogue, settings, clock)
    staff = house.signed_in(house.account("redaktionen@example.org", title="Redaktionen"))
    other = house.signed_in(house.account("arvika@example.org", title="Noden i Arvika"))
    yield Office(house, clock, make_file, staff, other)
    await house.app.state.bot.close()
    house.app.state.vacancies.close()


async def at_once(*tasks: Any) -> None:
    """Run blocking functions in threads of their own at the same time."""
    await asyncio.gather(*(asyncio.to_thread(task) for task in tasks))

"""The worker's look at Yrkesbarometern's file, over real HTTP."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy import select

from api.chat.bot import BotClient
from api.database import Database
from api.guidance.outlook import fetching, reading
from api.guidance.outlook.fetching import refresh_outlook
from api.guidance.outlook.tables import Outlook
from api.settings import Settings
from api.worker import jobs
from tests.api.guidance.jobsearch_server import JobSearchServer, jobsearch_server
from tests.api.guidance.test_outlook_import import SAMPLE, as_file, row
from tests.conftest import MovableClock


@pytest.fixture
def server() -> Iterator[JobSearchServer]:
    """A server of files, too: it answers every path with what it is told."""
    with jobsearch_server() as started:
        started.raw = SAMPLE.read_bytes()
        yield started


def forecasts(database: Database) -> list[str | None]:
    with database.transaction(read_only=True) as session:
        return list(session.scalars(select(Outlook.forecast).where(Outlook.region == "17").order_by(Outlook.id)))


async def test_it_is_fetched_when_there_is_none_and_then_once_a_month(
    seeded_both: Database, server: JobSearchServer, clock: MovableClock
):
    await refresh_outlook(seeded_both, server.address, clock)
    assert forecasts(seeded_both) == ["vara oförändrad", None]
    server.raw = as_file(row(prognos="öka", omgang="2026-2"))
    clock.move(days=29)
    await refresh_outlook(seeded_both, server.address, clock)
    assert len(server.paths) == 1
    clock.move(days=1)
    await refresh_outlook(seeded_both, server.address, clock)
    assert forecasts(seeded_both) == ["öka"]


@pytest.mark.parametrize("way", ["500", "redirect", "broken", "older", "huge", "slow", "nobody"])
async def test_what_fails_leaves_what_is_stored(
    seeded: Database, server: JobSearchServer, clock: MovableClock, way: str, caplog, monkeypatch: pytest.MonkeyPatch
):
    await refresh_outlook(seeded, server.address, clock)
    before = forecasts(seeded)
    clock.move(days=40)
    if way == "500":
        server.status = 500
    elif way == "redirect":
        server.status, server.headers = 302, {"Location": f"{server.address}/elsewhere"}
    elif way == "broken":
        server.raw = b"<html>Kim"
    elif way == "older":
        server.raw = as_file(row(omgang="2020-1"))
    elif way == "huge":
        monkeypatch.setattr(fetching, "MAX_BYTES", 1_000)
        monkeypatch.setattr(reading, "MAX_BYTES", 1_000)
    elif way == "slow":
        server.hang = True
        monkeypatch.setattr(fetching, "_SECONDS", 0.1)
    await refresh_outlook(seeded, "http://127.0.0.1:1" if way == "nobody" else server.address, clock)
    assert forecasts(seeded) == before
    assert "no outlook" in caplog.text
    assert "Kim" not in caplog.text


@pytest.mark.parametrize("url", ["", "https://example.org/yrkesbarometer.json"])
async def test_the_worker_looks_only_where_an_address_is_set(seeded: Database, clock: MovableClock, url: str):
    bot = BotClient(Settings())
    names = [job.name for job in jobs(seeded, Settings(outlook_url=url), object(), bot, clock)]
    await bot.close()
    assert ("outlook" in names) is bool(url)

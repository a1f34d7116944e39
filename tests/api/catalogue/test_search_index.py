"""The catalogue is read once, before anybody asks; a change is read before or beside the next search."""

from __future__ import annotations

import threading
import time
from typing import Any, NoReturn

import httpx
import pytest
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from api.catalogue import search_index
from api.catalogue.search_form import SearchForm
from api.catalogue.service import search
from api.database import Database
from api.guidance.tables import Occupation
from api.main import create_app
from api.settings import Settings
from tests.conftest import NOW, MovableClock


async def test_nobody_waits_for_the_first_reading(seeded_both: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    app = create_app(Settings(rate_limit_enabled=False), clock=MovableClock(NOW), database=seeded_both)
    transport = httpx.ASGITransport(app)

    def read_again(*_: object) -> NoReturn:
        raise AssertionError("the first question reads the catalogue")

    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(transport=transport, base_url="http://test") as client,
    ):
        monkeypatch.setattr(search_index, "_read", read_again)
        answer = await client.get("/api/v1/courses")
    assert answer.status_code == 200
    assert answer.json()["total"] > 0


@pytest.fixture
def after_a_slow_reading(seeded_both: Database, monkeypatch: pytest.MonkeyPatch) -> Database:
    """A database whose catalogue was read so slowly that people shall not wait for it again, and then changed."""
    monkeypatch.setattr(search_index, "_TOO_LONG", -1)
    assert _found(seeded_both) == 0
    with seeded_both.transaction() as session:
        session.execute(text("UPDATE occupation SET title = 'Zeppelin' WHERE slug = 'svetsare'"))
    return seeded_both


def _found(database: Database) -> int:
    with database.transaction(read_only=True) as session:
        return search(session, SearchForm(words="zeppelin"), NOW.date()).total


def test_one_slow_reading_does_not_make_the_next_answer_old(
    after_a_slow_reading: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    joined = threading.Thread.join
    monkeypatch.setattr(threading.Thread, "join", lambda thread, _timeout=None: joined(thread))  # however busy it is
    assert _found(after_a_slow_reading) > 0


def test_what_takes_long_to_read_is_answered_from_before_until_it_is_read(
    after_a_slow_reading: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    may_read = threading.Event()
    read = search_index._read

    def held_up(*arguments: Any) -> Any:
        assert may_read.wait(60)
        return read(*arguments)

    monkeypatch.setattr(search_index, "_read", held_up)
    assert _found(after_a_slow_reading) == _found(after_a_slow_reading) == 0
    may_read.set()
    give_up = time.monotonic() + 60
    while not _found(after_a_slow_reading):
        assert time.monotonic() < give_up
        time.sleep(0.1)


def test_a_look_ahead_reads_once_and_leaves_nothing(seeded: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    assert _found(seeded) == 0
    readings = []
    read = search_index._read
    monkeypatch.setattr(search_index, "_read", lambda *arguments: readings.append(1) or read(*arguments))
    with Session(seeded.engine) as session:
        session.scalars(select(Occupation).where(Occupation.slug == "svetsare")).one().title = "Zeppelin"
        with search_index.as_if(session):
            found = [search(session, SearchForm(words="zeppelin"), NOW.date()).total for _ in range(3)]
        assert found[0] == found[1] == found[2] > 0
        assert len(readings) == 1
        assert search(session, SearchForm(words="zeppelin"), NOW.date()).total == 0

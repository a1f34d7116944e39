"""Every page names somebody to turn to when the chat does not answer, for the chat to show."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from datetime import timedelta

import httpx
import pytest
from sqlalchemy import delete, select
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from api.catalogue.reach import Reach
from api.catalogue.tables import Node
from api.database import Database
from api.main import create_app
from api.settings import Settings
from tests.conftest import NOW, MovableClock

FIRST = "031-390 60 99"


@pytest.fixture
def clock() -> MovableClock:
    return MovableClock(NOW)


def ring(database: Database, number: str) -> None:
    """Give the first office another number."""
    with database.transaction() as session:
        session.scalars(select(Node).order_by(Node.town)).first().phone = number


def test_it_is_the_first_office_of_the_front_page(seeded_both: Database, clock: MovableClock) -> None:
    ring(seeded_both, FIRST)
    assert Reach(seeded_both, clock).address() == "tel:+46313906099"


def test_a_number_that_staff_change_is_used_within_ten_minutes(seeded: Database, clock: MovableClock) -> None:
    reach = Reach(seeded, clock)
    before = reach.address()
    ring(seeded, FIRST)
    assert reach.address() == before
    clock.now += timedelta(minutes=10)
    assert reach.address() == reach.known == "tel:+46313906099"


def test_when_the_database_is_away_the_last_known_one_stays(
    seeded: Database, clock: MovableClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    reach = Reach(seeded, clock)
    before = reach.address()
    clock.now += timedelta(hours=1)

    def away(*_: object) -> None:
        raise OperationalError("select", {}, Exception("away"))

    monkeypatch.setattr(Session, "scalar", away)
    assert before == reach.address() != ""


def test_without_offices_nobody_is_named(database: Database, clock: MovableClock) -> None:
    with database.transaction() as session:
        session.execute(delete(Node))
    assert Reach(database, clock).address() == ""


class TestPages:
    @pytest.fixture
    async def browser(self, seeded: Database, clock: MovableClock) -> AsyncIterator[httpx.AsyncClient]:
        ring(seeded, FIRST)
        app = create_app(Settings(rate_limit_enabled=False), clock=clock, database=seeded)
        transport = httpx.ASGITransport(app)
        async with (
            app.router.lifespan_context(app),
            httpx.AsyncClient(transport=transport, base_url="http://test", headers={"Accept": "text/html"}) as client,
        ):
            yield client

    @pytest.mark.parametrize("path", ["/", "/utbildningar", "/traffar", "/tillganglighet"])
    async def test_the_chat_of_a_page_knows_whom_to_name(self, browser: httpx.AsyncClient, path: str) -> None:
        assert 'loader.js" defer' in (text := (await browser.get(path)).text)
        assert text.count(' data-contact="tel:+46313906099"') == 1

    async def test_on_a_course_it_is_the_office_that_gives_it(self, browser: httpx.AsyncClient) -> None:
        text = (await browser.get("/utbildningar/1")).text
        offices = re.search(r"<main.*</main>", text, re.DOTALL)
        (named,) = re.findall(r' data-contact="([^"]+)"', text)
        assert offices
        assert f'href="{named}"' in offices[0]

    async def test_a_page_about_an_error_names_who_was_known(self, browser: httpx.AsyncClient) -> None:
        assert "data-contact" not in (await browser.get("/finns-inte")).text
        await browser.get("/")
        assert 'data-contact="tel:+46313906099"' in (await browser.get("/finns-inte")).text

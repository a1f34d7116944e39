"""Somebody of the staff at a form: what a browser would send of a page, and how the app is put up for it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from html.parser import HTMLParser

import httpx
import pytest

from api.database import Database
from api.main import create_app
from api.settings import Settings
from tests.api.staff.conftest import SETTINGS, Browser, House
from tests.conftest import MovableClock


class _Reader(HTMLParser):
    """The fields of each form, by its address."""

    def __init__(self) -> None:
        super().__init__()
        self.forms: dict[str, dict[str, str]] = {}
        self._form: dict[str, str] | None = None
        self._area = self._select = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._form = self.forms.setdefault(given.get("action", ""), {})
        if self._form is None:
            return
        if tag == "input" and (given.get("type") != "checkbox" or "checked" in given):
            self._form[given["name"]] = given.get("value", "")
        elif tag == "textarea":
            self._area = given["name"]
            self._form[self._area] = ""
        elif tag == "select":
            self._select = given["name"]
        elif tag == "option" and ("selected" in given or self._select not in self._form):
            self._form[self._select] = given.get("value", "")

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._form = None
        elif tag == "textarea":
            self._area = ""

    def handle_data(self, data: str) -> None:
        if self._area and self._form is not None:
            self._form[self._area] += data


def form_of(page: httpx.Response, path: str) -> dict[str, str]:
    """What a browser sends of the form that goes to `path` when nobody has touched it."""
    reader = _Reader()
    reader.feed(page.text)
    return {name: value.removeprefix("\n").rstrip("\n") for name, value in reader.forms[path].items()}


async def send(browser: Browser, path: str, **changed: str) -> httpx.Response:
    """Open the page, change these fields, and send its form."""
    page = await browser.get(path)
    assert page.status_code == 200, page.status_code
    return await browser.post(path, **{**form_of(page, path), **changed})


async def send_again(browser: Browser, path: str, page: httpx.Response, **changed: str) -> httpx.Response:
    """Send the form of a page that came back, once more."""
    return await browser.post(path, **{**form_of(page, path), **changed})


@asynccontextmanager
async def put_up(database: Database, clock: MovableClock) -> AsyncIterator[House]:
    settings = Settings(**SETTINGS)
    house = House(create_app(settings, clock=clock, database=database), database, settings, clock)
    yield house
    await house.app.state.bot.close()
    house.app.state.vacancies.close()


@pytest.fixture
async def house(seeded_both: Database, clock: MovableClock) -> AsyncIterator[House]:
    """The app over the seed data, in a database of each kind."""
    async with put_up(seeded_both, clock) as house:
        yield house


@pytest.fixture
def staff(house: House) -> Browser:
    return house.signed_in(house.account())


@pytest.fixture
def colleague(house: House) -> Browser:
    return house.signed_in(house.account("kollegan@example.org"))

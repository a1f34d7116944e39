"""Somebody at the plain page, as a browser without scripts: it keeps cookies, sends forms and follows redirects."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from html import unescape
from typing import Any

import httpx
import pytest

from api.database import Database
from tests.api.chat.conftest import MakeApp

FORM = {"Content-Type": "application/x-www-form-urlencoded", "Sec-Fetch-Site": "same-origin"}


class Reader:
    """A browser with one tab. `page` is what it shows."""

    def __init__(self, client: httpx.AsyncClient) -> None:
        self.client = client
        self.client.headers["Accept"] = "text/html"
        self.page: httpx.Response

    async def open(self, path: str = "/chatt") -> httpx.Response:
        self.page = await self.client.get(path)
        return self.page

    async def post(self, path: str = "/chatt", headers: dict[str, str] | None = None, **fields: Any) -> httpx.Response:
        """Send a form; the answer as it came, before any redirect."""
        return await self.client.post(path, data=fields, headers=FORM | (headers or {}))

    async def say(self, text: str) -> httpx.Response:
        """Write in the field and follow where that leads."""
        return await self._follow(await self.post(text=text, nyckel=self.key))

    async def press(self, title: str) -> httpx.Response:
        """Press a button of the conversation."""
        pattern = rf'<button[^>]*name="(\w+)" value="([^"]*)">{re.escape(title)}</button>'
        found = re.search(pattern, self.page.text)
        assert found, f"no button {title!r}"
        return await self._follow(await self.post(**{found[1]: unescape(found[2])}, nyckel=self.key))

    async def _follow(self, answer: httpx.Response) -> httpx.Response:
        if answer.status_code == 303:
            return await self.open(answer.headers["location"].partition("#")[0])
        self.page = answer
        return answer

    @property
    def key(self) -> str:
        """What makes a form of this page, sent twice, one message."""
        found = re.search(r'name="nyckel" value="([^"]+)"', self.page.text)
        assert found
        return found[1]

    @property
    def cookies(self) -> dict[str, str]:
        return dict(self.client.cookies)

    def words(self, of: str = "main") -> str:
        """What the page says, without its mark-up."""
        found = re.search(rf"<{of}\b.*</{of}>", self.page.text, re.DOTALL)
        assert found
        return " ".join(unescape(re.sub(r"<[^>]+>", " ", found[0])).split())


NewReader = Callable[..., Awaitable[Reader]]


@pytest.fixture
def new_reader(make_app: MakeApp, seeded: Database, connect: Any) -> NewReader:
    """Readers, each with an app of their own: over `seeded` unless told otherwise, with the settings asked for."""

    async def new(database: Database = seeded, **settings: Any) -> Reader:
        reader = Reader(await connect(make_app(database, **settings)))
        await reader.open()
        return reader

    return new


@pytest.fixture
async def reader(new_reader: NewReader) -> Reader:
    return await new_reader()

"""An app with accounts, and somebody at a browser who logs in to it."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from html import unescape
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy import select

from api.clock import Clock
from api.database import Database
from api.main import create_app
from api.settings import Settings
from api.staff import accounts, sessions
from api.staff.passwords import hash_password
from api.staff.secrets import keyed_hash
from api.staff.tables import Account, Audit
from tests.conftest import MovableClock

SITE = "https://vagledaren.example.org"
PASSWORD = "kastrull moln 73 trappa"
HASHED = hash_password(PASSWORD)
SETTINGS: dict[str, Any] = {"public_url": SITE, "secret_key": "k" * 40, "service_token": "t" * 40}


@dataclass
class House:
    """The running app, its database and what a test wants to know of both."""

    app: FastAPI
    database: Database
    settings: Settings
    clock: Clock

    def account(self, login: str = "redaktionen@example.org", role: str = "staff", **values: Any) -> int:
        """An account whose password is PASSWORD; its id."""
        with self.database.transaction() as session:
            made = accounts.create(session, login=login, title="Redaktionen", role=role, now=self.clock(), actor="cli")
            made.password_hash = HASHED
            for name, value in values.items():
                setattr(made, name, value)
            return made.id

    def row(self, account_id: int) -> Account:
        with self.database.transaction(read_only=True) as session:
            return session.get_one(Account, account_id)

    def audited(self) -> list[Audit]:
        with self.database.transaction(read_only=True) as session:
            return list(session.scalars(select(Audit).order_by(Audit.id)))

    def actions(self) -> list[str]:
        return [row.action for row in self.audited()]

    def browser(self, address: str = "203.0.113.5", **headers: str) -> Browser:
        transport = httpx.ASGITransport(self.app, client=(address, 4711))
        headers = {"Accept": "text/html"} | headers
        return Browser(self, httpx.AsyncClient(transport=transport, base_url=SITE, headers=headers))

    def signed_in(self, account_id: int, address: str = "203.0.113.5") -> Browser:
        """A browser with a new session of the account, without the log-in form."""
        browser = self.browser(address)
        with self.database.transaction() as session:
            token = sessions.start(session, self.settings, session.get_one(Account, account_id), self.clock())
        browser.client.cookies.set(sessions.cookie_name(self.settings), token, domain="vagledaren.example.org")
        browser.csrf = keyed_hash(self.settings.secret_key, "csrf", token)
        return browser


@dataclass
class Browser:
    """Keeps cookies, and the token of the last page's forms."""

    house: House
    client: httpx.AsyncClient
    csrf: str = ""
    pages: list[httpx.Response] = field(default_factory=list)

    @property
    def token(self) -> str:
        """The session's token; empty when logged out."""
        return self.client.cookies.get(sessions.cookie_name(self.house.settings), "")

    async def get(self, path: str) -> httpx.Response:
        return self._seen(await self.client.get(path))

    async def post(self, path: str, *, csrf: str | None = None, **fields: str) -> httpx.Response:
        """Send a form with the token that the last page had, unless the test gives another one."""
        data = fields | {"csrf": self.csrf if csrf is None else csrf}
        return self._seen(await self.client.post(path, data=data))

    async def log_in(
        self, login: str = "redaktionen@example.org", password: str = PASSWORD, **more: str
    ) -> httpx.Response:
        await self.get("/personal/logga-in")
        return await self.post("/personal/logga-in", login=login, password=password, **more)

    async def is_in(self) -> bool:
        return (await self.client.get("/personal")).status_code == 200

    def _seen(self, page: httpx.Response) -> httpx.Response:
        if found := re.search(r'name="csrf" value="([^"]+)"', page.text):
            self.csrf = unescape(found[1])
        return page


@pytest.fixture
async def build(database: Database, clock: MovableClock) -> AsyncIterator[Callable[..., House]]:
    """Makes the app with the settings a test wants."""
    houses: list[House] = []

    def make(**values: Any) -> House:
        settings = Settings(**SETTINGS | values)
        houses.append(House(create_app(settings, clock=clock, database=database), database, settings, clock))
        return houses[-1]

    yield make
    for house in houses:
        await house.app.state.bot.close()
        house.app.state.vacancies.close()


@pytest.fixture
def house(build: Callable[..., House]) -> House:
    return build()

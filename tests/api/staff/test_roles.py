"""Every route of the app, for everybody: each role, and nobody."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterator
from pathlib import Path
from shutil import copy

import pytest
import yaml
from fastapi import FastAPI

from api.database import Database
from api.main import create_app
from api.settings import Settings
from api.staff.addresses import PREFIX
from api.staff.roles import ROLES, declared
from api.staff.sessions import Role
from tests.api.staff.conftest import SETTINGS, Browser, House

ACCESS: dict[str, frozenset[Role] | None] = {
    "everybody": None,
    "service": None,
    "form": None,
    "all": frozenset({"admin", "staff", "counsellor"}),
    "staff": frozenset({"admin", "staff"}),
    "admin": frozenset({"admin"}),
}
"""The words of `routes.yml`, and the roles that each lets in; None where no role is asked for."""


def whole_app() -> FastAPI:
    # No database is opened: only the routes are looked at.
    return create_app(Settings(data_dir=Path(tempfile.gettempdir()), **SETTINGS))


ROUTES = {(method, path): guard for method, path, guard in declared(whole_app())}


def _read_table() -> dict[tuple[str, str], str]:
    """(method, path) → a word of ACCESS. HEAD is what GET is."""
    file = Path(__file__).with_name("routes.yml")
    written: dict[str, dict[str, str]] = yaml.safe_load(file.read_text("utf-8"))
    table = {(method, path): word for path, methods in written.items() for method, word in methods.items()}
    heads = {("HEAD", path): word for (method, path), word in table.items() if method == "GET"}
    return table | {key: word for key, word in heads.items() if key in ROUTES}


TABLE = _read_table()
each_route = pytest.mark.parametrize(("method", "path"), sorted(ROUTES), ids=map(" ".join, sorted(ROUTES)))


def address(path: str) -> str:
    """The path with something in the place of its parameters that nothing belongs to."""
    return re.sub(r"\{[^}]+\}", "999999", path)


async def call(browser: Browser, method: str, path: str, csrf: str) -> tuple[int, str]:
    """Status, and where it leads."""
    options = {"data": {"csrf": csrf}} if method == "POST" and path.startswith(PREFIX) else {}
    answer = await browser.client.request(method, address(path), **options)
    return answer.status_code, answer.headers.get("location", "")


def test_every_route_under_personal_says_who_may_reach_it() -> None:
    assert [key for key, guard in ROUTES.items() if guard is None and key[1].startswith(PREFIX)] == []


def test_no_route_elsewhere_asks_for_a_role() -> None:
    assert [key for key, guard in ROUTES.items() if guard is not None and not key[1].startswith(PREFIX)] == []


def test_every_route_stands_in_the_table_and_nothing_else_does() -> None:
    assert sorted(ROUTES.keys() - TABLE.keys()) == [], "write down in routes.yml who may reach these"
    assert sorted(TABLE.keys() - ROUTES.keys()) == [], "these are gone: take them out of routes.yml"
    assert set(TABLE.values()) == ACCESS.keys()


@each_route
def test_a_route_lets_in_whom_the_table_says(method: str, path: str) -> None:
    guard, roles = ROUTES[method, path], ACCESS[TABLE[method, path]]
    assert (guard is not None) is path.startswith(PREFIX)
    if guard is not None:
        found = frozenset(role for role in ROLES if guard.allows(role)) if guard.roles else None
        assert found == roles
        assert (TABLE[method, path] == "form") is (found is None)


class TestEveryRoute:
    @pytest.fixture
    def database(self, seeded_file: Path, tmp_path: Path) -> Iterator[Database]:
        """SQLite is enough: who is let in does not depend on the database."""
        database = Database(f"sqlite:///{copy(seeded_file, tmp_path / 'test.db')}")
        yield database
        database.dispose()

    @each_route
    async def test_lets_in_the_right_roles_and_nobody_else(self, house: House, method: str, path: str) -> None:
        word = TABLE[method, path]
        roles, nobody = ACCESS[word], house.browser()
        if path.startswith(PREFIX):
            await nobody.get("/personal/logga-in")
        status, location = await call(nobody, method, path, nobody.csrf)
        if word == "service":
            assert status == 401
        if roles is not None:
            assert (status, location[:28]) == (
                (303, "/personal/logga-in?vidare=%2") if method in {"GET", "HEAD"} else (401, "")
            )
        for role in ROLES:
            number = house.account(f"konto-{role}", role)
            browser = house.signed_in(number)
            if word in {"everybody", "service"}:
                assert (await call(browser, method, path, ""))[0] == status
                continue
            if roles is None:
                browser.client.cookies.update(nobody.client.cookies)  # the other half of the form's token
                assert (await call(browser, method, path, nobody.csrf))[0] not in {403, 500}
                continue
            got, location = await call(browser, method, path, browser.csrf)
            assert (got == 403) is (role not in roles)
            if role in roles:
                assert got < 500
                assert got != 401
                assert not location.startswith("/personal/logga-in") or path == "/personal/logga-ut"

    @each_route
    async def test_changes_nothing_without_the_token_of_our_own_form(
        self, house: House, method: str, path: str
    ) -> None:
        if TABLE[method, path] in {"everybody", "service"} or method in {"GET", "HEAD"}:
            return
        for role in ROLES:
            browser = house.signed_in(house.account(f"konto-{role}", role))
            for token in ("", "x" * 64):
                assert (await call(browser, method, path, token))[0] == 403

"""Every route of the app, for everybody: each role, and nobody."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterator
from pathlib import Path
from shutil import copy

import pytest
from fastapi import FastAPI

from api.database import Database
from api.main import create_app
from api.settings import Settings
from api.staff.roles import PREFIX, ROLES, declared
from api.staff.sessions import Role
from tests.api.staff.conftest import SETTINGS, Browser, House

ALL = frozenset(ROLES)
ADMIN: frozenset[Role] = frozenset({"admin"})

ACCOUNTS = {
    ("GET", "/personal/logga-in"): None,
    ("POST", "/personal/logga-in"): None,
    ("GET", "/personal/lank/{token}"): None,
    ("POST", "/personal/lank/{token}"): None,
    ("GET", "/personal/oidc"): None,
    ("GET", "/personal/oidc/svar"): None,
    ("POST", "/personal/logga-ut"): ALL,
    ("GET", "/personal"): ALL,
    ("GET", "/personal/konto"): ALL,
    ("POST", "/personal/konto/losenord"): ALL,
    ("POST", "/personal/konto/sessioner"): ALL,
    ("POST", "/personal/konto/sessioner/{session_id}"): ALL,
    ("GET", "/personal/konton"): ADMIN,
    ("POST", "/personal/konton"): ADMIN,
    ("POST", "/personal/konton/{account_id}/lank"): ADMIN,
    ("POST", "/personal/konton/{account_id}/roll"): ADMIN,
    ("POST", "/personal/konton/{account_id}/stang"): ADMIN,
    ("POST", "/personal/konton/{account_id}/oppna"): ADMIN,
    ("POST", "/personal/konton/{account_id}/sessioner"): ADMIN,
}
"""Who may reach the pages about accounts; None for everybody. What other pages let in stands at their routes."""


def whole_app() -> FastAPI:
    # No database is opened: only the routes are looked at.
    return create_app(Settings(data_dir=Path(tempfile.gettempdir()), **SETTINGS))


ROUTES = {(method, path): guard for method, path, guard in declared(whole_app())}
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


def test_the_pages_about_accounts_let_in_whom_the_table_says() -> None:
    found = {
        key: frozenset(role for role in ROLES if ROUTES[key].allows(role)) if ROUTES[key].roles else None
        for key in ACCOUNTS
    }
    assert found == ACCOUNTS
    own = {key for key in ROUTES if re.match(r"/personal($|/(logga|lank|oidc|konto))", key[1]) and key[0] != "HEAD"}
    assert own == ACCOUNTS.keys()


class TestEveryRoute:
    @pytest.fixture
    def database(self, seeded_file: Path, tmp_path: Path) -> Iterator[Database]:
        """SQLite is enough: who is let in does not depend on the database."""
        database = Database(f"sqlite:///{copy(seeded_file, tmp_path / 'test.db')}")
        yield database
        database.dispose()

    @each_route
    async def test_lets_in_the_right_roles_and_nobody_else(self, house: House, method: str, path: str) -> None:
        guard = ROUTES[method, path]
        nobody = house.browser()
        if path.startswith(PREFIX):
            await nobody.get("/personal/logga-in")
        status, location = await call(nobody, method, path, nobody.csrf)
        if guard is not None and guard.roles:
            assert (status, location[:28]) == (
                (303, "/personal/logga-in?vidare=%2") if method in {"GET", "HEAD"} else (401, "")
            )
        for role in ROLES:
            number = house.account(f"konto-{role}", role)
            browser = house.signed_in(number)
            if guard is None:
                assert (await call(browser, method, path, ""))[0] == status
                continue
            if not guard.roles:
                browser.client.cookies.update(nobody.client.cookies)  # the other half of the form's token
                assert (await call(browser, method, path, nobody.csrf))[0] not in {403, 500}
                continue
            got, location = await call(browser, method, path, browser.csrf)
            assert (got == 403) is not guard.allows(role)
            if guard.allows(role):
                assert got < 500
                assert got != 401
                assert not location.startswith("/personal/logga-in") or path == "/personal/logga-ut"

    @each_route
    async def test_changes_nothing_without_the_token_of_our_own_form(
        self, house: House, method: str, path: str
    ) -> None:
        guard = ROUTES[method, path]
        if guard is None or method in {"GET", "HEAD"}:
            return
        for role in ROLES:
            browser = house.signed_in(house.account(f"konto-{role}", role))
            for token in ("", "x" * 64):
                assert (await call(browser, method, path, token))[0] == 403

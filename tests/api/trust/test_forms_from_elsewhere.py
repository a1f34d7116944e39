"""A form on another site changes nothing: every route that changes something, whoever is logged in."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from shutil import copy

import httpx
import pytest
from sqlalchemy import func, select

from api.database import Base, Database
from api.staff.csrf import SAFE_METHODS
from tests.api.staff.conftest import House
from tests.api.staff.test_roles import ROUTES

ELSEWHERE = (
    {"Sec-Fetch-Site": "cross-site", "Origin": "https://evil.example"},
    {"Sec-Fetch-Site": "same-site", "Origin": "https://evil.vagledaren.example.org"},
    {"Origin": "https://evil.example"},
    {"Origin": "null"},
    {"Origin": "https://vagledaren.example.org.evil.example"},
)
"""What browsers say of a form there, with and without Sec-Fetch-Site."""

SECRET_IN_THE_ADDRESS = {
    "/mote/{token}/byt",
    "/mote/{token}/avboka",
    "/traffar/anmalan/{token}/ja",
    "/traffar/anmalan/{token}/nej",
    "/traffar/anmalan/{token}/avboka",
}
"""Whoever knows the address may press the button, and another site does not know it."""
SECRET_IN_A_HEADER = re.compile("/internal/v1/|/api/v1/conversations/")
"""A form cannot set `Authorization`, and no cookie stands in for it."""
NOTHING_OF_ANYBODYS = {("POST", "/api/v1/conversations")}
"""Begins a conversation whose token only the sender gets: the widget stands on other sites."""

CHANGING = sorted((method, path) for method, path in ROUTES if method not in SAFE_METHODS)


@pytest.fixture
def database(seeded_file: Path, tmp_path: Path) -> Iterator[Database]:
    """SQLite is enough: what is refused does not depend on the database."""
    database = Database(f"sqlite:///{copy(seeded_file, tmp_path / 'test.db')}")
    yield database
    database.dispose()


def counted(database: Database) -> dict[str, int]:
    """How many rows each table has; a conversation that is begun elsewhere leaves its own."""
    own = {"conversation", "message"}
    with database.transaction(read_only=True) as session:
        return {
            table.name: session.scalar(select(func.count()).select_from(table)) or 0
            for table in Base.metadata.sorted_tables
            if table.name not in own
        }


def refused(method: str, path: str, status: int, headers: httpx.Headers) -> bool:
    if path in SECRET_IN_THE_ADDRESS:
        return status == 404
    if SECRET_IN_A_HEADER.match(path):
        return status in {401, 422}
    if (method, path) in NOTHING_OF_ANYBODYS:
        return "set-cookie" not in headers
    return status == 403


async def test_every_change_is_refused(house: House) -> None:
    assert len(CHANGING) > 140
    browser = house.signed_in(house.account("admin@example.org", "admin"))
    before, taken = counted(house.database), []
    for method, path in CHANGING:
        address = re.sub(r"\{[^}]+\}", "999999", path)
        for headers in ELSEWHERE:
            answer = await browser.client.request(method, address, headers=headers, data={"csrf": browser.csrf})
            if not refused(method, path, answer.status_code, answer.headers):
                taken.append((method, path, headers, answer.status_code))
    assert taken == []
    assert counted(house.database) == before
    assert await browser.is_in()


def test_what_is_exempt_exists() -> None:
    paths = {path for _, path in ROUTES}
    assert paths >= SECRET_IN_THE_ADDRESS
    assert ROUTES.keys() >= NOTHING_OF_ANYBODYS


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=b"])
async def test_a_conversation_begins_only_with_what_no_form_can_send(house: House, kind: str) -> None:
    """Otherwise another site's form could fill the page of a conversation that it begins."""
    answer = await house.browser().client.post(
        "/api/v1/conversations", content=b'{"occupation": "svetsare"}', headers={"Content-Type": kind}
    )
    assert answer.status_code == 422

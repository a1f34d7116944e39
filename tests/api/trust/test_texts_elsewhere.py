"""Hostile texts where no page shows them: in the log, and in what the database is asked (docs/trust/attacks.md)."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from urllib.parse import quote

import pytest
from sqlalchemy import func, select

from api.catalogue.tables import Occasion
from api.database import Database
from tests.api.staff.conftest import House
from tests.api.trust.served import served

LINES = '\x1b[31m"}\r\n{"event": "planted", "level": "info"}\u2028planted'
QUOTED = quote(LINES, safe="")
FOUND = 'href="/personal/utbildningar/tillfalle/'
"""A row of the list."""
SORTS = ("start; DROP TABLE occasion", "1) UNION SELECT login FROM account --", "title DESC", "' OR 1=1 --")


def test_every_line_of_the_log_is_ours_and_one_object(tmp_path: Path, seeded_file: Path) -> None:
    head = "planted\x1b[31m\"}{'event': 1"
    with served(tmp_path, seeded_file) as api:
        asked = [
            api.ask(
                target, method, f"User-Agent: {head}", f"X-Request-ID: {head}", f"Referer: {head}", f"Cookie: {head}"
            )
            for method, target in (
                ("GET", f"/{QUOTED}"),
                ("GET", f"/utbildningar?q={QUOTED}&ordning={QUOTED}"),
                ("GET", f"/api/v1/conversations/{QUOTED}/messages"),
                ("GET", f"/mote/{QUOTED}"),
                ("GET", f"/personal/logga-in?vidare={QUOTED}"),
                ("PLANTED", "/"),
            )
        ]
    assert all(400 <= answer.status < 500 or answer.status == 200 for answer in asked)
    assert all("planted" not in answer.head for answer in asked)
    lines = (tmp_path / "api.log").read_text("utf-8").splitlines()
    requests = [line for line in map(json.loads, lines) if line.get("event") == "request"]
    assert len(requests) >= len(asked) - 1, "a line for each, but for what is no HTTP"
    assert not [line for line in lines if "planted" in line or "\x1b" in line]


@pytest.fixture
def database(seeded_both: Database) -> Database:
    return seeded_both


async def test_signs_that_stand_for_others_find_only_themselves(build: Callable[..., House]) -> None:
    """No title of the seed data has one of them."""
    house = build()
    staff = house.signed_in(house.account())
    assert FOUND in (await staff.get("/personal/utbildningar?q=svets")).text
    for sign in ("%", "_", "\\", "%%", "_%", "[a-z]", "*"):
        assert FOUND not in (await staff.get(f"/personal/utbildningar?q={quote(sign)}")).text, sign


async def test_a_sort_key_of_ones_own_is_left_out(build: Callable[..., House], database: Database) -> None:
    house = build()
    staff = house.signed_in(house.account("hemlig@example.org"))
    for path in ("/personal/utbildningar", "/utbildningar", "/traffar", "/personal/arenden", "/personal/moten"):
        for sort in SORTS:
            page = await staff.get(f"{path}?ordning={quote(sort)}&sort={quote(sort)}&q={quote(sort)}")
            assert page.status_code == 200
            assert "hemlig@example.org" not in page.text
    with database.transaction(read_only=True) as session:
        assert (session.scalar(select(func.count()).select_from(Occasion)) or 0) > 40

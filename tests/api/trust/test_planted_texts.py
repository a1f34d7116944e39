"""Whatever people and files write, nothing of it comes alive on any page or in any file (docs/trust/attacks.md).

Every text column of every table holds a hostile string; then every address is fetched as each role and as nobody.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from shutil import copy

import pytest

from api.chat.page.cookie import PATH as CHAT_PAGE
from api.database import Database
from tests.api.staff.conftest import House
from tests.api.staff.desk import put_up
from tests.api.staff.test_roles import ROUTES
from tests.api.trust.addresses import addresses
from tests.api.trust.columns import NOT_PLANTED, NOT_SHOWN
from tests.api.trust.payloads import MARK, PAYLOADS
from tests.api.trust.planting import Planted, name_of, plant, text_columns
from tests.api.trust.reading import faults_of, html_faults
from tests.conftest import MovableClock

ROUNDS = (0, 11)
"""Which hostile string falls on which column differs from round to round."""
NEVER_SHOWN_HERE = {
    "/metrics": "no token is set, and figures hold no texts",
    "/personal/oidc": "no log-in service is set",
    "/personal/oidc/svar": "no log-in service is set",
    "/personal/utskick/fil/{name}": "no mail was written; see test_planted_mails.py",
    "/ready": "no bot runs here",
    "/sitemap-{number}.xml": "there is only one sitemap",
    "/utbildningar/{course_id}/ansok/{occasion_id}": "leads on, or back",
}
"""Routes that answer nothing (200) in this test, and why."""
UNFILLED = {"/personal/utskick/fil/{name}", "/sitemap-{number}.xml"}
"""Those for which there is no address."""


@pytest.fixture
def database(seeded_file: Path, tmp_path: Path) -> Iterator[Database]:
    """SQLite is enough: pages do not depend on the database, and it lets us write more than fits."""
    database = Database(f"sqlite:///{copy(seeded_file, tmp_path / 'planted.db')}")
    yield database
    database.dispose()


def test_every_text_column_is_planted_or_named_with_a_reason() -> None:
    known = {name_of(column) for column in text_columns()}
    named = [name for names in NOT_PLANTED.values() for name in names]
    assert set(named) <= known, "a column that is gone"
    assert len(named) == len(set(named)), "two reasons"
    assert {name for names in NOT_SHOWN.values() for name in names} <= known - set(named)


@pytest.mark.parametrize("shift", ROUNDS)
async def test_nothing_planted_comes_alive_anywhere(database: Database, clock: MovableClock, shift: int) -> None:
    with database.transaction() as session:
        planted = plant(session, clock(), shift)
        every = addresses(session, planted)
    look = Look(planted)
    async with put_up(database, clock) as house:
        for role in ("", *planted.maker.accounts):
            await look.at(house, role, [one for one in every if _for(role, one[0])])
    assert look.wrong == {}
    assert {route for route, _ in every} - look.shown == NEVER_SHOWN_HERE.keys() - UNFILLED
    assert set(planted.columns.values()) - look.seen == {name for names in NOT_SHOWN.values() for name in names}


@pytest.mark.parametrize("one", [one for one in PAYLOADS if "<" in one or one.startswith(("javascript:", "data:"))])
def test_the_reader_notices_a_page_that_does_not_escape(one: str) -> None:
    text = one.format(m="z1z")
    pages = f"<p>{text}</p>", f"<p title='{text}'>", f'<a href="{text}">', f"<textarea>{text}</textarea>"
    assert any(html_faults(page) for page in pages)


class Look:
    """What the pages showed: routes that answered, columns that were seen, and what came alive."""

    def __init__(self, planted: Planted) -> None:
        self.planted = planted
        self.shown: set[str] = set()
        self.seen: set[str] = set()
        self.wrong: dict[str, list[str]] = {}

    async def at(self, house: House, role: str, some: list[tuple[str, str]]) -> None:
        maker = self.planted.maker
        browser = house.signed_in(maker.accounts[role]) if role else house.browser()
        domain = "vagledaren.example.org"
        browser.client.cookies.set("__Secure-iv_chatt", maker.conversation, domain=domain, path=CHAT_PAGE)
        browser.client.headers["Authorization"] = f"Bearer {maker.conversation.partition('.')[2]}"
        for route, address in some:
            answer = await browser.client.get(address)
            faults, text = faults_of(answer)
            self.seen |= {self.planted.columns[mark.lower()] for mark in MARK.findall(text)}
            if answer.status_code == 200:
                self.shown.add(route)
            if faults or (answer.status_code >= 500 and route != "/ready"):
                self.wrong[f"{role} {address}"] = [str(answer.status_code), *faults]


def _for(role: str, route: str) -> bool:
    """Whether to fetch it as this role: nobody gets everything that is open, the others what is for them. An
    administrator gets only what staff do not."""
    guard = ROUTES["GET", route]
    if guard is None or not guard.roles:
        return not role
    if not role:
        return False
    return guard.allows(role) and (role != "admin" or not guard.allows("staff") or route == "/personal")

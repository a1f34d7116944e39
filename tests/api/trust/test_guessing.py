"""Guesses at secrets: they are counted, and a guess that nearly hits looks like any other.

Accounts and passwords are in tests/api/staff/test_log_in.py and test_accounts.py.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from shutil import copy
from uuid import uuid4

import httpx
import pytest
from sqlalchemy import select

from api.booking.feed.service import create_feed, revoke_feed
from api.booking.tables import Counsellor
from api.database import Database
from api.outbox.office import Office
from api.privacy.secret_links import new_link_token
from api.staff.addresses import PREFIX
from api.staff.secrets import new_token
from tests.api.staff.conftest import House
from tests.api.staff.test_roles import ROUTES

GUESSED = sorted(path for method, path in ROUTES if method == "GET" and "{token}" in path)
"""Every address with a secret in it."""


@pytest.fixture
def database(seeded_file: Path, tmp_path: Path) -> Iterator[Database]:
    """SQLite is enough: what is counted, and what is said, does not depend on the database."""
    database = Database(f"sqlite:///{copy(seeded_file, tmp_path / 'test.db')}")
    yield database
    database.dispose()


def client(house: House, address: str = "203.0.113.5") -> httpx.AsyncClient:
    return house.browser(address).client


async def guess(http: httpx.AsyncClient, path: str) -> httpx.Response:
    return await http.get(path.replace("{token}", new_link_token()))


@pytest.mark.parametrize("path", GUESSED)
async def test_guesses_at_a_secret_address_are_counted(build: Callable[..., House], path: str) -> None:
    house = build(rate_limit_links="3/day")
    http = client(house)
    assert [(await guess(http, path)).status_code for _ in range(5)] == [404, 404, 404, 429, 429]
    assert (await guess(client(house, "198.51.100.7"), path)).status_code == 404


async def test_all_kinds_of_links_share_one_count(build: Callable[..., House]) -> None:
    http = client(build(rate_limit_links=f"{len(GUESSED)}/day"))
    assert {(await guess(http, path)).status_code for path in GUESSED} == {404}
    assert {(await guess(http, path)).status_code for path in GUESSED} == {429}


async def test_one_customer_of_an_ipv6_provider_counts_once(build: Callable[..., House]) -> None:
    house = build(rate_limit_links="3/day", rate_limit_conversations="3/day")
    for number in range(3):
        http = client(house, f"2001:db8:1:2::{number + 1}")
        assert (await guess(http, GUESSED[0])).status_code == 404
        assert (await http.post("/api/v1/conversations")).status_code == 201
    same, other = client(house, "2001:db8:1:2:ffff::9"), client(house, "2001:db8:1:3::1")
    assert (await guess(same, GUESSED[0])).status_code == 429
    assert (await same.post("/api/v1/conversations")).status_code == 429
    assert (await guess(other, GUESSED[0])).status_code == 404
    assert (await other.post("/api/v1/conversations")).status_code == 201


async def test_a_feed_that_exists_is_read_however_often(build: Callable[..., House]) -> None:
    """One calendar service fetches the feeds of many people; an address that has ended counts as a guess."""
    house = build(rate_limit_links="2/day")
    with house.database.transaction() as session:
        owner = session.scalars(select(Counsellor).order_by(Counsellor.id)).first()
        office = Office.of(house.settings)
        living = create_feed(session, owner, office, house.clock(), "cli").url
        ended = create_feed(session, owner, office, house.clock(), "cli")
        revoke_feed(session, owner, ended.feed.id, house.clock(), "cli")
    http = client(house)
    assert [(await http.get(living)).status_code for _ in range(5)] == [200] * 5
    assert [(await http.get(ended.url)).status_code for _ in range(3)] == [404, 404, 429]
    assert (await http.get(living)).status_code == 200


class TestConversations:
    async def test_no_such_and_not_yours_are_answered_alike(self, house: House) -> None:
        http = client(house)
        mine = (await http.post("/api/v1/conversations")).json()
        theirs = (await http.post("/api/v1/conversations")).json()
        headers = {"Authorization": f"Bearer {mine['token']}"}
        for path in ("messages", "transcript.txt"):
            answers = []
            for number in (theirs["conversation_id"], uuid4()):
                answer = await http.get(f"/api/v1/conversations/{number}/{path}", headers=headers)
                said = {name: value for name, value in answer.headers.items() if name != "x-request-id"}
                answers.append((answer.status_code, said, answer.content))
            assert answers[0] == answers[1]
            assert answers[0][0] == 401

    @pytest.mark.parametrize(
        "header", ["", "Bearer", "Bearer ", "Basic eDp5", "Bearer null", "bearer {mine}", "Bearer {mine} ", "Bearer å"]
    )
    async def test_another_token_opens_nothing(self, house: House, header: str) -> None:
        http = client(house)
        mine, theirs = [(await http.post("/api/v1/conversations")).json() for _ in range(2)]
        url = f"/api/v1/conversations/{theirs['conversation_id']}"
        sent = {"Authorization": header.format(mine=mine["token"]).encode()}
        assert (await http.get(f"{url}/messages", headers=sent)).status_code == 401
        assert (await http.delete(url, headers=sent)).status_code == 401
        message = f"{url}/messages/{theirs['messages'][0]['id']}/feedback"
        assert (await http.post(message, headers=sent, json={"value": "up"})).status_code == 401

    async def test_ones_own_token_gives_no_hold_of_anothers_message(self, house: House) -> None:
        http = client(house)
        mine, theirs = [(await http.post("/api/v1/conversations")).json() for _ in range(2)]
        url = f"/api/v1/conversations/{mine['conversation_id']}/messages/{theirs['messages'][0]['id']}/feedback"
        headers = {"Authorization": f"Bearer {mine['token']}"}
        assert (await http.post(url, headers=headers, json={"value": "up"})).status_code == 404


def test_no_public_address_takes_a_code_that_can_be_guessed() -> None:
    """A booking's code has five letters, for the telephone. It opens nothing; a row's number opens what is public."""
    taken = {name for _, path in ROUTES for name in re.findall(r"\{(\w+)", path) if not path.startswith(PREFIX)}
    assert taken == {
        "token",
        *("conversation_id", "message_id"),  # UUIDs, and nothing without the conversation's token
        *("meeting_id",),  # inside only
        *("course_id", "occasion_id", "identifier", "number", "name", "slug", "matter"),  # public
    }


class TestKeysOfProcesses:
    @pytest.mark.parametrize("path", ["/internal/v1/booking/nodes", "/metrics"])
    async def test_only_the_whole_key_opens(self, build: Callable[..., House], path: str) -> None:
        key = new_token()
        http = client(build(service_token=key, metrics_token=key))
        wrong = ("", key, f"Bearer {key[:-1]}", f"Bearer {key}x", f"bearer {key}", f"Basic {key}", f"Bearer {key} å")
        for shown in wrong:
            assert (await http.get(path, headers={"Authorization": shown.encode()})).status_code == 401
        assert (await http.get(f"{path}?token={key}")).status_code == 401
        assert (await http.get(path, headers={"Cookie": f"token={key}"})).status_code == 401
        assert (await http.get(path, headers={"Authorization": f"Bearer {key}"})).status_code == 200

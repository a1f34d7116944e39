"""What is for inside is answered at the inner door only; people's pages are not answered there."""

from __future__ import annotations

import socket
from typing import Any

import httpx
import pytest

from api.database import Database
from api.doors import open_doors
from api.settings import Settings
from tests.api.chat.conftest import MakeApp

OUTER, INNER = 443, 8001
INSIDE = ("/internal/v1/topics", "/internal/", "/metrics")
OUTSIDE = (
    "/",
    "/chatt",
    "/utbildningar",
    "/personal",
    "/api/v1/conversations",
    "/static/site.css",
    "/api/openapi.json",
)


@pytest.fixture
async def at(make_app: MakeApp, seeded: Database, connect: Any) -> Any:
    client = await connect(make_app(seeded, internal_port=INNER, internal_host="127.0.0.1", metrics_token="nyckel"))

    async def get(port: int, path: str, **headers: str) -> httpx.Response:
        client.base_url = f"https://vagledaren.example.org:{port}"
        return await client.get(path, headers=headers)

    return get


@pytest.mark.parametrize("path", INSIDE)
async def test_what_is_for_inside_does_not_exist_for_people(at: Any, path: str) -> None:
    assert (await at(OUTER, path)).status_code == 404
    assert (await at(OUTER, path, Host=f"127.0.0.1:{INNER}", Authorization="Bearer nyckel")).status_code != 200


@pytest.mark.parametrize("path", OUTSIDE)
async def test_what_is_for_people_does_not_exist_inside(at: Any, path: str) -> None:
    assert (await at(INNER, path)).status_code == 404


async def test_each_door_answers_what_is_its_own(at: Any) -> None:
    assert (await at(OUTER, "/chatt")).status_code == 200
    assert (await at(INNER, "/metrics")).status_code == 401
    for door in (OUTER, INNER):
        assert (await at(door, "/health")).status_code == 200


def test_both_doors_are_opened_and_a_taken_port_is_named() -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        taken = other.getsockname()[1]
        with pytest.raises(SystemExit, match=f"port {taken}"):
            open_doors(Settings(port=taken))
    one = open_doors(Settings(port=taken))
    try:
        assert [door.getsockname() for door in one] == [("127.0.0.1", taken)]
    finally:
        for door in one:
            door.close()

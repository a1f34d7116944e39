"""The id of a request: the api makes it, hands it to the bot, and takes it back from inside only."""

from __future__ import annotations

import json
import logging
from typing import Any
from uuid import uuid4

import httpx
import pytest

from api.database import Database
from api.logs import configure_logging
from tests.api.chat.conftest import Bot, MakeApp, begin

HEADER = "x-request-id"


@pytest.mark.parametrize("path", ["/health", "/utbildningar", "/api/v1/courses", "/metrics"])
async def test_nobody_outside_chooses_the_id_of_a_request(client: httpx.AsyncClient, path: str) -> None:
    chosen = uuid4().hex
    assert (await client.get(path, headers={HEADER: chosen})).headers[HEADER] != chosen


@pytest.mark.parametrize("chosen", ["x", "A" * 32, f"{'a' * 31}é", 'a" ,"level": "info', "a" * 33])
async def test_what_is_no_id_is_not_taken_from_inside_either(client: httpx.AsyncClient, chosen: str) -> None:
    answer = await client.get("/internal/v1/topics", headers={HEADER: chosen.encode()})
    assert answer.headers[HEADER] != chosen
    assert len(answer.headers[HEADER]) == 32


async def test_bot_and_actions_hand_it_on(client: httpx.AsyncClient) -> None:
    chosen = uuid4().hex
    assert (await client.get("/internal/v1/topics", headers={HEADER: chosen})).headers[HEADER] == chosen


async def test_the_bot_is_told_it(client: httpx.AsyncClient, bot: Bot) -> None:
    seen: list[str] = []
    answer = bot.respond

    def note(request: httpx.Request) -> httpx.Response:
        seen.append(request.headers[HEADER])
        return answer(request)

    bot.respond = note
    talk = await begin(client)
    assert (await talk.send("Hej")).headers[HEADER] == seen[-1]


async def test_each_line_of_a_request_has_its_id_and_errors_only_their_class(
    make_app: MakeApp, seeded: Database, connect: Any, bot: Bot, capsys: pytest.CaptureFixture[str]
) -> None:
    bot.respond = lambda request: httpx.Response(500)
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    configure_logging()
    try:
        talk = await begin(await connect(make_app(seeded)))
        asked = (await talk.send("Hej")).headers[HEADER]
        try:
            raise ValueError("min granne Zebedeus")
        except ValueError:
            logging.getLogger("api.anything").exception("it broke")
    finally:
        root.handlers[:], root.level = handlers, level
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [line["event"] for line in lines if line.get("request") == asked][:2] == ["bot unavailable", "request"]
    assert [line["error"] for line in lines if line["event"] == "it broke"] == ["ValueError"]
    assert "Zebedeus" not in json.dumps(lines)

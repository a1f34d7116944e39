"""`/health` and `/ready`: what load balancers and those who watch the service ask for."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from sqlalchemy.exc import OperationalError

from api import health
from api.database import Database
from tests.api.chat.conftest import Bot, MakeApp


def understanding(topic: str) -> httpx.Response:
    return httpx.Response(
        200,
        json={
            "topic": topic,
            "ranking": [],
            "entities": [],
            "limits": {"least": 0.5, "apart": 0.1},
        },
    )


@pytest.fixture
def awake(bot: Bot) -> Iterator[Bot]:
    """A bot whose model understands a greeting."""
    bot.respond = lambda request: understanding("greet")
    return bot


async def test_ready_when_the_bot_understands_and_the_database_answers(client: httpx.AsyncClient, awake: Bot) -> None:
    answer = await client.get("/ready")
    assert (answer.status_code, answer.json()) == (200, {"status": "ok", "missing": []})
    assert [text for _, text in awake.turns] == [health.QUESTION]


@pytest.mark.parametrize(
    "answer",
    [understanding("nlu_fallback"), httpx.Response(503), httpx.Response(200, json={}), httpx.Response(401)],
    ids=["a model that understands nothing", "loading", "something else listens there", "another service token"],
)
async def test_a_bot_that_does_not_understand_is_missing(
    client: httpx.AsyncClient, bot: Bot, answer: httpx.Response
) -> None:
    bot.respond = lambda request: answer
    found = await client.get("/ready")
    assert (found.status_code, found.json()) == (503, {"status": "unavailable", "missing": ["bot"]})


async def test_a_database_that_does_not_answer_is_missing(
    make_app: MakeApp, seeded: Database, connect: Any, awake: Bot, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = await connect(make_app(seeded))

    def away(**_: object) -> None:
        raise OperationalError("SELECT 1", {}, Exception("gone"))

    monkeypatch.setattr(seeded, "transaction", away)
    assert (await client.get("/ready")).json()["missing"] == ["database"]
    assert (await client.get("/health")).status_code == 200


async def test_many_who_ask_at_once_cost_one_question(client: httpx.AsyncClient, awake: Bot) -> None:
    for _ in range(20):
        await client.get("/ready")
    assert len(awake.turns) == 1

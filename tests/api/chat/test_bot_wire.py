"""Over real connections: what is on the line when a bot worker is away, dies or is something else altogether."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from uuid import UUID, uuid4

import pytest

from api.chat.bot import BotClient, BotUnavailable
from api.settings import Settings
from tests.api.chat.conftest import message
from tests.wire import GONE, STRANGE, closed_address, http, wire

ANSWER = http(json.dumps({"topic": "greet", "messages": [message()]}).encode())
DONE = b"HTTP/1.1 204 No Content\r\n\r\n"


@asynccontextmanager
async def client(*urls: str) -> AsyncIterator[BotClient]:
    made = BotClient(Settings(bot_urls=urls, jobsearch_url=""))
    yield made
    await made.close()


async def conversation_of(bot: BotClient, url: str) -> UUID:
    """One that `url` is asked about first."""
    return next(one for one in iter(uuid4, None) if bot._workers.ranked(one)[0] == url)


async def test_where_nobody_listens_the_next_worker_is_asked() -> None:
    away = await closed_address()
    async with wire(ANSWER) as other, client(away, other.url) as bot:
        turn = await bot.ask(await conversation_of(bot, away), "hej")
    assert turn.messages[0].text == "Svar från boten."


@pytest.mark.parametrize("answer", GONE.values(), ids=GONE)
async def test_one_that_dies_with_the_message_is_replaced(answer: bytes) -> None:
    async with wire(answer) as dying, wire(ANSWER) as other, client(dying.url, other.url) as bot:
        turn = await bot.ask(await conversation_of(bot, dying.url), "hej")
    assert turn.topic == "greet"
    assert (len(dying.requests), len(other.requests)) == (1, 1)


@pytest.mark.parametrize("answer", GONE.values(), ids=GONE)
async def test_the_only_one_left_may_miss_a_beat(answer: bytes) -> None:
    away = await closed_address()
    async with wire(answer, ANSWER) as only, client(away, only.url) as bot:
        turn = await bot.ask(await conversation_of(bot, away), "hej")
    assert turn.topic == "greet"
    assert len(only.requests) == 2


@pytest.mark.parametrize("answer", STRANGE.values(), ids=STRANGE)
async def test_something_that_is_no_bot_is_a_bot_that_cannot_answer(answer: bytes) -> None:
    async with wire(answer) as stranger, client(stranger.url) as bot:
        for asked in (bot.ask(uuid4(), "hej"), bot.understand(uuid4(), "hej"), bot.forget(uuid4())):
            with pytest.raises(BotUnavailable):
                await asked


async def test_nobody_anywhere_is_told_as_such() -> None:
    async with client(await closed_address(), await closed_address()) as bot:
        for asked in (bot.ask(uuid4(), "hej"), bot.forget(uuid4())):
            with pytest.raises(BotUnavailable):
                await asked


async def test_one_worker_that_forgets_is_enough() -> None:
    away = await closed_address()
    async with wire(*STRANGE.values()) as stranger, wire(DONE) as other, client(away, stranger.url, other.url) as bot:
        await bot.forget(await conversation_of(bot, away))
    assert len(other.requests) == 1

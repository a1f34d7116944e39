"""Many speak at once: nobody waits for somebody who waits for them, and who cannot be answered in time is told so."""

from __future__ import annotations

import asyncio
from contextlib import AsyncExitStack, suppress

import httpx
from sqlalchemy.exc import TimeoutError as NoFreeConnection

from api.chat.gateway import AT_ONCE
from api.database import Database
from tests.api.chat.conftest import Bot, MakeApp, assert_problem, begin, message
from tests.api.observing.test_metrics import figures

COURSES = "/api/v1/courses"
CROWD = 150
"""More than the threads and the connections that a process has."""


async def test_requests_that_hold_a_connection_get_a_thread_to_go_on_with(
    make_app: MakeApp, seeded_both: Database, connect, bot: Bot
) -> None:
    client = await connect(make_app(seeded_both, service_token=(token := "ett-litet-prov-av-en-nyckel-for-tester")))
    headers = {"Authorization": f"Bearer {token}"}

    async def ask() -> int:
        asked = {"topic": "course_search", "said": {"occupation": "svetsare"}}
        return (await client.post("/internal/v1/answers", json=asked, headers=headers)).status_code

    talks = [await begin(client) for _ in range(10)]
    said = asyncio.gather(*(talk.say("hej") for talk in talks))
    assert await asyncio.gather(*(ask() for _ in range(CROWD))) == [200] * CROWD
    assert len(await said) == len(talks)


async def test_who_waits_too_long_for_a_place_is_told_so(make_app: MakeApp, seeded: Database, connect) -> None:
    impatient = Database(str(seeded.engine.url), patience=0.2)
    client = await connect(make_app(impatient))
    async with AsyncExitStack() as others:
        with suppress(NoFreeConnection):
            while True:
                await others.enter_async_context(impatient.place())
        assert_problem(await client.get(COURSES), 503, "database_down")
    assert (await client.get(COURSES)).status_code == 200


async def test_one_too_many_is_turned_away_and_answered_when_said_again(
    make_app: MakeApp, seeded: Database, connect, bot: Bot
) -> None:
    client = await connect(make_app(seeded, metrics_token="nyckel-for-matvarden"))
    everybody, go_on = asyncio.Event(), asyncio.Event()

    async def slow(_: httpx.Request) -> httpx.Response:
        if len(bot.turns) == AT_ONCE:
            everybody.set()
        await go_on.wait()
        return httpx.Response(200, json={"topic": "greet", "messages": [message()]})

    bot.respond = slow
    talks = [await begin(client) for _ in range(AT_ONCE + 1)]
    turns = [asyncio.create_task(talk.send("hej")) for talk in talks[:-1]]
    await everybody.wait()
    assert_problem(await talks[-1].send("hej", client_id="1"), 503, "answer_late")
    go_on.set()
    assert {(await turn).status_code for turn in turns} == {200}
    assert len(await talks[-1].say("hej", client_id="1")) == 1
    assert len(bot.turns) == AT_ONCE + 1
    counted = (await figures(client))["iv_turns_total"]
    assert {name[0]: count for name, count in counted.items() if count} == {"answered": AT_ONCE + 1, "turned_away": 1}


async def test_more_workers_answer_more_at_once(make_app: MakeApp, seeded: Database, connect, bot: Bot) -> None:
    urls = ("http://bot-1:5005", "http://bot-2:5005")
    client = await connect(make_app(seeded, bot_urls=urls))
    everybody = asyncio.Event()

    async def all_at_once(_: httpx.Request) -> httpx.Response:
        if len(bot.turns) == AT_ONCE + 1:
            everybody.set()
        await everybody.wait()
        return httpx.Response(200, json={"topic": "greet", "messages": [message()]})

    bot.respond = all_at_once
    talks = [await begin(client) for _ in range(AT_ONCE + 1)]
    assert len(await asyncio.gather(*(talk.say("hej") for talk in talks))) == AT_ONCE + 1

"""`/metrics`: what those who run the service see, and that nothing of what people write is among it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import httpx
import pytest
from prometheus_client.parser import text_string_to_metric_families
from sqlalchemy import text

from api.database import Database
from tests.api.chat.conftest import Bot, MakeApp, assert_problem, begin, message
from tests.conftest import MovableClock

KEY = "nyckel-for-matvarden"
WORDS = "Jag heter Testperson och vill bli svetsare"


@pytest.fixture
async def watched(make_app: MakeApp, seeded: Database, connect: Any) -> httpx.AsyncClient:
    return await connect(make_app(seeded, metrics_token=KEY))


async def figures(client: httpx.AsyncClient) -> dict[str, dict[tuple[str, ...], float]]:
    """Sample name → values of its labels → figure."""
    answer = await client.get("/metrics", headers={"Authorization": f"Bearer {KEY}"})
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/plain")
    found: dict[str, dict[tuple[str, ...], float]] = {}
    for family in text_string_to_metric_families(answer.text):
        for sample in family.samples:
            found.setdefault(sample.name, {})[tuple(sample.labels.values())] = sample.value
    return found


async def test_without_a_key_set_there_is_no_such_page(client: httpx.AsyncClient) -> None:
    assert_problem(await client.get("/metrics", headers={"Authorization": "Bearer "}), 404, "not_found")


@pytest.mark.parametrize("shown", ["", "Bearer ", "Bearer fel", f"Basic {KEY}", KEY, "Bearer nyckel-för"])
async def test_without_the_key_nothing_is_shown(watched: httpx.AsyncClient, shown: str) -> None:
    answer = await watched.get("/metrics", headers={"Authorization": shown.encode()})
    assert_problem(answer, 401, "unauthorized")


@pytest.mark.parametrize(
    ("outcome", "answer"),
    [
        ("answered", [message()]),
        ("fallback", [message(topic="nlu_fallback")]),
        ("action_failed", [message(failed=True)]),
    ],
)
async def test_turns_are_counted_by_how_they_ended(
    watched: httpx.AsyncClient, bot: Bot, outcome: str, answer: list[dict[str, Any]]
) -> None:
    bot.messages = answer
    await (await begin(watched)).say(WORDS)
    turns = (await figures(watched))["iv_turns_total"]
    assert {name for name, count in turns.items() if count} == {(outcome,)}


async def test_a_bot_that_is_away_a_command_and_a_repeat_are_counted_as_such(
    watched: httpx.AsyncClient, bot: Bot
) -> None:
    talk = await begin(watched)
    await talk.say("/restart")
    await talk.say(WORDS, client_id="1")
    await talk.say(WORDS, client_id="1")
    bot.respond = lambda request: httpx.Response(503)
    await talk.say(WORDS)
    turns = (await figures(watched))["iv_turns_total"]
    assert {name[0]: count for name, count in turns.items() if count} == {
        "command_refused": 1,
        "answered": 1,
        "repeated": 1,
        "bot_unavailable": 1,
    }


async def test_each_stage_of_a_turn_is_timed_and_requests_by_their_route(watched: httpx.AsyncClient) -> None:
    await (await begin(watched)).say(WORDS)
    found = await figures(watched)
    assert found["iv_turn_seconds_count"] == {("prepare",): 1, ("bot",): 1, ("store",): 1, ("whole",): 1}
    assert found["iv_request_seconds_count"]["POST", "/api/v1/conversations/{conversation_id}/messages", "2xx"] == 1


async def test_what_the_database_takes_is_timed_for_readers_and_writers(
    make_app: MakeApp, seeded_both: Database, connect: Any
) -> None:
    client = await connect(make_app(seeded_both, metrics_token=KEY))

    async def statements() -> float:
        return (await figures(client))["iv_database_seconds_count"][()]

    before = await statements()
    await client.get("/utbildningar")
    read = await statements()
    await begin(client)
    assert before < read < await statements()


async def test_what_clients_invent_makes_no_new_series(watched: httpx.AsyncClient) -> None:
    for number in range(20):
        await watched.get(f"/finns-inte-{number}")
        await watched.request(f"PASA{number}", "/utbildningar")
    series = (await figures(watched))["iv_request_seconds_count"]
    assert len(series) <= 4
    assert not any("finns-inte" in label or "PASA" in label for labels in series for label in labels)


async def test_free_times_and_mails_that_wait_are_shown(
    make_app: MakeApp, seeded_both: Database, connect: Any, clock: MovableClock
) -> None:
    with seeded_both.transaction() as session:
        session.execute(
            text(
                "INSERT INTO outbox (kind, channel, recipient, message_id, payload, sequence, draft, attempts,"
                " created_at, not_before, next_try) VALUES ('notice', 'mail', 'vagledning@example.org',"
                " '<1@example.org>', '{}', 0, false, 0, :then, :then, :then)"
            ),
            {"then": (clock.now - timedelta(minutes=5)).replace(tzinfo=None)},
        )
    found = await figures(await connect(make_app(seeded_both, metrics_token=KEY)))
    assert found["iv_database_up"] == {(): 1}
    assert found["iv_outbox_waiting"] == {(): 1}
    assert found["iv_outbox_age_seconds"] == {(): 300}
    assert found["iv_outbox_failed"] == {(): 0}
    assert set(found["iv_free_slots"]) == {
        (slug,) for slug in ("arvika", "hagfors", "karlstad", "kristinehamn", "sunne", "saffle")
    }
    assert all(found["iv_free_slots"].values())


async def test_a_database_that_is_away_is_a_figure_and_no_error(
    make_app: MakeApp, seeded: Database, connect: Any
) -> None:
    client = await connect(make_app(seeded, metrics_token=KEY))
    with seeded.engine.begin() as connection:
        connection.execute(text("ALTER TABLE outbox RENAME TO away"))
    found = await figures(client)
    assert found["iv_database_up"] == {(): 0}
    assert "iv_outbox_waiting" not in found


async def test_nothing_that_was_written_is_among_the_figures(watched: httpx.AsyncClient) -> None:
    talk = await begin(watched)
    await talk.say(WORDS)
    shown = (await watched.get("/metrics", headers={"Authorization": f"Bearer {KEY}"})).text
    assert not [word for word in (*WORDS.split(), talk.id, talk.token, "192.0.2.1") if word in shown]

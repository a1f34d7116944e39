"""The database is locked, gone or hangs: people are told so in time, and what they said is neither lost nor doubled."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from shutil import copy
from typing import Any
from uuid import uuid4

import httpx
import pytest
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from api.chat.errors import AnswerLate
from api.chat.late import Patience, Unstored
from api.chat.schemas import BotTurn
from api.database import Database
from tests.api.chat.conftest import Talk, assert_problem, begin, message
from tests.api.chat.page.conftest import Reader
from tests.conftest import copy_postgres
from tests.relay import Relay, relay_to

PATIENCE = 0.3


@pytest.fixture(params=["sqlite", "postgresql"])
def impatient(request: pytest.FixtureRequest, tmp_path: Path, seeded_file: Path) -> Iterator[Database]:
    """The seed data in a database that is not waited for long."""
    if request.param == "sqlite":
        url = f"sqlite:///{copy(seeded_file, tmp_path / 'seeded.db')}"
    else:
        made = copy_postgres(request.getfixturevalue("seeded_postgres"))
        made.dispose()
        url = made.engine.url.render_as_string(hide_password=False)
    database = Database(url, patience=PATIENCE)
    yield database
    database.dispose()


@contextmanager
def locked(database: Database) -> Iterator[None]:
    """Somebody else writes, and takes their time."""
    other = Database(database.engine.url.render_as_string(hide_password=False))
    with other.engine.connect() as connection:  # BEGIN IMMEDIATE on SQLite
        if not other.is_sqlite:
            connection.execute(text("LOCK TABLE conversation, message IN EXCLUSIVE MODE"))
        else:
            connection.execute(text("SELECT 1"))
        yield
    other.dispose()


@pytest.fixture
async def talking(make_app, impatient: Database, connect) -> Talk:
    return await begin(await connect(make_app(impatient)))


def once(talk: Talk, text: str) -> dict[str, Any]:
    return {"text": text, "client_id": uuid4().hex}


async def test_a_message_that_cannot_be_stored_is_answered_with_a_sentence_and_later_with_its_answer(
    talking: Talk, impatient: Database, bot
) -> None:
    said = once(talking, "vad kostar det?")
    with locked(impatient):
        for _ in range(2):
            assert_problem(await talking.send(**said), 503, "database_down")
    bot.messages = [message("Något helt annat.")]
    first = await talking.say(**said)
    assert [one["text"] for one in first] == ["Svar från boten."]
    assert await talking.say(**said) == first
    assert bot.texts == ["vad kostar det?"], "the bot was asked once: it had taken the message"
    transcript = await talking.transcript()
    assert [one["text"] for one in transcript if one["sender"] == "user"] == ["vad kostar det?"]


async def test_without_an_id_the_message_is_said_anew(talking: Talk, impatient: Database, bot) -> None:
    with locked(impatient):
        assert_problem(await talking.send("hej"), 503, "database_down")
    await talking.say("hej")
    assert bot.texts == ["hej", "hej"]
    assert len(await talking.transcript()) == 3, "greeting, message, answer"


async def test_what_is_erased_meanwhile_is_not_kept(talking: Talk, impatient: Database, bot) -> None:
    said = once(talking, "vad kostar det?")
    with locked(impatient):
        await talking.send(**said)
    assert (await talking.erase()).status_code == 204
    assert_problem(await talking.send(**said), 401, "unauthorized")


async def test_a_new_conversation_is_refused_with_the_same_sentence(talking: Talk, impatient: Database) -> None:
    with locked(impatient):
        assert_problem(await talking.client.post("/api/v1/conversations"), 503, "database_down")
    assert (await talking.client.post("/api/v1/conversations")).status_code == 201


async def test_the_plain_page_keeps_what_was_written_and_takes_it_once(
    make_app, impatient: Database, connect, bot
) -> None:
    reader = Reader(await connect(make_app(impatient)))
    await reader.open()
    await reader.say("hej")
    with locked(impatient):
        refused = await reader.say("vad kostar det?")
    assert refused.status_code == 503
    assert "Just nu går det inte att hämta eller spara något." in refused.text
    assert "vad kostar det?" in refused.text
    await reader.say("vad kostar det?")
    assert bot.texts == ["hej", "vad kostar det?"]


async def test_somebody_new_at_the_plain_page_keeps_what_was_written(make_app, impatient: Database, connect) -> None:
    reader = Reader(await connect(make_app(impatient)))
    await reader.open()
    with locked(impatient):
        refused = await reader.say("vad kostar det?")
    assert refused.status_code == 503
    assert "vad kostar det?" in refused.text
    assert (await reader.say("vad kostar det?")).status_code == 200


async def test_nothing_of_the_message_is_logged(talking: Talk, impatient: Database, caplog) -> None:
    with locked(impatient):
        await talking.send("en hemlighet som ingen ska läsa")
        await talking.client.post("/api/v1/conversations")
    assert "database unavailable" in caplog.text
    assert "hemlighet" not in caplog.text
    assert "INSERT" not in caplog.text


@pytest.fixture
def behind_a_relay(seeded_postgres: str) -> Iterator[tuple[Database, Relay]]:
    made = copy_postgres(seeded_postgres)
    made.dispose()
    url = made.engine.url
    with relay_to(url.host or "127.0.0.1", url.port or 5432) as relay:
        moved = url.set(host="127.0.0.1", port=relay.port).render_as_string(hide_password=False)
        database = Database(moved, patience=PATIENCE)
        yield database, relay
        database.dispose()


@pytest.mark.parametrize("fault", ["cut", "hush"])
async def test_a_server_that_is_gone_or_hangs_is_told_and_used_again_when_it_is_back(
    make_app, behind_a_relay: tuple[Database, Relay], connect, bot, fault: str
) -> None:
    database, relay = behind_a_relay
    client = await connect(make_app(database))
    talk = await begin(client)
    page = {"Accept": "text/html"}
    assert (await client.get("/utbildningar", headers=page)).status_code == 200
    getattr(relay, fault)()
    said = once(talk, "hej")
    for _ in range(2):
        assert_problem(await talk.send(**said), 503, "database_down")
    shown = await client.get("/utbildningar", headers=page)
    assert shown.status_code == 503
    assert "Just nu går det inte att hämta eller spara något." in shown.text
    assert bot.texts == []
    if fault == "cut":
        relay.open()
    else:
        relay.speak()
    assert [one["text"] for one in await talk.say(**said)] == ["Svar från boten."]
    assert (await client.get("/utbildningar", headers=page)).status_code == 200


def test_a_connection_that_hangs_in_a_statement_is_given_up_and_its_change_undone(
    behind_a_relay: tuple[Database, Relay],
) -> None:
    database, relay = behind_a_relay

    def change() -> None:
        with database.transaction() as session:
            session.execute(text("UPDATE occupation SET title = title || '!'"))
            relay.hush()
            session.execute(text("SELECT 1"))

    with pytest.raises(OperationalError):
        change()
    relay.speak()
    with database.transaction(read_only=True) as session:
        assert session.scalar(text("SELECT count(*) FROM occupation WHERE title LIKE '%!'")) == 0


async def test_the_bots_answer_counts_though_it_comes_when_the_line_is_back(
    make_app, behind_a_relay: tuple[Database, Relay], connect, bot
) -> None:
    """Cut while the bot works: the answer is kept, and stored with the next try."""
    database, relay = behind_a_relay
    talk = await begin(await connect(make_app(database)))

    def cut_and_answer(request: httpx.Request) -> httpx.Response:
        relay.cut()
        return httpx.Response(200, json={"topic": "greet", "messages": [message("Det första svaret.")]})

    bot.respond = cut_and_answer
    said = once(talk, "hej")
    assert_problem(await talk.send(**said), 503, "database_down")
    relay.open()
    bot.respond = None
    assert [one["text"] for one in await talk.say(**said)] == ["Det första svaret."]
    assert bot.texts == ["hej"]


def test_the_bot_may_take_its_time_before_the_person_is_let_go() -> None:
    assert 4 < Patience.beside_the_bot(4).seconds < 5
    assert 30 < Patience.beside_the_bot(30).seconds < 31


async def test_who_waits_too_long_is_let_go_and_the_work_is_finished() -> None:
    patience, go_on, finished = Patience(seconds=0.01), asyncio.Event(), asyncio.Event()

    async def work() -> None:
        await go_on.wait()
        finished.set()

    with pytest.raises(AnswerLate):
        await patience.wait_for(work())
    assert not finished.is_set()
    go_on.set()
    await patience.close()
    assert finished.is_set()


async def test_work_that_fails_after_all_is_noted_by_its_class(caplog) -> None:
    patience, go_on = Patience(seconds=0.01), asyncio.Event()

    async def work() -> None:
        await go_on.wait()
        raise ValueError("en hemlighet")

    with pytest.raises(AnswerLate):
        await patience.wait_for(work())
    go_on.set()
    await patience.close()
    await asyncio.sleep(0)
    assert [record.error for record in caplog.records] == ["ValueError"]
    assert "hemlighet" not in caplog.text


def test_a_statement_that_is_given_up_does_not_go_on_in_the_server(impatient: Database) -> None:
    if impatient.is_sqlite:
        pytest.skip("SQLite works in our own process")
    running = text("SELECT count(*) FROM pg_stat_activity WHERE query LIKE 'SELECT pg_sleep(6%' AND state = 'active'")
    with impatient.engine.connect() as kept:
        with pytest.raises(OperationalError), impatient.engine.connect() as connection:
            connection.execute(text("SELECT pg_sleep(60)"))
        assert kept.execute(running).scalar_one() == 0
        kept.rollback()
        with pytest.raises(OperationalError, match="statement timeout"):
            kept.execute(text("SELECT pg_sleep(61)"))
        kept.rollback()
        assert kept.execute(text("SELECT 1")).scalar_one() == 1, "the line is still good"


def test_a_line_that_swallows_everything_is_noticed_by_the_patient_too(seeded_postgres: str) -> None:
    made = copy_postgres(seeded_postgres)
    made.dispose()
    url = made.engine.url
    for given, expected in (({}, "30000"), ({"tcp_user_timeout": "5000"}, "5000")):
        patient = Database(url.update_query_dict(given).render_as_string(hide_password=False))
        with patient.engine.connect() as connection:
            known = connection.connection.driver_connection.info.get_parameters()
        patient.dispose()
        assert known["tcp_user_timeout"] == expected, "what the address says counts"
        assert int(known["keepalives_idle"]) <= 60


def test_no_answer_is_kept_for_longer_than_an_hour() -> None:
    now = [0.0]
    unstored, talk, answer = Unstored(monotonic=lambda: now[0]), uuid4(), BotTurn(topic="greet", messages=[])
    for name, moment in (("first", 0.0), ("second", 1800.0)):
        now[0] = moment
        unstored.keep(talk, name, answer)
    now[0] = 3600.0
    assert (unstored.of(talk, "first"), unstored.of(talk, "second")) == (None, answer)


def test_a_bounded_number_of_answers_is_kept_the_oldest_go() -> None:
    unstored, talk, answer = Unstored(), uuid4(), BotTurn(topic="greet", messages=[])
    for number in range(1001):
        unstored.keep(talk, f"{number}", answer)
    assert unstored.of(talk, "0") is None
    assert unstored.of(talk, "1000") is answer
    assert unstored.of(uuid4(), "1000") is None
    unstored.stored(talk, "1000")
    assert unstored.of(talk, "1000") is None
    unstored.forget(talk)
    assert unstored.of(talk, "999") is None

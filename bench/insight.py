"""A year of conversations, counted day by day, and the pages of `/personal/insikt` over it; beside them the same
figures taken straight from the messages."""

from __future__ import annotations

import asyncio
import json
import os
import random
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
from sqlalchemy import func, insert, select, text
from sqlalchemy.orm import Session

from api.chat.tables import Conversation, Message
from api.database import Database
from api.insight.asked import rolling
from api.insight.asked.periods import period
from api.insight.asked.tables import Phrase, TopicDay
from api.insight.days import begins
from api.insight.examples.tables import TrainingExample
from api.insight.rolling import roll_up as roll_up_chain_and_report
from api.main import create_app
from api.migrations.runner import migrate
from api.seed.load import seed
from api.settings import Settings
from api.staff import sessions
from api.staff.tables import Account
from bench.figures import Times
from bench.results import Results
from bench.searching import database_of
from bench.talk import BenchError

PART = "What people ask, a year"
CONVERSATIONS = 200_000
NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
DAYS = 365
TOPICS = 60
PLACES = ("Karlstad", "Arvika", "Kristinehamn", "Säffle", "Hagfors", "Sunne", "Torsby", "Munkfors")
WORDS = (
    *("hur", "kan", "jag", "hitta", "en", "bra", "kurs", "om", "verkstad", "med"),
    *("min", "hund", "i", "stan", "när", "det", "blir", "sommar", "och", "snö"),
)
PAGES = (
    "/personal/insikt",
    "/personal/insikt?period=2026",
    "/personal/insikt?period=2026-10",
    "/personal/insikt?period=2026&kommun=Karlstad",
    "/personal/insikt/fil.csv?period=2026",
    "/personal/insikt/oforstadda",
    "/personal/insikt/oforstadda/{phrase}",
    "/personal/exempel",
    "/personal/insikt/kedjan",
    "/personal/uppfoljning?ar=2026",
)
_AT_ONCE = 5_000

Row = dict[str, Any]  # Any: column values


def measure_insight(folder: Path, results: Results, *, rounds: int, count: int = CONVERSATIONS) -> None:
    """Times of each page, of the counting and of the rival, on SQLite and, where tests have it, on PostgreSQL."""
    for kind in ("SQLite", *(["PostgreSQL"] if os.environ.get("IV_TEST_POSTGRES_URL") else [])):
        with database_of(folder, kind, count) as database:
            _prepare(database)
            began = time.perf_counter()
            turns = _fill(database, count)
            results.figure(PART, f"{kind}, {count} conversations, {turns} turns, stored in", _since(began), "s")
            settings = Settings(data_dir=folder, retention_conversation_days=3650)
            began = time.perf_counter()
            rolling.roll_up(database, settings, lambda: NOW)
            results.figure(PART, f"{kind}, {DAYS} days counted in", _since(began), "s")
            today = _timed(lambda: rolling.roll_up(database, settings, lambda: NOW), rounds)  # noqa: B023 - at once
            results.times(PART, f"{kind}, the open days counted again", today)
            began = time.perf_counter()
            roll_up_chain_and_report(database, NOW)
            results.figure(
                PART, f"{kind}, the chain and the report's figures of {DAYS} days counted in", _since(began), "s"
            )
            _examples(database)
            _analyse(database)
            _measure_pages(database, settings, kind, results, rounds)
            _measure_rival(database, kind, results, rounds)


def _measure_pages(database: Database, settings: Settings, kind: str, results: Results, rounds: int) -> None:
    with database.transaction() as session:
        account = Account(login="bench", title="Bench", role="staff", created_at=NOW)
        session.add(account)
        session.flush()
        token = sessions.start(session, settings, account, NOW)
        phrase = session.scalar(select(func.min(Phrase.id)).where(Phrase.state == "open"))
    app = create_app(settings, clock=lambda: NOW, database=database)
    cookies = {sessions.cookie_name(settings): token}
    with asyncio.Runner() as runner:
        client = httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url=settings.base_url, cookies=cookies)
        for page in PAGES:
            path = page.format(phrase=phrase)

            def show(path: str = path) -> None:
                answer = runner.run(client.get(path, headers={"Accept": "text/html"}))
                if answer.status_code != 200:
                    raise BenchError(f"{path} answers {answer.status_code}")

            show()
            results.times(PART, f"{kind}, {page}", _timed(show, rounds))
        runner.run(client.aclose())


def _measure_rival(database: Database, kind: str, results: Results, rounds: int) -> None:
    """The same sums by topic and day for the whole region, from what is kept and from the messages."""
    chosen = period("2026", NOW.date())
    days = TopicDay.day.between(chosen.first, chosen.last)
    kept = select(TopicDay.day, TopicDay.topic, func.sum(TopicDay.turns)).where(days)
    of_the_bot = (Message.sender == "bot", Message.turn > 0, Message.position == 1)
    in_time = Message.created_at.between(begins(chosen.first), begins(chosen.last + timedelta(days=1)))
    day = func.date(Message.created_at)
    up, down = (func.count().filter(Message.feedback == value) for value in ("up", "down"))
    messages = (
        select(day, Message.topic, func.count(), up, down).where(*of_the_bot, in_time).group_by(day, Message.topic)
    )
    ours = _timed(lambda: _read(database, kept.group_by(TopicDay.day, TopicDay.topic)), rounds)
    rival = _timed(lambda: _read(database, messages), min(rounds, 3))
    results.times(PART, f"{kind}, a year's sums, ours", ours)
    results.times(PART, f"{kind}, a year's sums, GROUP BY over the messages", rival)
    results.compare(PART, f"{kind}, messages : ours", rival, ours)


def _read(database: Database, query: Any) -> None:  # Any: a select of any columns
    with database.transaction(read_only=True) as session:
        session.execute(query).all()


def _timed(function: Callable[[], object], rounds: int) -> Times:
    seconds = []
    for _ in range(rounds):
        began = time.perf_counter()
        function()
        seconds.append(_since(began))
    return Times.of(seconds)


def _since(began: float) -> float:
    return time.perf_counter() - began


def _prepare(database: Database) -> None:
    migrate(database)
    with database.transaction() as session:
        seed(session, NOW)


def _fill(database: Database, count: int) -> int:
    """Store the conversations; how many turns they have."""
    chance = random.Random(7)
    talks = _talks(chance, count)
    turns = 0
    while part := list(islice(talks, _AT_ONCE)):
        with database.transaction() as session:
            _store(session, database, Conversation, [conversation for conversation, _ in part])
            _store(session, database, Message, [message for _, messages in part for message in messages])
        turns += sum(conversation["turns"] for conversation, _ in part)
    _analyse(database)
    return turns


def _talks(chance: random.Random, count: int) -> Iterator[tuple[Row, list[Row]]]:
    topics = [f"topic_{number}" for number in range(TOPICS)]
    often = [1 / (number + 1) for number in range(TOPICS)]
    for _ in range(count):
        at = NOW - timedelta(seconds=chance.randrange(DAYS * 86_400))
        number = UUID(int=chance.getrandbits(128))
        place = chance.choice(PLACES) if chance.random() < 0.3 else ""
        turns = chance.choice((1, 1, 2, 2, 3, 5))
        messages = []
        for turn in range(1, turns + 1):
            moment = at + timedelta(seconds=30 * turn)
            missed = chance.random() < 0.08
            topic = "nlu_fallback" if missed else chance.choices(topics, often)[0]
            words = " ".join(chance.choices(WORDS, k=5))
            query = {"place": place} if place else {}
            thumb = chance.choice(("up", "down")) if chance.random() < 0.04 else None
            for position, (sender, said) in enumerate((("user", words), ("bot", "Ett svar."))):
                messages.append(
                    {
                        "id": UUID(int=chance.getrandbits(128)),
                        "conversation_id": number,
                        "turn": turn,
                        "position": position,
                        "sender": sender,
                        "kind": "text",
                        "text": said,
                        "topic": topic if sender == "bot" else None,
                        "data": {"query": query} if sender == "bot" else {},
                        "source": None,
                        "choices": [],
                        "feedback": thumb if sender == "bot" else None,
                        "created_at": moment,
                    }
                )
        end = at + timedelta(seconds=30 * turns)
        yield (
            {"id": number, "token_hash": "x" * 64, "turns": turns, "created_at": at, "active_at": end, "origin": None},
            messages,
        )


def _store(session: Session, database: Database, model: type[Conversation | Message], rows: list[Row]) -> None:
    if database.is_sqlite:
        session.execute(insert(model), rows)
        return
    columns = list(rows[0])
    names = ", ".join(f'"{column}"' for column in columns)
    driver: Any = session.connection().connection.driver_connection  # psycopg's own
    with driver.cursor() as cursor, cursor.copy(f'COPY "{model.__tablename__}" ({names}) FROM STDIN') as copy:
        for row in rows:
            copy.write_row([json.dumps(value) if isinstance(value, (dict, list)) else value for value in row.values()])


def _examples(database: Database) -> None:
    """Examples that wait and that are approved."""
    with database.transaction() as session:
        account = Account(login="author", title="Author", role="staff", created_at=NOW)
        session.add(account)
        session.flush()
        for number in range(600):
            words = f"{' '.join(WORDS[number % 12 : number % 12 + 5])} nummer {number}"
            state = "waiting" if number < 30 else "approved"
            decided = {} if state == "waiting" else {"decided_at": NOW, "approver_id": account.id}
            example = TrainingExample(text=words, plain=words, topic="cost", state=state, **decided)
            example.author_id, example.proposed_at, example.new_topic = account.id, NOW, ""
            session.add(example)


def _analyse(database: Database) -> None:
    """What a database does by itself after a while."""
    with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("ANALYZE"))

"""The four real processes with a catalogue that is never out of date."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from io import StringIO
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx

from api.clock import stockholm_date
from deploy.local.ports import Ports
from deploy.local.progress import Progress
from deploy.local.stack import Stack
from tests.api.guidance.jobsearch_server import JobSearchServer, answer, hit, jobsearch_server
from tests.stack.catalogue import Row, rows_for, write
from tests.stack.mailbox import Mailbox
from tests.stack.talk import ANSWER_SECONDS, Message, Talk

METRICS_KEY = "nyckel-for-matvarden"


@dataclass(frozen=True)
class Running:
    """A started stack and what tests look at: `rows` is the catalogue it serves, `http` reaches the api.

    `jobsearch` stands where Arbetsförmedlingen's service does. `terminal` is what `make run` would show.
    """

    stack: Stack
    rows: list[Row]
    http: httpx.Client
    jobsearch: JobSearchServer
    terminal: StringIO = field(default_factory=StringIO)

    @property
    def url(self) -> str:
        """Where people reach it: the address that mails and links carry."""
        return f"http://localhost:{self.stack.ports.api}"

    @property
    def mailbox(self) -> Mailbox:
        return Mailbox(self.stack.data_dir / "mail")

    def talk(self) -> Talk:
        """A new conversation."""
        return Talk(self.http)

    def ask_bot(self, text: str, conversation_id: str | None = None) -> Message:
        """What the bot itself answers, past the api, so that payloads get through: `topic` and `messages`."""
        response = self.http.post(
            f"{self.stack.bot_url}/webhooks/gateway/conversations/{conversation_id or uuid4()}/turns",
            json={"text": text},
            headers={"Authorization": f"Bearer {self.stack.env['IV_SERVICE_TOKEN']}"},
        )
        answer: Message = response.raise_for_status().json()
        return answer

    def in_database(self, query: str, *values: object) -> list[tuple[Any, ...]]:
        """Rows of the product's database."""
        return _rows(self.stack.data_dir / "industrivagledaren.db", query, values)

    def in_tracker(self, query: str, *values: object) -> list[tuple[Any, ...]]:
        """Rows of what the bot remembers of conversations."""
        return _rows(self.stack.data_dir / "bot.db", query, values)

    def occasions(self, **wanted: str) -> list[Row]:
        """Rows of the catalogue with these values, the first start first."""
        found = [row for row in self.rows if all(row[name] == value for name, value in wanted.items())]
        return sorted(found, key=lambda row: row["start_date"])


@contextmanager
def running(data_dir: Path, **more: str) -> Iterator[Running]:
    """A stack on free ports, with its data in `data_dir`; nothing of the developer's own settings reaches it.

    `more` are further variables of its environment.
    """
    with jobsearch_server() as jobsearch:
        jobsearch.respond = lambda _: answer(hit(application_deadline=None))
        yield from _running(data_dir, jobsearch, more)


def _running(data_dir: Path, jobsearch: JobSearchServer, more: dict[str, str]) -> Iterator[Running]:
    outside = {name: value for name, value in os.environ.items() if not name.startswith("IV_")}
    settings = {"IV_RATE_LIMIT_ENABLED": "false", "IV_METRICS_TOKEN": METRICS_KEY}
    settings |= {"IV_JOBSEARCH_URL": jobsearch.address} | more
    terminal = StringIO()
    stack = Stack(Ports.free(), data_dir, base_env=outside, extra_env=settings, progress=Progress(terminal))
    stack.prepare_database()
    rows = rows_for(stockholm_date(datetime.now(UTC)))
    stack.manage("Importing the catalogue", "import", write(data_dir / "catalogue.csv", rows), "--apply")
    stack.write_gazetteer()
    with stack, httpx.Client(base_url=stack.url, timeout=ANSWER_SECONDS, trust_env=False) as http:
        stack.first_answer()
        yield Running(stack, rows, http, jobsearch, terminal)


def _rows(path: Path, query: str, values: tuple[object, ...]) -> list[tuple[Any, ...]]:
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True, timeout=5)) as connection:
        return connection.execute(query, values).fetchall()

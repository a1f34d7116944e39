"""The four real processes with a catalogue that is never out of date."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from api.clock import stockholm_date
from deploy.local.ports import Ports
from deploy.local.stack import Stack
from tests.stack.catalogue import Row, rows_for, write
from tests.stack.mailbox import Mailbox
from tests.stack.talk import Talk


@dataclass(frozen=True)
class Running:
    """A started stack and what tests look at: `rows` is the catalogue it serves."""

    stack: Stack
    rows: list[Row]

    @property
    def url(self) -> str:
        return self.stack.url

    @property
    def mailbox(self) -> Mailbox:
        return Mailbox(self.stack.data_dir / "mail")

    @property
    def service_token(self) -> str:
        return self.stack.env["IV_SERVICE_TOKEN"]

    def talk(self) -> Talk:
        """A new conversation."""
        return Talk(self.url)

    def occasions(self, **wanted: str) -> list[Row]:
        """Rows of the catalogue with these values, the first start first."""
        found = [row for row in self.rows if all(row[name] == value for name, value in wanted.items())]
        return sorted(found, key=lambda row: row["start_date"])


@contextmanager
def running(data_dir: Path) -> Iterator[Running]:
    """A stack on free ports, with its data in `data_dir`; nothing of the developer's own settings reaches it."""
    outside = {name: value for name, value in os.environ.items() if not name.startswith("IV_")}
    stack = Stack(Ports.free(), data_dir, base_env=outside, extra_env={"IV_RATE_LIMIT_ENABLED": "false"})
    stack.prepare_database()
    rows = rows_for(stockholm_date(datetime.now(UTC)))
    stack.manage("Importing the catalogue", "import", write(data_dir / "catalogue.csv", rows), "--apply")
    stack.write_gazetteer()
    with stack:
        stack.first_answer()
        yield Running(stack, rows)

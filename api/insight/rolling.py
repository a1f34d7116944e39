"""What the worker rolls up, before anything is erased. Looking takes no write lock; storing is short."""

from __future__ import annotations

from datetime import datetime

from api.database import Database, one_at_a_time
from api.insight.chain import rolling as chain
from api.insight.report import rolling as report


def roll_up(database: Database, now: datetime) -> None:
    """The chain and the yearly report, up to yesterday. Repeating it changes nothing."""
    with database.transaction(read_only=True) as session:
        steps, rest = chain.collect(session, now), report.collect(session, now)
    with database.transaction() as session:
        one_at_a_time(session, "roll_up")  # each deletes and then sets rows that the other one deletes and sets
        chain.keep(session, steps)
        report.keep(session, rest)

"""A process of its own in which people sign up at the same time: `python -m tests.api.events.signers`.

Reads one JSON line: the database, the moment, the event and the people's numbers. Says "ready", waits for a line, lets
every thread begin together, and prints each answer with the number it was given.
"""

from __future__ import annotations

import json
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from threading import Barrier
from uuid import UUID

import api.tables  # noqa: F401 - every table, so that foreign keys between capabilities resolve
from api.database import Database
from api.events import service
from tests.api.events.signups import OFFICE, person


def sign_up(database: Database, event_id: UUID, number: int, now: datetime) -> tuple[str, int]:
    """The status that somebody got, and their place in the order."""
    try:
        with database.transaction() as session:
            signup = service.sign_up(session, event_id, person(number), now=now, office=OFFICE).signup
            return signup.status, signup.number
    except Exception as error:  # what must never happen is counted, not hidden in a traceback
        return f"error: {type(error).__name__}", number


def main() -> None:
    task = json.loads(sys.stdin.readline())
    database, now = Database(task["database"]), datetime.fromisoformat(task["now"])
    event_id, people, threads = UUID(task["event"]), task["people"], task["threads"]
    barrier = Barrier(threads)
    print("ready", flush=True)
    sys.stdin.readline()

    def one_thread(first: int) -> list[tuple[str, int]]:
        barrier.wait()
        return [sign_up(database, event_id, number, now) for number in people[first::threads]]

    with ThreadPoolExecutor(threads) as pool:
        answers = [answer for part in pool.map(one_thread, range(threads)) for answer in part]
    print(json.dumps(answers), flush=True)
    database.dispose()


if __name__ == "__main__":
    main()

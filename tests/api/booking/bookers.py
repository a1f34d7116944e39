"""A process of its own in which people book at the same time: `python -m tests.api.booking.bookers`.

Reads one JSON line: the database, the moment, and who wants which times. Says "ready", waits for a line, lets everybody
begin together, and prints how often each answer was given.
"""

from __future__ import annotations

import json
import sys
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from threading import Barrier
from uuid import UUID

import api.tables  # noqa: F401 - every table, so that foreign keys between capabilities resolve
from api.booking import holds, service
from api.database import Database
from api.errors import ApiError
from api.outbox.office import Office

OFFICE = Office("Industrivägledaren <boka@example.org>", "https://vagledning.example.org")


def book(database: Database, person: dict, now: datetime) -> str:
    """The first of the wanted times that is free; otherwise what the last refusal was."""
    conversation_id, answer = UUID(person["conversation_id"]), "nothing wanted"
    for slot in person["slots"]:
        try:
            with database.transaction() as session:
                meeting = holds.hold(session, slot, "phone", conversation_id, now)
            with database.transaction() as session:
                service.confirm(
                    session,
                    meeting.id,
                    conversation_id=conversation_id,
                    name="Kim",
                    contact_token=person["token"],
                    idempotency_key=str(meeting.id),
                    now=now,
                    office=OFFICE,
                )
        except ApiError as error:
            answer = error.code
        except Exception as error:  # what must never happen is counted, not hidden in a traceback
            return f"error: {type(error).__name__}"
        else:
            return "booked"
    return answer


def main() -> None:
    task = json.loads(sys.stdin.readline())
    database, now = Database(task["database"]), datetime.fromisoformat(task["now"])
    people, threads = task["people"], task["threads"]
    barrier = Barrier(threads)
    print("ready", flush=True)
    sys.stdin.readline()

    def one_thread(first: int) -> list[str]:
        barrier.wait()
        return [book(database, person, now) for person in people[first::threads]]

    with ThreadPoolExecutor(threads) as pool:
        answers = Counter(answer for part in pool.map(one_thread, range(threads)) for answer in part)
    print(json.dumps(answers), flush=True)
    database.dispose()


if __name__ == "__main__":
    main()

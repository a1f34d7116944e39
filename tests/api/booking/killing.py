"""Starts an api process, lets it book and cancel, kills it at a random moment, and does so again:
`python -m tests.api.booking.killing`.

Each child is a fork in which the whole application runs; only the network between is left out. It tells through a pipe
what it answered to people. Prints what was answered in all, as JSON.
"""

from __future__ import annotations

import asyncio
import json
import os
import random
import signal
import sys
import time
from datetime import datetime
from pathlib import Path

import httpx
from fastapi import FastAPI

from api.booking.openings import node_slots
from api.booking.tables import Counsellor
from api.chat.tables import Conversation
from api.database import Database
from api.main import create_app
from api.privacy.tables import ContactToken
from api.settings import Settings

EACH = 30


def prepare(database: Database, now: datetime, kills: int) -> tuple[list[tuple[str, str]], list[str]]:
    """A conversation with an address for every booking, and times for all of them."""
    people = []
    with database.transaction() as session:
        for row in session.query(Counsellor):
            row.horizon_days = 700
        for number in range((kills + 1) * EACH):
            conversation = Conversation(token_hash="x", created_at=now, active_at=now)
            session.add(conversation)
            session.flush()
            token = f"kontakt-{number:024x}"
            value = f"{number}@example.org"
            session.add(
                ContactToken(token=token, conversation_id=conversation.id, kind="email", value=value, created_at=now)
            )
            people.append((str(conversation.id), token))
        slots = [offer.id for offer in node_slots(session, "karlstad", "phone", now)][::2]
    database.dispose()  # a connection must not be shared with a fork
    return people, slots


async def book_and_cancel(app: FastAPI, people: list[tuple[str, str]], slots: list[str], pipe: int) -> None:
    """What the action server asks for, one person after the other; every second meeting is cancelled."""
    headers = {"Authorization": f"Bearer {app.state.settings.service_token}"}
    transport = httpx.ASGITransport(app=app)
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(transport=transport, base_url="https://api.example.org", headers=headers) as client,
    ):
        tell(pipe, "ready", "")
        for number, ((conversation_id, token), slot) in enumerate(zip(people, slots, strict=False)):
            body = {"conversation_id": conversation_id}
            wanted = body | {"slot_id": slot, "meeting_type": "phone"}
            held = await client.post("/internal/v1/meetings/holds", json=wanted)
            held.raise_for_status()
            meeting = held.json()["meeting_id"]
            answer = await client.post(
                f"/internal/v1/meetings/{meeting}/confirm",
                json=body | {"name": "Kim", "contact_token": token},
                headers={"Idempotency-Key": meeting},
            )
            answer.raise_for_status()
            reference = answer.json()["messages"][0]["data"]["reference"]
            tell(pipe, "booked", reference)
            if number % 2:
                (await client.post(f"/internal/v1/meetings/{meeting}/cancel", json=body)).raise_for_status()
                tell(pipe, "cancelled", reference)


def tell(pipe: int, what: str, whom: str) -> None:
    os.write(pipe, f"{what} {whom}\n".encode())


def fork(app: FastAPI, people: list[tuple[str, str]], slots: list[str]) -> tuple[int, int]:
    """The child's process id and the end of the pipe to read."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reading)
        try:
            asyncio.run(book_and_cancel(app, people, slots, writing))
        except BaseException as error:  # a child must never return into its parent's program
            tell(writing, "error", repr(error))
        os._exit(0)
    os.close(writing)
    return child, reading


def warm_up(app: FastAPI, people: list[tuple[str, str]], slots: list[str]) -> None:
    """Book in this process first, so that the children need not compile every statement anew."""
    with open(os.devnull, "wb") as nowhere:
        asyncio.run(book_and_cancel(app, people[:2], slots[:2], nowhere.fileno()))


def main() -> None:
    task = json.loads(sys.stdin.read())
    now, kills, chance = datetime.fromisoformat(task["now"]), task["kills"], random.Random(40)
    database = Database(task["database"])
    settings = Settings(
        data_dir=Path(task["folder"]), public_url="https://vagledning.example.org", rate_limit_enabled=False
    )
    people, slots = prepare(database, now, kills)
    app = create_app(settings, clock=lambda: now, database=database)
    warm_up(app, people[:EACH], slots[:EACH])
    told: dict[str, list[str]] = {"booked": [], "cancelled": [], "error": [], "ready": []}
    for number in range(1, kills + 1):
        mine = slice(number * EACH, (number + 1) * EACH)
        child, pipe = fork(app, people[mine], slots[mine])
        with os.fdopen(pipe) as lines:
            began = time.monotonic()
            seen = [lines.readline() for _ in range(1 + chance.randint(0, 3))]
            pace = (time.monotonic() - began) / len(seen)
            time.sleep(chance.uniform(0, 2 * pace))  # by the machine's own pace: anywhere within the next requests
            os.kill(child, signal.SIGKILL)
            os.waitpid(child, 0)
            for line in [*seen, *lines]:
                what, _, whom = line.rstrip("\n").partition(" ")
                told[what].append(whom)
    if told["error"]:
        raise SystemExit("\n".join(told["error"]))
    print(json.dumps({"kills": kills, "booked": told["booked"], "cancelled": told["cancelled"]}))


if __name__ == "__main__":
    main()

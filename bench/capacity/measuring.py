"""Measures what the plan needs: processor time, memory and bytes, of questions and of whole bookings."""

from __future__ import annotations

import asyncio
import os
import platform
import sqlite3
import time
from collections.abc import Callable, Mapping
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx

from bench.capacity.plan import PROCESSES, Assumed, Measured
from bench.crowd import Crowd, measure_crowd
from bench.results import Results
from bench.rig import BenchStack, cpu_seconds, peak_memory
from bench.scenarios import SAID
from bench.talk import ApiTalk, BenchError, client
from bench.turns import doors

PART = "Capacity"
USERS = 8
ASKED = ("answer", "course_search")
CONTACT = "person{number}@example.org"
MAIL_SECONDS = 60.0


def measure_capacity(stack: BenchStack, results: Results, *, turns: int, bookings: int, command: str) -> Measured:
    """Measure with everything started. `turns` questions of each kind; raises BenchError when a booking fails."""
    crowds = [asyncio.run(measure_crowd(stack, doors(stack)["api"], what, users=USERS, turns=turns)) for what in ASKED]
    talks = max(2, turns // 10)
    bytes_of_talk = _grown(stack, lambda: asyncio.run(_converse(stack, talks))) / talks
    before, mails_before = cpu_seconds(stack) or {}, len(_mails(stack))
    steps: list[int] = []
    grown = _grown(stack, lambda: steps.extend(asyncio.run(_book(stack, bookings))))
    _wait_for_mails(stack, mails_before + bookings * 2)
    after, mails = cpu_seconds(stack) or {}, _mails(stack)[mails_before:]
    measured = Measured(
        datetime.now(UTC).date().isoformat(),
        _machine(),
        command,
        _mean_cpu(crowds),
        {name: round((after[name] - before[name]) * 1000 / bookings, 1) for name in PROCESSES},
        round(sum(steps) / bookings, 1),
        {name: round(size, 1) for name, size in (peak_memory(stack) or {}).items()},
        round(bytes_of_talk),
        round(grown / bookings),
        round(len(mails) / bookings, 1),
        round(sum(path.stat().st_size for path in mails) / max(1, len(mails))),
    )
    report(results, measured)
    return measured


def report(results: Results, measured: Measured) -> None:
    """Its figures in the bench's table."""
    for name in PROCESSES:
        results.figure(PART, f"processor time of {name}, a question", measured.turn_ms[name], "ms")
        results.figure(PART, f"processor time of {name}, a booking", measured.booking_ms[name], "ms")
    results.figure(PART, "a conversation in the databases", measured.conversation_bytes, "bytes")
    results.figure(PART, "a booking in the databases", measured.booking_bytes, "bytes")


def _mean_cpu(crowds: list[Crowd]) -> Mapping[str, float]:
    return {name: round(sum(crowd.cpu[name] for crowd in crowds) / len(crowds), 2) for name in PROCESSES}


async def _converse(stack: BenchStack, count: int) -> None:
    async with client() as http:
        for _ in range(count):
            talk = ApiTalk(http, stack.url)
            for number in range(Assumed().turns):
                await talk.say(SAID[ASKED[number % len(ASKED)]])


async def _book(stack: BenchStack, count: int) -> list[int]:
    """Messages that each booking took."""
    async with client() as http:
        return [await _book_one(http, stack, number) for number in range(count)]


async def _book_one(http: httpx.AsyncClient, stack: BenchStack, number: int) -> int:
    """By the buttons: the first town, way and time; a name and an address; no interpreter; yes."""
    booker = _Booker(http, stack.url)
    await booker.open()
    await booker.send(text=SAID["book"])
    for _ in ("town", "way to meet", "time"):
        await booker.send(choice=booker.button())
    await booker.send(text=SAID["name"])
    await booker.send(text=CONTACT.format(number=number))
    for title in (SAID["no_interpreter"], SAID["confirm"]):
        await booker.send(choice=booker.button(title))
    if "booking" not in {message["kind"] for message in booker.last}:
        raise BenchError("a booking did not come to its end")
    return booker.sent


class _Booker:
    """A conversation whose buttons are pressed by their titles. `sent` counts its messages."""

    def __init__(self, http: httpx.AsyncClient, url: str) -> None:
        self._http, self._path, self._token = http, f"{url}/api/v1/conversations", ""
        self.last: list[dict[str, Any]] = []  # Any: JSON
        self.sent = 0

    async def open(self) -> None:
        opened = (await self._http.post(self._path)).raise_for_status().json()
        self._path, self._token = f"{self._path}/{opened['conversation_id']}/messages", opened["token"]

    async def send(self, **body: str) -> None:
        headers = {"Authorization": f"Bearer {self._token}"}
        self.last = (
            (await self._http.post(self._path, json=body, headers=headers)).raise_for_status().json()["messages"]
        )
        self.sent += 1

    def button(self, title: str = "") -> str:
        """Id of the first button whose title begins like this. Raises BenchError when there is none."""
        choices = [choice for message in self.last for choice in message["choices"]]
        found = next((choice["id"] for choice in choices if choice["title"].startswith(title)), None)
        if found is None:
            raise BenchError("a step of a booking did not offer what it should")
        return str(found)


def _grown(stack: BenchStack, what: Callable[[], object]) -> float:
    """By how many bytes the databases have grown."""
    before = _bytes(stack)
    what()
    return _bytes(stack) - before


def _bytes(stack: BenchStack) -> float:
    return sum(map(_used, (stack.data_dir / "industrivagledaren.db", stack.data_dir / "bot.db")))


def _used(path: Path) -> float:
    """Bytes of a database file that hold something, what still stands in its log included."""
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True, timeout=30)) as connection:
        pages, free, size = (
            connection.execute(f"PRAGMA {name}").fetchone()[0] for name in ("page_count", "freelist_count", "page_size")
        )
    return float((pages - free) * size)


def _mails(stack: BenchStack) -> list[Path]:
    return sorted((stack.data_dir / "mail").glob("**/*.eml"), key=lambda path: path.stat().st_mtime_ns)


def _wait_for_mails(stack: BenchStack, count: int) -> None:
    deadline = time.monotonic() + MAIL_SECONDS
    while len(_mails(stack)) < count and time.monotonic() < deadline:
        time.sleep(0.5)


def _machine() -> str:
    names = [
        line.partition(":")[2].strip()
        for line in Path("/proc/cpuinfo").read_text("utf-8", "replace").splitlines()
        if line.startswith("model name")
    ]
    return f"{os.cpu_count()} × {names[0] if names else platform.machine()}"

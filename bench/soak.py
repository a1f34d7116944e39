"""Hours of talk at a steady pace through the api: whether memory and answer times stay as they were."""

from __future__ import annotations

import asyncio
import random
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

import httpx
import yaml

from bench.figures import Times
from bench.results import Results
from bench.rig import BenchStack, memory
from bench.talk import ApiTalk, BenchError, client
from deploy.local.config import ROOT

PART = "Soak"
PACE = 20
"""Turns a second."""
LENGTH = 10
"""Turns a conversation has before somebody else begins."""
SAMPLE_SECONDS = 60.0
WINDOWS = 6
SEED = 7

Say = Callable[[str], None]


@dataclass
class Soak:
    """Seconds of each turn in order, what went wrong, and the memory of each process (MB) minute by minute."""

    taken: list[float] = field(default_factory=list)
    late: int = 0
    failed: Counter[str] = field(default_factory=Counter)
    """Turns without an answer, by what was wrong."""
    memory: list[dict[str, float]] = field(default_factory=list)


def questions() -> list[str]:
    """Every example of `data/nlu` that is about no booking or form, in an order drawn once."""
    found: list[str] = []
    for path in sorted((ROOT / "data" / "nlu").rglob("*.yml")):
        if path.parent.name in {"catalogue", "guidance", "privacy"} and path.stem != "privacy_delete":
            for block in yaml.safe_load(path.read_text("utf-8"))["nlu"]:
                found += [line.removeprefix("- ") for line in block["examples"].splitlines()]
    random.Random(SEED).shuffle(found)
    return found


def measure_soak(stack: BenchStack, results: Results, *, minutes: float, say: Say) -> None:
    """Talk for so long, and compare the beginning with the end. The first tenth counts as warming up."""
    soak = asyncio.run(_talk(stack, minutes * 60, say))
    report_soak(results, soak)


def report_soak(results: Results, soak: Soak) -> None:
    """Times by window of the whole, and memory after warming up and at the end."""
    results.figure(PART, "turns", len(soak.taken))
    results.figure(PART, "turns that failed", soak.failed.total())
    for reason, count in soak.failed.most_common():
        results.figure(PART, f"of these: {reason}", count)
    results.figure(PART, "turns that began more than a second late", soak.late)
    size = max(1, len(soak.taken) // WINDOWS)
    windows = [Times.of(soak.taken[at : at + size]) for at in range(0, size * WINDOWS, size) if soak.taken[at:]]
    for number, times in enumerate(windows, 1):
        results.times(PART, f"window {number} of {WINDOWS}", times)
    results.compare(PART, "last window : first window", windows[-1], windows[0])
    warm = soak.memory[len(soak.memory) // 10]
    for name, at_end in soak.memory[-1].items():
        results.figure(PART, f"memory of {name}, warmed up", warm[name], "MB")
        results.figure(PART, f"memory of {name}, at the end", at_end, "MB")


async def _talk(stack: BenchStack, seconds: float, say: Say) -> Soak:
    soak, asked = Soak(), questions()
    running: set[asyncio.Task[None]] = set()
    began = time.perf_counter()
    sampled = began - SAMPLE_SECONDS
    async with client() as http:
        people = [ApiTalk(http, stack.url, understood=False) for _ in range(PACE * LENGTH)]
        turn = 0
        while (now := time.perf_counter()) - began < seconds:
            if now - sampled >= SAMPLE_SECONDS:
                sampled = now
                soak.memory.append(memory(stack) or {})
                say(f"{turn} turns, {' '.join(f'{name} {size:.0f}' for name, size in soak.memory[-1].items())} MB")
            due = began + turn / PACE
            if now < due:
                await asyncio.sleep(due - now)
            if len(running) >= len(people):  # as many as there are; more at once would measure the client's own queue
                await asyncio.wait(running, return_when=asyncio.FIRST_COMPLETED)
            soak.late += time.perf_counter() - due > 1
            place = turn % len(people)
            if turn and turn // len(people) % LENGTH == 0:
                people[place] = ApiTalk(http, stack.url, understood=False)
            task = asyncio.create_task(_turn(people[place], asked[turn % len(asked)], soak))
            running.add(task)
            task.add_done_callback(running.discard)
            turn += 1
        await asyncio.gather(*running)
    soak.memory.append(memory(stack) or {})
    return soak


async def _turn(person: ApiTalk, text: str, soak: Soak) -> None:
    try:
        soak.taken.append(await person.say(text))
    except BenchError as error:
        soak.failed[str(error).rpartition(" ")[2]] += 1  # the status, where there is one
    except httpx.HTTPError as error:
        soak.failed[type(error).__name__] += 1

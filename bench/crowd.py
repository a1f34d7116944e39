"""How many turns a bot makes with so many people at once, and what each costs of a processor."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass

from bench.figures import Times
from bench.results import Results
from bench.rig import cpu_seconds
from bench.scenarios import SAID, Saying
from bench.talk import client
from bench.turns import Door
from deploy.local.stack import Stack

WARM_UP = 3


@dataclass(frozen=True)
class Crowd:
    """What was seen of one crowd: `cpu` is processor time in ms a turn, by process."""

    times: Times
    turns_per_second: float
    cpu: dict[str, float]


async def measure_crowd(stack: Stack, door: Door, what: str, *, users: int, turns: int) -> Crowd:
    """Let `users` people say the message `what` of bench/messages.json again and again, `turns` times in all."""
    each = max(1, turns // users)
    async with client() as http:
        sayings = [Saying(door(http), SAID[what]) for _ in range(users)]
        for _ in range(WARM_UP):
            await asyncio.gather(*(saying.turn() for saying in sayings))
        before, began = cpu_seconds(stack) or {}, time.perf_counter()
        taken = await asyncio.gather(*(_say(saying, each) for saying in sayings))
        seconds, after = time.perf_counter() - began, cpu_seconds(stack) or {}
    count = users * each
    return Crowd(
        Times.of([one for times in taken for one in times]),
        count / seconds,
        {name: (after[name] - used) / count * 1000 for name, used in before.items()},
    )


def report_crowd(results: Results, part: str, who: str, crowd: Crowd) -> None:
    """Its times, turns a second, and what a turn costs each process."""
    results.times(part, who, crowd.times)
    results.figure(part, f"{who}, turns a second", crowd.turns_per_second)
    for name, milliseconds in crowd.cpu.items():
        if milliseconds:
            results.figure(part, f"{who}, processor time of {name} a turn", milliseconds, "ms")


async def _say(saying: Saying, times: int) -> list[float]:
    return [await saying.turn() for _ in range(times)]

"""Whether a turn costs more the longer the conversation is: a late turn against an early one."""

from __future__ import annotations

from bench.figures import Times
from bench.results import Results
from bench.scenarios import Scenario, scenario
from bench.talk import client
from bench.turns import Door

EARLY = 5
WINDOW = 11
FRESH = 3
WHAT = "course_search"


async def measure_length(part: str, who: str, door: Door, results: Results, *, late: int) -> None:
    """Compare turns 5–15 of young conversations with the turns around `late` of an old one.

    Young and old take turns, so that other work on the machine meets both alike.
    """
    early_times: list[float] = []
    late_times: list[float] = []
    async with client() as http:
        old = scenario(WHAT, door(http))
        await _walk(old, late - WINDOW * FRESH // 2 - 1)
        for _ in range(FRESH):
            young = scenario(WHAT, door(http))
            await _walk(young, EARLY - 1)
            for _ in range(WINDOW):
                early_times.append(await young.turn())
                late_times.append(await old.turn())
    early, later = Times.of(early_times), Times.of(late_times)
    results.times(part, f"{who}, turn 10", early)
    results.times(part, f"{who}, turn {late}", later)
    results.compare(part, f"{who}, turn {late} : turn 10", later, early)


async def _walk(talk: Scenario, turns: int) -> None:
    for _ in range(turns):
        await talk.turn()

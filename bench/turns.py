"""What one turn costs, for one person and for many at once, through api and straight at Rasa."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import httpx

from bench.figures import Times
from bench.results import Results
from bench.scenarios import SCENARIOS, scenario
from bench.talk import ApiTalk, RestTalk, Talk, client
from deploy.local.stack import Stack

Door = Callable[[httpx.AsyncClient], Talk]


def doors(stack: Stack) -> dict[str, Door]:
    """The two ways in."""
    return {"api": lambda http: ApiTalk(http, stack.url), "rasa": lambda http: RestTalk(http, stack.bot_url)}


async def measure_turns(stack: Stack, results: Results, *, users: int, repeats: int, rounds: int) -> None:
    """Let `users` people talk at once, each `rounds` conversations of `repeats` turns, for each scenario and door.

    The two doors take turns, so that other work on the machine meets both alike.
    """
    part = f"A turn, {users} user{'s' if users > 1 else ''}"
    async with client() as http:
        for name in SCENARIOS:
            taken: dict[str, list[float]] = {"api": [], "rasa": []}
            for _ in range(rounds):
                for door, open_door in doors(stack).items():
                    talks = (_talk(name, open_door(http), repeats) for _ in range(users))
                    for times in await asyncio.gather(*talks):
                        taken[door] += times
            through, straight = Times.of(taken["api"]), Times.of(taken["rasa"])
            results.times(part, f"{name} through api", through)
            results.times(part, f"{name} straight at Rasa", straight)
            results.compare(part, f"{name} api : Rasa", through, straight)


async def _talk(name: str, talk: Talk, repeats: int) -> list[float]:
    saying = scenario(name, talk)
    await saying.turn()  # the first turn also opens the conversation
    return [await saying.turn() for _ in range(repeats)]

"""What is said, over and over: an answer by topic, a course search, and the booking step that lists times."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

from bench.talk import BenchError, Talk

SAID: Mapping[str, str] = json.loads(Path(__file__).with_name("messages.json").read_text("utf-8"))


class Saying:
    """The same message again and again."""

    def __init__(self, talk: Talk, message: str) -> None:
        self._talk, self._message = talk, message

    async def turn(self) -> float:
        """One turn; seconds."""
        return await self._talk.say(self._message)


class ListingTimes:
    """The booking: a node is chosen, then the kind of meeting, which lists the times. Only the latter counts."""

    def __init__(self, talk: Talk) -> None:
        self._talk = talk
        self._node = ""

    async def turn(self) -> float:
        """Choose the first node and the first kind of meeting; seconds of the latter."""
        if not self._node:
            await self._talk.say(SAID["book"])
            self._node = self._first_button()
        await self._talk.press(self._node)
        return await self._talk.press(self._first_button())

    def _first_button(self) -> str:
        if not self._talk.buttons:
            raise BenchError("a step of the booking offered no buttons")
        return self._talk.buttons[0]


Scenario = Saying | ListingTimes
SCENARIOS = ("answer", "course_search", "booking_step")


def scenario(name: str, talk: Talk) -> Scenario:
    """The scenario `name` in a conversation of its own."""
    return ListingTimes(talk) if name == "booking_step" else Saying(talk, SAID[name])

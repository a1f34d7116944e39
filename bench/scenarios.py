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
    """The booking: the kind of meeting is chosen, which lists times, and then "more times". Only the latter counts."""

    def __init__(self, talk: Talk) -> None:
        self._talk = talk
        self._kind = ""

    async def turn(self) -> float:
        """List the first times and then the next ones; seconds of the latter."""
        if not self._kind:
            await self._talk.say(SAID["book"])
            await self._talk.press(self._button(0))  # the first node
            self._kind = self._button(0)
        await self._talk.press(self._kind)
        return await self._talk.press(self._button(_MORE_TIMES))

    def _button(self, index: int) -> str:
        if not self._talk.buttons:
            raise BenchError("a step of the booking offered no buttons")
        return self._talk.buttons[index]


_MORE_TIMES = 3
"""Place of "more times" among the buttons: after the three times."""

Scenario = Saying | ListingTimes
SCENARIOS = ("answer", "course_search", "booking_step")


def scenario(name: str, talk: Talk) -> Scenario:
    """The scenario `name` in a conversation of its own."""
    return ListingTimes(talk) if name == "booking_step" else Saying(talk, SAID[name])

"""The clock is set back in the middle of a talk."""

from __future__ import annotations

from tests.api.chat.conftest import Bot, Talk, message
from tests.conftest import MovableClock


async def test_what_was_said_stays_in_the_order_it_was_said_in(talk: Talk, bot: Bot, clock: MovableClock) -> None:
    for number, hours in enumerate((0, -2, 1, -24, 48)):
        clock.move(hours=hours)
        bot.messages = [message(f"Svar {number}.", [{"title": f"Knapp {number}", "payload": "/greet"}])]
        await talk.say(f"fråga {number}")
    said = [one["text"] for one in await talk.transcript()][1:]
    assert said == [line for number in range(5) for line in (f"fråga {number}", f"Svar {number}.")]
    await talk.say("Knapp 4")
    assert bot.texts[-1] == "/greet", "the latest buttons are those of the latest answer"

"""The booking as a person goes through it, by its buttons."""

from __future__ import annotations

from itertools import count
from typing import Any

from tests.stack.talk import Talk

_people = count(5)

STEPS = {
    "node": "Vilken ort",
    "type": "Hur vill du träffa",
    "time": "Vilken tid passar dig?",
    "name": "Vad heter du?",
    "contact": "Hur når vägledaren dig?",
    "interpreter": "Behöver du tolk?",
    "check": "Stämmer det?",
}
"""Step → what the assistant asks there."""

SHARE = "Vill du att vägledaren får veta"
"""A question for those who have asked something before: answered with no together with the one about an interpreter."""


def new_phone() -> str:
    """A number nobody has booked with (of the series that PTS keeps for fiction)."""
    return f"070-174 06 {next(_people):02d}"


def new_email() -> str:
    """An address nobody has booked with."""
    return f"person{next(_people)}@example.org"


def begin(talk: Talk) -> None:
    """Ask for a meeting; the town is asked for."""
    talk.say("jag vill boka tid med vägledare")
    assert_asks(talk, "node")


def answer(
    talk: Talk, step: str, *, town: str = "Karlstad", kind: str = "Telefon", who: str = "Kim", contact: str = ""
) -> None:
    """Answer one step as a person in no doubt."""
    if step == "node":
        talk.choose(town)
    elif step == "type":
        talk.choose(kind)
    elif step == "time":
        choose_time(talk)
    elif step == "name":
        talk.say(who)
    elif step == "contact":
        talk.say(contact or new_email())
    elif step == "interpreter":
        talk.choose("Nej, ingen tolk")
        if SHARE in talk.text:
            talk.choose("Nej, berätta inget")
    else:
        talk.choose("Ja, boka")


def go_to(talk: Talk, last: str, **answers: str) -> None:
    """Begin a booking and answer every step before `last`."""
    begin(talk)
    for step in STEPS:
        assert_asks(talk, step)
        if step == last:
            return
        answer(talk, step, **answers)


def book(talk: Talk, **answers: str) -> dict[str, Any]:
    """Book by the buttons; the receipt's data."""
    go_to(talk, "check", **answers)
    answer(talk, "check")
    data: dict[str, Any] = talk.of_kind("booking")["data"]
    return data


def choose_time(talk: Talk, which: int = 0) -> str:
    """Press one of the times on screen; its title."""
    title = talk.of_kind("slots")["choices"][which]["title"]
    talk.choose(title)
    return str(title)


def assert_asks(talk: Talk, step: str) -> None:
    """The latest answer ends with the question of this step."""
    assert STEPS[step] in talk.last[-1]["text"], f"expected {step}: {talk.text}"

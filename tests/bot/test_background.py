"""Of two occupations in a message, the one somebody wants counts, not the one they have."""

from __future__ import annotations

import re

import pytest

from bot.nlu.background import Background
from bot.nlu.gazetteer import Found
from bot.nlu.text import load_words

BACKGROUND = Background(load_words()["background"])
NAMES = re.compile("montör|svetsare|operatör|truckförare|arbetsledare")


def about(text: str) -> list[str]:
    found = [Found("occupation", match[0], match.start(), match.end(), True) for match in NAMES.finditer(text)]
    return [one.value for one in BACKGROUND.without(text, found)]


@pytest.mark.parametrize(
    ("text", "occupations"),
    [
        ("jag är montör och vill bli svetsare", ["svetsare"]),
        ("Har jobbat som truckförare i tio år, kan jag bli svetsare?", ["svetsare"]),
        ("min man är svetsare, kan jag bli montör", ["montör"]),
        ("från montör till arbetsledare", ["arbetsledare"]),
        ("jag vill bli svetsare, nu är jag montör", ["svetsare"]),
    ],
)
def test_what_somebody_has_been_is_left_out_beside_what_they_want(text: str, occupations: list[str]) -> None:
    assert about(text) == occupations


@pytest.mark.parametrize("text", ["jag är svetsare", "jobbar som montör idag", "svetsare sedan 1998"])
def test_a_lone_occupation_always_counts(text: str) -> None:
    assert len(about(text)) == 1


@pytest.mark.parametrize(
    "text",
    ["vad är skillnaden mellan svetsare och montör", "svetsare eller operatör", "ska jag bli svetsare eller montör"],
)
def test_two_that_are_compared_both_count(text: str) -> None:
    assert len(about(text)) == 2

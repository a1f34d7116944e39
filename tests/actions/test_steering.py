"""Words that change how the talk goes on."""

from __future__ import annotations

import pytest

from actions.steering import made_wider, only_makes_wider, wants_ordinary_swedish


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("alla orter", {"place"}),
        ("och i hela Värmland?", {"place"}),
        ("hela varmland", {"place"}),
        ("Överallt!", {"place"}),
        ("alla yrken", {"occupation"}),
        ("visa alla utbildningar i hela länet", {"place", "occupation"}),
        ("alla", set()),
        ("allas orter", set()),
        ("i Värmland", set()),
        ("", set()),
    ],
)
def test_what_no_longer_matters(text: str, names: set[str]) -> None:
    assert made_wider(text) == names


@pytest.mark.parametrize(
    ("text", "only"),
    [
        ("alla orter", True),
        ("och i hela Värmland då?", True),
        ("visa alla yrken i hela länet tack", True),
        ("nej, överallt menade jag", True),
        ("är alla utbildningar gratis?", False),
        ("börjar alla kurser samtidigt", False),
        ("vilka kurser börjar i höst i hela Värmland", False),
        ("hej", False),
    ],
)
def test_a_message_that_says_nothing_else_goes_on_with_the_question_before(text: str, only: bool) -> None:
    assert only_makes_wider(text) is only


@pytest.mark.parametrize(
    "text",
    [
        "svara som vanligt",
        "Sluta med lätt svenska!",
        "svårare svenska tack",
        "vanlig svenska",
        "du kan skriva som vanligt igen",
        "Som vanligt, tack!",
        "inte så enkelt",
    ],
)
def test_easy_swedish_is_ended_in_many_words(text: str) -> None:
    assert wants_ordinary_swedish(text)


@pytest.mark.parametrize(
    "text",
    [
        "lätt svenska",
        "kan du skriva lättare",
        "vad kostar det",
        "får jag lön som vanligt",
        "det är inte så enkelt att läsa för mig",
        "kan jag jobba som vanligt då",
        "jag undrar om utbildningen är som vanligt på dagtid även för dem som jobbar",
        "",
    ],
)
def test_other_words_do_not_end_it(text: str) -> None:
    assert not wants_ordinary_swedish(text)

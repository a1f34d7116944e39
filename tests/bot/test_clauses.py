"""A message is cut into the questions it asks."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.nlu.clauses import questions
from bot.nlu.text import load_words

WORDS = load_words()


def asked(text: str) -> list[str]:
    return questions(text, frozenset(WORDS["question_openers"]), WORDS["question_joints"])


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("vad kostar det och när börjar den?", ["vad kostar det", "när börjar den?"]),
        ("Jag är svetsare. Hur lång är kursen? Får man CSN?", ["Hur lång är kursen?", "Får man CSN?"]),
        ("var ligger noden å va har dom för maskiner", ["var ligger noden", "va har dom för maskiner"]),
        ("När börjar den, och måste jag ha betyg?", ["När börjar den,", "måste jag ha betyg?"]),
    ],
)
def test_each_question_is_a_clause_of_its_own(text: str, expected: list[str]) -> None:
    assert asked(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "kan jag plugga och jobba samtidigt",
        "finns det jobb i Arvika och Sunne?",
        "vad gör en svetsare eller montör?",
    ],
)
def test_an_and_inside_a_question_does_not_cut_it(text: str) -> None:
    assert len(asked(text)) == 1


@pytest.mark.parametrize("text", ["", "hej", "jag vill bli svetsare", "Min man jobbar. Jag är hemma."])
def test_what_asks_nothing_has_no_questions(text: str) -> None:
    assert asked(text) == []


@given(st.text(max_size=300))
def test_every_question_stands_in_the_message(text: str) -> None:
    assert all(question in text for question in asked(text))

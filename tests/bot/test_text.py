"""Folding and naming: careless spelling compares equal, and "och i Arvika då?" is seen for what it is."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.nlu.naming import only_names
from bot.nlu.text import fold, load_words, words_of

FUNCTION_WORDS = frozenset(load_words()["function_words"])


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Säffle", "saffle"),
        ("ÅRJÄNG", "arjang"),
        ("Hammaro\u0308", "hammaro"),
        ("Idé", "ide"),
        ("CNC", "cnc"),
        ("", ""),
    ],
)
def test_folding_drops_case_and_diacritics(text: str, folded: str) -> None:
    assert fold(text) == folded


@given(st.text())
def test_folding_twice_is_folding_once(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@given(st.text())
def test_words_lie_in_the_text_in_order(text: str) -> None:
    words = words_of(text)
    assert all(0 <= word.start < word.end <= len(text) for word in words)
    assert all(a.end <= b.start for a, b in itertools.pairwise(words))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("CNC-operatör, tack!", ["cncoperator", "tack"]),
        ("mig/mag-svets", ["migmagsvets"]),
        ("  ", []),
        ("vad's up", ["vads", "up"]),
    ],
)
def test_words_are_folded_and_joined_at_hyphens(text: str, words: list[str]) -> None:
    assert [word.folded for word in words_of(text)] == words


def test_the_words_of_the_components_are_folded_already() -> None:
    words = load_words()
    for part in ("endings", "compound_heads", "ordinary_words", "spring", "autumn", "new_year", "summer"):
        assert [word for word in words[part] if fold(word) != word] == [], part
    assert [word for word in FUNCTION_WORDS if fold(word) != word] == []


def names_only(text: str, *names: str) -> bool:
    spans = [(text.index(name), text.index(name) + len(name)) for name in names]
    return only_names(text, spans, FUNCTION_WORDS)


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("och i Arvika då?", ["Arvika"]),
        ("Arvika", ["Arvika"]),
        ("svetsare?", ["svetsare"]),
        ("men på halvfart då", ["halvfart"]),
        ("jag bor i Säffle", ["Säffle"]),
        ("eller svetsare i Sunne", ["svetsare", "Sunne"]),
        ("nej, Kil menade jag", ["Kil"]),
    ],
)
def test_a_message_that_only_names_something_is_a_follow_up(text: str, names: list[str]) -> None:
    assert names_only(text, *names)


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("vad kostar det i Arvika", ["Arvika"]),
        ("boka tid i Karlstad", ["Karlstad"]),
        ("vad tjänar en svetsare", ["svetsare"]),
        ("och då?", []),
        ("", []),
    ],
)
def test_a_message_that_asks_something_or_names_nothing_is_none(text: str, names: list[str]) -> None:
    assert not names_only(text, *names)

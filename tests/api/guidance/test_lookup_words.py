"""Which words of a message are looked up, and how hits are weighed."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.folding import fold, folded_words
from api.guidance.lookup_words import MOST_WORDS, read_terms, score


def stems(text: str) -> list[str]:
    return [term.stem for term in read_terms(text)]


@pytest.mark.parametrize("text", ["", " ", "jag vill veta vad det är", "???", "🙂", "و ماذا", "och", "a b c"])
def test_without_a_word_that_says_something_there_is_nothing_to_look_for(text: str) -> None:
    assert read_terms(text) == ()


def test_words_lose_their_endings_and_their_diacritics() -> None:
    assert stems("svetsarna") == stems("svetsar") == ["svets"]
    assert stems("lån") == stems("LAN") == ["lan"]


def test_what_nearly_everything_is_about_counts_only_when_there_is_nothing_else() -> None:
    assert stems("jobb på lager") == ["lager"]
    assert stems("jobb") == ["jobb"]


def test_a_short_word_is_no_beginning_of_others() -> None:
    (term,) = read_terms("el")
    assert score([term], ["Elektriker"], ["eller"]) == [0.0]
    assert score([term], ["El och automation"], [""]) != [0.0]


def test_a_compound_is_found_by_its_parts_and_a_common_last_part_is_not_needed() -> None:
    (term,) = read_terms("plåtverkstad")
    assert score([term], ["Verkstaden"], ["Här formar du plåt"]) > [0.0]
    assert score([term], ["Verkstaden"], ["Här formar du trä"]) == [0.0]
    (card,) = read_terms("truckkort")
    assert score([card], ["Truckförare"], [""]) > [0.0]


def test_the_heading_weighs_more_than_the_text_and_rare_words_more_than_common_ones() -> None:
    terms = read_terms("buller truck")
    points = score(terms, ["Truck", "Annat", "Annat", "Annat"], ["", "truck", "truck och buller", "ingenting"])
    assert points[0] > 0
    assert points[2] > points[1]
    assert points[3] == 0


@given(st.text(max_size=1000))
def test_any_text_gives_few_terms_of_letters_and_digits_alone(text: str) -> None:
    terms = read_terms(text)
    assert len(terms) <= MOST_WORDS
    for term in terms:
        for part in (term.stem, *(half for pair in term.parts for half in pair)):
            assert part.isascii()
            assert part.isalnum()
            assert part == part.lower()


@given(st.text(max_size=200))
def test_folding_twice_is_folding_once(text: str) -> None:
    assert folded_words(fold(text)) == folded_words(text)

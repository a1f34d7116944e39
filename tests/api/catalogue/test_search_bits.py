"""Sets of positions as bits, and the vocabulary: pure."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.catalogue.search_bits import bits, everything, flags, from_flags, from_many, most_often, union
from api.catalogue.search_vocabulary import Vocabulary
from api.guidance.lookup_words import term_of

SIZE = 70
POSITIONS = st.sets(st.integers(0, SIZE - 1))


@given(POSITIONS, POSITIONS)
def test_bits_do_what_sets_do(one, other):
    first, second = bits(one, SIZE), bits(other, SIZE)
    assert first & second == bits(one & other, SIZE)
    assert union([first, second]) == bits(one | other, SIZE) == from_many([one, other], SIZE)
    assert first.bit_count() == len(one)
    assert from_flags(flags(first, SIZE)) == first
    assert [position for position, flag in enumerate(flags(first, SIZE)) if flag] == sorted(one)
    assert everything(SIZE) & first == first


@given(st.lists(POSITIONS, max_size=5))
def test_most_often_counts_in_how_many_sets_each_position_lies(sets):
    levels = list(most_often(bits(each, SIZE) for each in sets))
    for number, level in enumerate(levels, start=1):
        expected = {position for position in range(SIZE) if sum(position in each for each in sets) >= number}
        assert level == bits(expected, SIZE)


def test_nothing_at_all_is_a_set_too():
    assert (bits([], 0), everything(0), flags(0, 0), from_flags(b""), union([])) == (0, 0, b"", 0, 0)


VOCABULARY = Vocabulary([["svetsare", "grund"], ["cnc", "frasare"], ["industrielektriker"], ["svetsre"]], proper=3)


@pytest.mark.parametrize(
    ("word", "texts"),
    [("svetsa", {0, 3}), ("grunderna", {0}), ("cnc", {1}), ("cn", set()), ("elektriker", {2}), ("plat", set())],
)
def test_a_word_is_found_by_its_stem_and_inside_compounds(word, texts):
    assert VOCABULARY.with_term(term_of(word)) == texts


@pytest.mark.parametrize(
    ("word", "meant"),
    [("svetsrae", "svetsare"), ("svestare", "svetsare"), ("industrielekrikar", "industrielektriker"), ("cmc", None),
     ("svetsre", "svetsare"), ("bagare", None), ("", None), ("x" * 30, None)],
)  # fmt: skip
def test_a_slip_is_taken_for_the_nearest_word_but_never_for_another_misspelling(word, meant):
    assert VOCABULARY.nearest(word) == meant


@given(st.text(max_size=40))
def test_any_word_can_be_looked_up(word):
    VOCABULARY.with_term(term_of(word))
    VOCABULARY.beginning_of(word)
    VOCABULARY.nearest(word, loosely=True)

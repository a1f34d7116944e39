"""Whatever people answer, what is told says nothing of groups under ten."""

from __future__ import annotations

from collections.abc import Mapping

from hypothesis import given
from hypothesis import strategies as st

from api.insight.background.shares import EXACT_FROM, Told, told
from api.insight.small_groups import LEAST

ANSWERS = ("a", "b", "c", "d", "e")
counts = st.fixed_dictionaries({answer: st.integers(0, 60) | st.integers(0, 400) for answer in ANSWERS})
few = st.fixed_dictionaries({answer: st.integers(0, LEAST - 1) for answer in ANSWERS})


@given(counts)
def test_no_group_under_ten_is_told(given_counts: dict[str, int]) -> None:
    found = told(given_counts)
    if found is not None:
        assert {answer for answer, share in found.shares.items() if share is not None} == {
            answer for answer, count in given_counts.items() if count >= LEAST
        }


def leaks(tell: object, given_counts: Mapping[str, int], others: Mapping[str, int]) -> bool:
    """Whether what is told changes when only the groups under ten do."""
    changed = {a: others[a] if count < LEAST else count for a, count in given_counts.items()}
    return tell(given_counts) != tell(changed)  # type: ignore[operator]


@given(counts, few)
def test_what_is_told_is_the_same_whatever_the_few_have_answered(
    given_counts: dict[str, int], others: dict[str, int]
) -> None:
    assert not leaks(told, given_counts, others)


@given(counts)
def test_shares_are_of_those_told_and_make_a_whole(given_counts: dict[str, int]) -> None:
    found = told(given_counts)
    if found is not None:
        shares = [share for share in found.shares.values() if share is not None]
        assert abs(sum(shares) - 100) <= 3 * len(shares)
        every = sum(count for count in given_counts.values() if count >= LEAST)
        assert abs(found.about - every) <= 5
        assert every >= EXACT_FROM or all(share % 5 == 0 for share in shares)


def test_with_one_large_group_there_is_nothing_to_compare() -> None:
    assert told({"kvinna": 40, "man": 9, "annat": 0}) is None
    assert told({"kvinna": 40, "man": 10, "annat": 0}) == Told({"kvinna": 80, "man": 20, "annat": None}, 50)


def test_the_property_finds_a_total_that_counts_everybody() -> None:
    """A planted bug: telling how many answered in all would give the hidden group away."""

    def careless(values: Mapping[str, int]) -> tuple[Told | None, int]:
        return told(values), sum(values.values())

    assert leaks(careless, {"a": 40, "b": 30, "c": 3}, {"a": 0, "b": 0, "c": 4})

"""Small groups stay hidden, whatever can be reckoned from what is shown."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.insight.small_groups import LEAST, rounded, shown, suppressed

Suppress = Callable[..., Mapping[str, int | None]]

COUNTS = st.dictionaries(st.text("abcdefgh", min_size=1, max_size=2), st.integers(0, 40), min_size=1, max_size=9)


def what_can_be_reckoned(counts: Mapping[str, int], given_out: Mapping[str, int | None], least: int) -> list[str]:
    """What somebody with the total and the shown figures learns that nobody may know."""
    told = []
    hidden = [key for key, count in given_out.items() if count is None]
    if any(count is not None and count < least for count in given_out.values()):
        told.append("a small group is shown")
    if any(count is not None and count != counts[key] for key, count in given_out.items()):
        told.append("a figure is wrong")
    small = any(count < least for count in counts.values())
    if small and len(given_out) > 1 and len(hidden) == 1:
        told.append("the only hidden group is the total minus the others")
    rest = sum(counts[key] for key in hidden)
    if small and rest < least and len(hidden) < len(counts):
        told.append("the hidden groups together are a small group")
    return told


def without_complement(counts: Mapping[str, int], *, least: int = LEAST) -> dict[str, int | None]:
    """The planted bug: only the small groups themselves are hidden."""
    return {key: None if count < least else count for key, count in counts.items()}


def without_the_sum(counts: Mapping[str, int], *, least: int = LEAST) -> dict[str, int | None]:
    """Another one: two are hidden, however few there are in both."""
    small = [key for key, count in counts.items() if count < least]
    if len(small) == 1:
        small = sorted(counts, key=lambda key: counts[key])[:2]
    return {key: None if key in small else count for key, count in counts.items()}


@given(COUNTS)
def test_nothing_about_a_small_group_can_be_reckoned_from_the_total_and_the_rest(counts: dict[str, int]) -> None:
    assert what_can_be_reckoned(counts, suppressed(counts), LEAST) == []


@pytest.mark.parametrize(
    ("wrong", "counts"),
    [(without_complement, {"a": 3, "b": 20, "c": 30}), (without_the_sum, {"a": 1, "b": 2, "c": 30})],
)
def test_the_property_finds_planted_bugs(wrong: Suppress, counts: dict[str, int]) -> None:
    assert what_can_be_reckoned(counts, wrong(counts, least=LEAST), LEAST) != []
    assert what_can_be_reckoned(counts, suppressed(counts), LEAST) == []


@given(COUNTS)
def test_no_more_is_hidden_than_needed(counts: dict[str, int]) -> None:
    given_out = suppressed(counts)
    large = {counts[key] for key, count in given_out.items() if count is None and counts[key] >= LEAST}
    kept = [count for count in given_out.values() if count is not None]
    assert len(large) <= 1  # one figure more than the small ones, and the smallest there is
    assert not large or not kept or max(large) < min(kept)
    if min(counts.values()) >= LEAST:
        assert given_out == counts


@pytest.mark.parametrize("cells", [2, 3, 4])
def test_a_small_group_could_always_have_had_another_size(cells: int) -> None:
    """Every input of a small world: somebody who knows the rule by heart still cannot tell a hidden small figure."""
    least, most = 3, 9
    worlds: dict[tuple[int, tuple[int | None, ...]], list[tuple[int, ...]]] = defaultdict(list)
    for world in product(range(most), repeat=cells):
        counts = {str(place): count for place, count in enumerate(world)}
        worlds[sum(world), tuple(suppressed(counts, least=least).values())].append(world)
    for (total, given_out), fitting in worlds.items():
        if total < 2 * least:  # a total so small is not shown itself, see `shown`
            continue
        for place, count in enumerate(given_out):
            if count is None and any(world[place] < least for world in fitting):
                assert len({world[place] for world in fitting}) > 1, (total, given_out)


def test_a_figure_that_stands_alone_is_hidden_when_it_is_small() -> None:
    assert [shown(count) for count in (0, 9, 10, 11)] == [None, None, 10, 11]


def test_a_negative_count_is_refused() -> None:
    with pytest.raises(ValueError, match="negative"):
        suppressed({"a": -1})


def test_an_empty_table_stays_empty() -> None:
    assert suppressed({}) == {}


@given(st.integers(0, 10_000), st.integers(0, 4))
def test_rounded_figures_of_overlapping_periods_do_not_tell_a_small_difference(count: int, more: int) -> None:
    first, second = rounded(count), rounded(count + more)
    assert first is not None
    assert second is not None
    assert second - first in {0, 5}
    assert abs(first - count) <= 2


def test_what_is_hidden_stays_hidden_when_it_is_rounded() -> None:
    assert rounded(None) is None

"""How often something may happen: exact at one moment, nothing gained where windows meet, nothing kept for long."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.rates import Rate


class Seconds:
    """A clock that goes when it is told to."""

    def __init__(self, now: float = 1_000_000.0) -> None:
        self.now = now

    def __call__(self) -> float:
        return self.now


def test_each_key_has_its_own_count() -> None:
    rate = Rate("3/minute", Seconds())
    assert [rate.hit("one") for _ in range(5)] == [True] * 3 + [False] * 2
    assert rate.hit("other")


@given(most=st.integers(1, 50), begun=st.floats(0, 1e6))
def test_where_windows_meet_nobody_gets_more_at_once(most: int, begun: float) -> None:
    clock = Seconds(begun // 60 * 60 + 59.999)
    rate = Rate(f"{most}/minute", clock)
    before = sum(rate.hit("one") for _ in range(2 * most))
    clock.now += 0.002
    assert before + sum(rate.hit("one") for _ in range(2 * most)) == most


@given(waits=st.lists(st.floats(0, 200), max_size=60))
def test_in_no_window_are_there_more_than_the_limit(waits: list[float]) -> None:
    clock = Seconds()
    rate = Rate("5/minute", clock)
    counted: dict[int, int] = {}
    for wait in waits:
        clock.now += wait
        counted[int(clock.now // 60)] = counted.get(int(clock.now // 60), 0) + rate.hit("one")
    assert all(count <= 5 for count in counted.values())


def test_who_waits_for_a_whole_window_after_a_full_one_is_free_again() -> None:
    clock = Seconds()
    rate = Rate("3/minute", clock)
    assert [rate.hit("one") for _ in range(4)] == [True, True, True, False]
    clock.now += 120
    assert [rate.hit("one") for _ in range(4)] == [True, True, True, False]


def test_what_is_two_windows_old_is_forgotten() -> None:
    clock = Seconds()
    rate = Rate("5/second", clock)
    for number in range(500):
        rate.hit(f"made-up {number}")
    assert len(rate) == 500
    clock.now += 2
    rate.hit("one")
    assert len(rate) == 1


def test_a_refused_attempt_is_not_remembered() -> None:
    rate = Rate("0/minute", Seconds())
    assert not rate.hit("one")
    assert len(rate) == 0


def test_threads_together_get_what_one_would_get_and_none_is_started() -> None:
    rate = Rate("100/day")
    before = threading.active_count()
    with ThreadPoolExecutor(8) as pool:
        counted = sum(pool.map(lambda _: rate.hit("one"), range(2000)))
    assert counted == 100
    assert threading.active_count() <= before


@pytest.mark.parametrize("wording", ["", "often", "3 per fortnight", "/minute"])
def test_another_wording_is_refused(wording: str) -> None:
    with pytest.raises(ValueError, match=r".*"):
        Rate(wording)

"""What the bench prints can be trusted: its sums, and its last line."""

from __future__ import annotations

import json

import pytest

from bench.figures import Times, ratio
from bench.results import Results


@pytest.mark.parametrize(
    ("seconds", "median", "p95"),
    [
        ([0.010], 10, 10),
        ([0.030, 0.010, 0.020], 20, 30),
        ([n / 1000 for n in range(1, 101)], 50.5, 95),
    ],
)
def test_a_sample_is_summed_up_in_milliseconds(seconds: list[float], median: float, p95: float) -> None:
    times = Times.of(seconds)
    assert (times.median, times.p95, times.count) == (pytest.approx(median), pytest.approx(p95), len(seconds))


def test_nothing_to_compare_with_is_null_in_the_json_line() -> None:
    results = Results()
    results.figure("Part", "ratio", ratio(1.0, 0.0), "x")
    results.figure("Part", "memory", 12.34567, "MB")
    assert json.loads(results.json()) == {"Part: ratio": None, "Part: memory": 12.346}
    assert "\n" not in results.json()


def test_the_table_keeps_the_order_of_the_measuring() -> None:
    results = Results()
    slow, quick = Times.of([0.3]), Times.of([0.1])
    results.times("B", "slow", slow)
    results.compare("B", "slow : quick", slow, quick)
    results.figure("A", "load", 1.0)
    lines = [line.strip() for line in results.table().splitlines() if line]
    assert [line.split("  ")[0] for line in lines] == ["B", "slow", "slow : quick", "A", "load"]
    assert "3.00 x" in lines[2]

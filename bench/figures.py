"""Medians, percentiles and ratios. Pure."""

from __future__ import annotations

import math
import statistics
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Times:
    """A sample of durations in milliseconds, summed up."""

    median: float
    p95: float
    count: int

    @classmethod
    def of(cls, seconds: Sequence[float]) -> Times:
        """Sum up durations given in seconds (at least one)."""
        ordered = sorted(seconds)
        rank = max(0, math.ceil(0.95 * len(ordered)) - 1)
        return cls(statistics.median(ordered) * 1000, ordered[rank] * 1000, len(ordered))


def ratio(one: float, other: float) -> float:
    """How many times `other` goes into `one`; NaN when there is nothing to compare with."""
    return one / other if other else math.nan

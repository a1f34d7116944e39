"""Middle and late ends of a row of waits. Pure."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from api.insight.small_groups import LEAST


@dataclass(frozen=True)
class Spread:
    """Days: half wait at most `median`, nine of ten at most `p90`; `count` is how many waits that is."""

    median: int
    p90: int
    count: int


def spread(days: Sequence[int], *, least: int = LEAST) -> Spread | None:
    """The spread of some waits; None for fewer than `least`."""
    if len(days) < max(least, 1):
        return None
    ordered = sorted(days)
    return Spread(_at(ordered, 0.5), _at(ordered, 0.9), len(ordered))


def _at(ordered: Sequence[int], share: float) -> int:
    """The nearest-rank percentile: a wait that somebody has had."""
    return ordered[math.ceil(share * len(ordered)) - 1]

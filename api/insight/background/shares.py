"""How answers are told without telling of the few. Pure.

What is told is worked out from the groups of at least ten alone. A smaller group changes nothing in it: not a share,
not the number of answers. So nobody can find it by subtracting, whatever else they know of the others.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from api.insight.small_groups import LEAST, rounded

EXACT_FROM = 200
"""Answers from which a share is told in whole per cent; below, in fives: one answer more should not show."""


@dataclass(frozen=True)
class Told:
    """Per cent of those that are told, by answer (None: under ten), and roughly how many they are, in tens."""

    shares: Mapping[str, int | None]
    about: int


def told(counts: Mapping[str, int]) -> Told | None:
    """The answers to one question. None where fewer than two groups are large enough to compare."""
    large = {answer: count for answer, count in counts.items() if count >= LEAST}
    if len(large) < 2:
        return None
    every = sum(large.values())
    step = 1 if every >= EXACT_FROM else 5
    shares = {
        answer: rounded(round(100 * large[answer] / every), step=step) if answer in large else None for answer in counts
    }
    return Told(shares, rounded(every, step=10) or 0)

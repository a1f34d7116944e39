"""Figures about few people are not shown, nor any other figure that would tell them.

Pure. Every figure about a group of people (a municipality, an age) goes through here before a page or a file gets it.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from typing import TypeVar

Key = TypeVar("Key", bound=Hashable)

LEAST = 10
"""The smallest group that is shown."""

STEP = 5
"""What `rounded` rounds to."""


def suppressed(counts: Mapping[Key, int], *, least: int = LEAST) -> dict[Key, int | None]:
    """The counts of groups that together make a known total, with None for each that must not be shown.

    A group under `least` is hidden, an empty one too. What is hidden could still be told by the total minus what is
    shown, so at least two groups are hidden, with at least `least` people together; the smallest others go first, and
    equals together. So what is hidden depends on the figures alone: whoever knows this rule by heart cannot tell which
    of the hidden groups has which figure. Raises ValueError for a negative count.
    """
    if any(count < 0 for count in counts.values()):
        raise ValueError("a count is negative")
    small = [count for count in counts.values() if count < least]
    border = least - 1 if small else -1
    # As many people as small groups can hold at most: then each of them would be known to be one under `least`.
    if small and (len(small) == 1 or sum(small) < least or sum(small) == len(small) * (least - 1)):
        border = min((count for count in counts.values() if count >= least), default=border)
    return {key: None if count <= border else count for key, count in counts.items()}


def shown(count: int, *, least: int = LEAST) -> int | None:
    """A figure that stands alone, such as a total: None when it is under `least`."""
    return None if count < least else count


def rounded(count: int | None, *, step: int = STEP) -> int | None:
    """To the nearest `step` (a half goes up), so that two overlapping periods do not tell what lies between them."""
    return None if count is None else (2 * count + step) // (2 * step) * step

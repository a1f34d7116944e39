"""Which messages say the same, so that staff look at them once. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from rapidfuzz import fuzz, process

ALIKE = 82
"""From here on (0–100, whatever the order of the words) two messages are taken for the same question."""

NEARLY_THE_SAME = 92
"""As in the tests of the training phrases: nothing is learnt from the second one."""


def plain(text: str) -> str:
    """The text as it is compared: its words in lower case, without signs."""
    return " ".join(re.findall(r"\w+", text.casefold()))


def alike(one: str, others: Sequence[str], *, least: float = ALIKE) -> list[int]:
    """The places of `others` that are like `one`, the most like first. All are plain."""
    found = process.extract(one, others, scorer=fuzz.token_sort_ratio, score_cutoff=least, limit=None)
    return [place for _, _, place in found]


def grouped(plains: Iterable[str]) -> dict[str, str]:
    """Each plain text → the one that stands for its group: the first of `plains` that it is like."""
    leaders: list[str] = []
    group: dict[str, str] = {}
    for one in plains:
        found = process.extractOne(one, leaders, scorer=fuzz.token_sort_ratio, score_cutoff=ALIKE)
        group[one] = found[0] if found else one
        if found is None:
            leaders.append(one)
    return group

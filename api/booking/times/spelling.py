"""Slips of the pen in a few known names. Pure; the names and the word are folded (no case, no diacritics)."""

from __future__ import annotations

from collections.abc import Mapping

_WRONG_LETTER, _OTHER_SLIP = 1.5, 1.0
"""A letter that is missing, doubled or swapped is likelier than a wrong one: "tosdag" is torsdag, not tisdag."""
SHORTEST = 5
"""Letters; shorter words are too easily something else."""
_LONG_WORD = 7


def nearest_name(word: str, names: Mapping[str, str]) -> str | None:
    """What the name nearest to `word` stands for, when it is near enough and nothing else is as near."""
    if len(word) < SHORTEST or not word.isalpha():
        return None
    limit = 2 * _OTHER_SLIP if len(word) >= _LONG_WORD else _WRONG_LETTER
    near: dict[str, float] = {}
    for name, meaning in names.items():
        if len(name) >= SHORTEST and abs(len(name) - len(word)) <= 1:
            far = distance(word, name)
            if far <= limit:
                near[meaning] = min(far, near.get(meaning, far))
    least = min(near.values(), default=0.0)
    nearest = [meaning for meaning, far in near.items() if far == least]
    return nearest[0] if len(nearest) == 1 else None


def distance(word: str, name: str) -> float:
    """Slips between the two: letters left out, added, swapped with their neighbour, or (dearer) wrong."""
    above: list[float] = []
    last = [float(column) for column in range(len(name) + 1)]
    for row, letter in enumerate(word, 1):
        line = [float(row)]
        for column, other in enumerate(name, 1):
            least = min(
                last[column] + _OTHER_SLIP,
                line[-1] + _OTHER_SLIP,
                last[column - 1] + (0 if letter == other else _WRONG_LETTER),
            )
            if row > 1 and column > 1 and letter == name[column - 2] and word[row - 2] == other:
                least = min(least, above[column - 2] + _OTHER_SLIP)
            line.append(least)
        above, last = last, line
    return last[-1]

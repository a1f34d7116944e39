"""Finding occupations and places in a message by name, tolerant of inflection, compounds, split words and typos. Pure.

The names come from the catalogue (`python -m api.manage gazetteer`).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from rapidfuzz.distance import OSA

from bot.nlu.text import Word, words_of

_SHORTEST_FUZZY = 5
_SHORTEST_COMPOUND_STEM = 4
_LONGEST_NAME_WORDS = 6


@dataclass(frozen=True)
class Found:
    """An entity in a message: which, with which value, where, and whether the spelling was exact."""

    entity: str
    value: str
    start: int
    end: int
    exact: bool


@dataclass(frozen=True)
class _Name:
    entity: str
    value: str


class Gazetteer:
    """Names of occupations and places, ready for look-up.

    `data` is the JSON of the catalogue's gazetteer; `endings` and `compound_heads` are folded Swedish word parts.
    """

    def __init__(self, data: dict[str, Any], endings: Iterable[str], compound_heads: Iterable[str]) -> None:
        self._endings = tuple(sorted(set(endings), key=len, reverse=True))
        self._heads = tuple(compound_heads)
        self._exact: dict[str, _Name] = {}
        self._stems: dict[str, _Name] = {}
        for occupation in data["occupations"]:
            name = _Name("occupation", occupation["slug"])
            self._add(name, [*occupation["names"], *occupation["phrases"], *occupation["misspellings"]])
            self._add_stems(name, occupation["names"])
        for place in data["places"]:
            self._add(_Name("place", place["name"]), [place["name"], *place["names"], *place["misspellings"]])
        self._fuzzy: dict[str, list[tuple[str, _Name]]] = {}
        for key, name in self._exact.items():
            if len(key) >= _SHORTEST_FUZZY:
                self._fuzzy.setdefault(key[0], []).append((key, name))

    def find(self, text: str) -> list[Found]:
        """Entities from left to right without overlap; the longest and the exactly spelled win."""
        words = words_of(text)
        candidates = [found for size in range(1, _LONGEST_NAME_WORDS + 1) for found in self._of_size(words, size)]
        chosen: list[Found] = []
        for found in sorted(candidates, key=lambda f: (not f.exact, f.start - f.end, f.start)):
            if all(found.end <= other.start or found.start >= other.end for other in chosen):
                chosen.append(found)
        return sorted(chosen, key=lambda found: found.start)

    def _of_size(self, words: Sequence[Word], size: int) -> Iterable[Found]:
        for first in range(len(words) - size + 1):
            group = words[first : first + size]
            joined = "".join(word.folded for word in group)
            name, exact = self._look_up(joined, is_single=size == 1, is_pair=size == 2)
            if name:
                yield Found(name.entity, name.value, group[0].start, group[-1].end, exact)

    def _look_up(self, word: str, *, is_single: bool, is_pair: bool) -> tuple[_Name | None, bool]:
        if word in self._exact:
            return self._exact[word], True
        for ending in self._endings:
            if word.endswith(ending) and len(word) - len(ending) >= 3 and word[: -len(ending)] in self._exact:
                return self._exact[word[: -len(ending)]], True
        if is_single or is_pair:
            compound = self._compound(word)
            if compound:
                return compound, True
            return self._nearest(word), False
        return None, False

    def _compound(self, word: str) -> _Name | None:
        for length in range(len(word) - 3, _SHORTEST_COMPOUND_STEM - 2, -1):
            name = self._stems.get(word[:length])
            if name and word[length:].lstrip("s").startswith(self._heads):
                return name
        return None

    def _nearest(self, word: str) -> _Name | None:
        if len(word) < _SHORTEST_FUZZY:
            return None
        allowed = 1 if len(word) < 9 else 2
        best: tuple[int, _Name] | None = None
        for key, name in self._fuzzy.get(word[0], ()):
            if abs(len(key) - len(word)) > allowed:
                continue
            distance = OSA.distance(word, key, score_cutoff=allowed)
            if distance <= allowed and (best is None or distance < best[0]):
                best = (distance, name)
        return best[1] if best else None

    def _add(self, name: _Name, spellings: Iterable[str]) -> None:
        for spelling in spellings:
            key = "".join(word.folded for word in words_of(spelling))
            if key:
                self._exact.setdefault(key, name)

    def _add_stems(self, name: _Name, spellings: Iterable[str]) -> None:
        for spelling in spellings:
            words = words_of(spelling)
            if len(words) == 1 and len(words[0].folded) >= 3:
                self._stems.setdefault(words[0].folded, name)

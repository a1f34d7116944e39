"""Finding occupations and places in a message by name, tolerant of inflection, compounds, split words and typos. Pure.

The names come from the catalogue (`python -m api.manage gazetteer`).
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from rapidfuzz.distance import OSA

from bot.nlu.text import Word, words_of

_SHORTEST_FUZZY = 6
_TWO_EDITS_FROM = 10
_SHORTEST_PART_FUZZY = 3
_SHORTEST_COMPOUND_STEM = 4
_SHORTEST_PLACE_STEM = 5
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

    `data` is the JSON of the catalogue's gazetteer; `endings` and the heads are folded Swedish word parts. Heads are
    what a name can be the first part of: "svetskursen" for occupations, "Sunnenoden" for places.
    `ordinary` are folded words that people use all the time: never a misspelled name ("svårt" is not "svarv").
    """

    def __init__(
        self,
        data: dict[str, Any],
        endings: Iterable[str],
        compound_heads: Iterable[str],
        place_heads: Iterable[str] = (),
        ordinary: Iterable[str] = (),
    ) -> None:
        self._endings = tuple(sorted(set(endings), key=len, reverse=True))
        self._heads = {"occupation": tuple(compound_heads), "place": tuple(place_heads)}
        self._ordinary = frozenset(ordinary) | set(self._endings)
        self._exact: dict[str, _Name] = {}
        self._phrases: set[str] = set()
        self._stems: dict[str, _Name] = {}
        self._fuzzy: dict[str, dict[str, _Name]] = {}
        for occupation in data["occupations"]:
            name = _Name("occupation", occupation["slug"])
            self._add(name, [*occupation["names"], *occupation["phrases"]], fuzzy=True)
            self._add(name, occupation["misspellings"], fuzzy=False)
            self._add_stems(name, occupation["names"], shortest=3)
        for place in data["places"]:
            name = _Name("place", place["name"])
            self._add(name, [place["name"], *place["names"]], fuzzy=True)
            self._add(name, place["misspellings"], fuzzy=False)
            self._add_stems(name, [place["name"], *place["names"]], shortest=_SHORTEST_PLACE_STEM)

    def find(self, text: str) -> list[Found]:
        """Entities from left to right without overlap; the longest and the exactly spelled win."""
        words = words_of(text)
        candidates = [found for size in range(1, _LONGEST_NAME_WORDS + 1) for found in self._of_size(text, words, size)]
        chosen: list[Found] = []
        for found in sorted(candidates, key=lambda f: (not f.exact, f.start - f.end, f.start)):
            if all(found.end <= other.start or found.start >= other.end for other in chosen):
                chosen.append(found)
        return sorted(chosen, key=lambda found: found.start)

    def _of_size(self, text: str, words: Sequence[Word], size: int) -> Iterable[Found]:
        for first in range(len(words) - size + 1):
            group = words[first : first + size]
            name, exact = self._look_up(text, group)
            if name:
                yield Found(name.entity, name.value, group[0].start, group[-1].end, exact)

    def _look_up(self, text: str, group: Sequence[Word]) -> tuple[_Name | None, bool]:
        joined = "".join(word.folded for word in group)
        if joined in self._phrases:
            return self._exact[joined], True
        # A name may be written apart or with an ending, but does not go across a comma or swallow the next word.
        if len(group) > 1 and (group[-1].folded in self._ordinary or not _is_together(text, group)):
            return None, False
        if joined in self._exact:
            return self._exact[joined], True
        for ending in self._endings:
            if joined.endswith(ending) and len(joined) - len(ending) >= 3 and joined[: -len(ending)] in self._exact:
                return self._exact[joined[: -len(ending)]], True
        if len(group) > 2:
            return None, False
        compound = self._compound(joined, border=len(group[0].folded) if len(group) == 2 else None)
        if compound:
            return compound, True
        if any(word.folded in self._ordinary or len(word.folded) < _SHORTEST_PART_FUZZY for word in group):
            return None, False
        return self._nearest(joined), False

    def _compound(self, word: str, border: int | None) -> _Name | None:
        """The name `word` begins with, when what follows makes a compound of it (from `border` on if written apart)."""
        for length in range(len(word) - 3, _SHORTEST_COMPOUND_STEM - 2, -1):
            name = self._stems.get(word[:length])
            if name is None:
                continue
            rest = word[length:]
            if not rest.startswith(self._heads[name.entity]):
                rest = rest.removeprefix("s")  # the s that joins: "Karlstadsnoden"
            if rest.startswith(self._heads[name.entity]) and border in (None, length, len(word) - len(rest)):
                return name
        return None

    def _nearest(self, word: str) -> _Name | None:
        if len(word) < _SHORTEST_FUZZY:
            return None
        allowed = 1 if len(word) < _TWO_EDITS_FROM else 2
        best: tuple[int, _Name] | None = None
        for key, name in self._fuzzy.get(word[0], {}).items():
            if abs(len(key) - len(word)) > allowed:
                continue
            distance = OSA.distance(word, key, score_cutoff=allowed)
            if distance <= allowed and (best is None or distance < best[0]):
                best = (distance, name)
        return best[1] if best else None

    def _add(self, name: _Name, spellings: Iterable[str], *, fuzzy: bool) -> None:
        """Know the spellings; with `fuzzy`, also words that are nearly one of them (a typo of a typo is none)."""
        for spelling in spellings:
            words = words_of(spelling)
            key = "".join(word.folded for word in words)
            if not key:
                continue
            self._exact.setdefault(key, name)
            if len(words) > 1:
                self._phrases.add(key)
            if fuzzy and len(key) >= _SHORTEST_FUZZY - 1:
                self._fuzzy.setdefault(key[0], {}).setdefault(key, name)

    def _add_stems(self, name: _Name, spellings: Iterable[str], *, shortest: int) -> None:
        for spelling in spellings:
            words = words_of(spelling)
            if len(words) == 1 and len(words[0].folded) >= shortest:
                self._stems.setdefault(words[0].folded, name)
                if words[0].folded.endswith("are"):  # svetsare → svetsarutbildning
                    self._stems.setdefault(words[0].folded[:-1], name)


def _is_together(text: str, group: Sequence[Word]) -> bool:
    """Whether only blanks (or a hyphen) stand between the words."""
    return all(not text[a.end : b.start].strip(" -–\t\n") for a, b in itertools.pairwise(group))

"""The words of many short texts, and which texts a word is found in: by its stem, inside compounds, misspelt. Pure."""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

from rapidfuzz import process
from rapidfuzz.distance import OSA

from api.guidance.lookup_words import Term

_INSIDE = 5
"""Shorter stems are not looked for inside words: "plat" is in "templat"."""
_ONE_SLIP, _TWO_SLIPS = 5, 9
"""From how many letters a word may differ by one letter, and by two."""


class Vocabulary:
    """Folded words and the texts they stand in; a text is its number in `texts`.

    Texts from number `proper` on are common misspellings: words that stand only there are no correction.
    """

    def __init__(self, texts: Sequence[Iterable[str]], *, proper: int | None = None) -> None:
        self._proper = len(texts) if proper is None else proper
        found: dict[str, list[int]] = defaultdict(list)
        for number, words in enumerate(texts):
            for word in dict.fromkeys(words):
                found[word].append(number)
        self._found = dict(found)
        self._words = sorted(found)

    def with_term(self, term: Term, *, inside: bool = True) -> set[int]:
        """Texts with a word that is, or begins with, what the term asks for; a long stem may stand inside it too."""
        if term.is_whole:
            return set(self._found.get(term.stem, ()))
        words = set(self._beginning(term.stem))
        if inside and len(term.stem) >= _INSIDE:
            words.update(word for word in self._words if term.stem in word)
        return self._texts(words)

    def with_beginning(self, beginning: str) -> set[int]:
        """Texts with a word that begins like that."""
        return self._texts(self._beginning(beginning))

    def beginning_of(self, word: str) -> set[int]:
        """Texts with a word that `word` begins with: "svets" in "svetsutbildningen"."""
        heads = (word[:length] for length in range(_INSIDE, len(word)))
        return self._texts(head for head in heads if head in self._found)

    def nearest(self, word: str, *, loosely: bool = False) -> str | None:
        """The word that `word` is most likely a slip for, of equals the most common one. None when none is near.

        `loosely` is for a question to the person, not for an answer.
        """
        slips = (len(word) >= _ONE_SLIP) + (len(word) >= _TWO_SLIPS) + (loosely and len(word) >= _ONE_SLIP)
        if not slips:
            return None
        near = process.extract(word, self._words, scorer=OSA.distance, score_cutoff=slips, limit=None)
        # A word of four letters differs from too many others by one.
        best = [
            (slip, -len(self._found[other]), other)
            for other, slip, _ in near
            if len(other) >= _ONE_SLIP and self.first_text(other) < self._proper
        ]
        return min(best)[2] if best else None

    def first_text(self, word: str) -> int:
        """The first text that holds exactly this word, which must be in one."""
        return self._found[word][0]

    def _beginning(self, beginning: str) -> Iterator[str]:
        for index in range(bisect_left(self._words, beginning), len(self._words)):
            if not self._words[index].startswith(beginning):
                return
            yield self._words[index]

    def _texts(self, words: Iterable[str]) -> set[int]:
        return {number for word in words for number in self._found[word]}

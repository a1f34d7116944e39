"""The words of a message that can be looked up, and how well a text fits them. Pure."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path

import yaml

from api.folding import folded_words

_LISTS: dict[str, list[str]] = yaml.safe_load(Path(__file__).with_name("lookup_words.yml").read_text("utf-8"))
_STOP, _COMMON = frozenset(_LISTS["stop"]), frozenset(_LISTS["common"])
_TAILS = tuple(_LISTS["tails"])
_ENDINGS = sorted(_LISTS["endings"], key=len, reverse=True)

MOST_WORDS = 8
"""A long message is about what its longest words say; more words make the search slow and its hits random."""
_SHORTEST, _LONGEST = 2, 30
_SHORTEST_STEM = 4
_SHORTEST_PART = 4
_IN_PARTS = 0.6
"""What a compound counts for when only its parts are found: "lagerjobb" in "jobb på lager"."""
_IN_HEADING = 2.0
_RARE_ENOUGH = 0.4
"""Words that stand in passing only must together be rarer than this: one word in six texts, or two in more."""
_NEARLY_AS_GOOD = 0.5
"""Share of the best hit's points that a text must have which the words stand in passing only."""
_WHOLE_UP_TO = 3
"""Words up to this length are not beginnings of others: "el" is not "eller"."""


@dataclass(frozen=True)
class Term:
    """One word: the beginning that words in a text must have, or for a compound the beginnings of both its parts."""

    stem: str
    parts: tuple[tuple[str, str], ...] = ()

    @property
    def is_whole(self) -> bool:
        """Whether only the word itself will do."""
        return len(self.stem) <= _WHOLE_UP_TO


def read_terms(text: str) -> tuple[Term, ...]:
    """What to look for: the longest words that say something, in the order of the text. Empty when there are none."""
    words = _words(text)
    return tuple(term_of(word) for word in _longest([word for word in words if word not in _COMMON] or words))


def telling_words(text: str) -> list[str]:
    """The folded words that `read_terms` looks for; never one that nearly everything here is about ("kurs")."""
    return _longest([word for word in _words(text) if word not in _COMMON])


def term_of(word: str) -> Term:
    """What to look for to find a folded word."""
    return Term(_stem(word), _splits(word))


def score(terms: Sequence[Term], headings: Sequence[str], bodies: Sequence[str]) -> list[float]:
    """How well each text (its heading and its body) fits: rare words count more, and words of the heading.

    0 for a text that only shares a word or so in passing, unless hardly any other text has it.
    """
    both = zip(headings, bodies, strict=True)
    texts = [(frozenset(folded_words(heading)), frozenset(folded_words(body))) for heading, body in both]
    named, passing = [0.0] * len(texts), [0.0] * len(texts)
    for term in terms:
        in_heading = [_fit(term, heading) for heading, _ in texts]
        in_any = [_fit(term, heading | body) for heading, body in texts]
        rarity = 1.0 / max(1, sum(fit > 0 for fit in in_any)) ** 0.5
        named = [total + fit * rarity for total, fit in zip(named, in_heading, strict=True)]
        passing = [total + fit * rarity for total, fit in zip(passing, in_any, strict=True)]
    scores = [
        _IN_HEADING * heading + whole if heading or whole >= _RARE_ENOUGH else 0.0
        for heading, whole in zip(named, passing, strict=True)
    ]
    least = max(scores, default=0.0) * _NEARLY_AS_GOOD
    return [points if heading or points >= least else 0.0 for points, heading in zip(scores, named, strict=True)]


def _fit(term: Term, words: Collection[str]) -> float:
    if term.is_whole:
        return 1.0 if term.stem in words else 0.0
    if any(word.startswith(term.stem) for word in words):
        return 1.0
    for first, last in term.parts:
        if any(word.startswith(first) for word in words) and any(word.startswith(last) for word in words):
            return _IN_PARTS
    return 0.0


def _words(text: str) -> list[str]:
    said = (word for word in folded_words(text) if _SHORTEST <= len(word) <= _LONGEST and word not in _STOP)
    return list(dict.fromkeys(said))


def _longest(words: list[str]) -> list[str]:
    longest = sorted(words, key=len, reverse=True)[:MOST_WORDS]
    return [word for word in words if word in longest]


def _stem(word: str) -> str:
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= _SHORTEST_STEM:
            return word[: -len(ending)]
    return word


def _splits(word: str) -> tuple[tuple[str, str], ...]:
    """Every way to read a word as a compound of two; what comes before "jobb" or "kurs" says enough by itself."""
    cuts = range(_SHORTEST_PART, len(word) - _SHORTEST_PART + 1)
    heads = {word.removesuffix(tail) for tail in _TAILS} - {word}
    alone = tuple((_stem(head), _stem(head)) for head in sorted(heads) if len(head) >= _SHORTEST_PART)
    return alone + tuple((word[:cut], _stem(word[cut:])) for cut in cuts)

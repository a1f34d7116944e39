"""Free words in the search box: what they ask for, and which occasions they fit. Pure.

A word is looked for in the titles of courses and the names of occupations: by its stem, as a beginning, inside a
compound, or as a compound of two words found there. Failing that in the descriptions of courses, and at last as a slip
of the pen for a word that is known. A municipality that is named is where to search from.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import yaml

from api.catalogue.search import longest_named, occurs
from api.catalogue.search_bits import most_often, union
from api.catalogue.search_rows import Place
from api.catalogue.search_view import View
from api.folding import fold, folded_words
from api.guidance.lookup_words import Term, telling_words, term_of

_NOISE = frozenset(
    fold(word) for word in yaml.safe_load(Path(__file__).with_name("pages.yml").read_text("utf-8"))["noise"]
)
_SURE = 2
"""How much more the name of an occupation counts than any other word, when not all words fit together."""


@dataclass(frozen=True)
class Guess:
    """A word that was not known, as it was written, and the one it was taken for or may have meant."""

    written: str
    meant: str


@dataclass(frozen=True)
class Reading:
    """What the words came to.

    `found` is the set of occasions they fit (all, when they say nothing about the training itself), `place` what they
    name. `corrected` was searched for as meant; `unknown` led nowhere, and `suggested` are words near some of those.
    """

    found: int
    place: Place | None = None
    corrected: tuple[Guess, ...] = ()
    unknown: tuple[str, ...] = ()
    suggested: tuple[Guess, ...] = ()


@dataclass(frozen=True)
class _Word:
    found: int
    sure: bool = False
    meant: str = ""


def read_words(view: View, text: str) -> Reading:
    """What a text asks for. Takes any text.

    Occasions that fit every word are found. Where there are none: those that fit most, an occupation before the rest.
    """
    place = named_place(view.places, text)
    wanted = [word for word in telling_words(text) if word not in _NOISE and not _names(place, word)]
    if not wanted:
        return Reading(view.all, place)
    in_phrases = _in_phrases(view, folded_words(text))
    words = {word: _look_for(view, word, in_phrases.get(word, 0)) for word in wanted}
    known = [word for word in words.values() if word.found]
    unknown = tuple(word for word in words if not words[word].found)
    written = _as_written(text)
    near = ((word, view.headings.nearest(word, loosely=True)) for word in unknown)
    return Reading(
        found=_fitting(view, known),
        place=place,
        corrected=tuple(Guess(written[key], view.spelled(word.meant)) for key, word in words.items() if word.meant),
        unknown=tuple(written[word] for word in unknown),
        suggested=tuple(Guess(written[word], view.spelled(other)) for word, other in near if other),
    )


def named_place(places: Sequence[Place], text: str) -> Place | None:
    """The municipality that a text names, by a name people use for it or for a village in it."""
    return longest_named(folded_words(text), ((place, place.names) for place in places))


def _fitting(view: View, known: Sequence[_Word]) -> int:
    if not known:
        return 0
    every = view.all
    for word in known:
        every &= word.found
    if every:
        return every
    *_, most = most_often(word.found for word in known for _ in range(_SURE if word.sure else 1))
    return most


def _look_for(view: View, word: str, in_phrase: int) -> _Word:
    """Occasions for one word; `in_phrase` are those of the occupation it is part of a name of."""
    term = term_of(word)
    if found := _known_as(view, word, term):
        return _Word(found.found | in_phrase, found.sure or bool(in_phrase))
    if in_phrase:
        return _Word(in_phrase, sure=True)
    if parts := union(_under(view, first) & _under(view, last) for first, last in term.parts):
        return _Word(parts)
    if described := view.with_bodies(view.bodies.with_term(term, inside=False)):
        return _Word(described)
    for tried in (word, *(first for first, last in term.parts if first == last)):
        if (meant := view.headings.nearest(tried)) and (known := _known_as(view, meant, term_of(meant))):
            return _Word(known.found, known.sure, meant)
    return _Word(0)


def _known_as(view: View, word: str, term: Term) -> _Word | None:
    headings = view.headings.with_term(term)
    for first, last in term.parts:
        if first == last:  # what stands before "kurs" and the like says it all
            headings |= view.headings.with_beginning(first)
    headings |= {number for number in view.headings.beginning_of(word) if view.is_trade(number)}
    found = view.under_headings(headings)
    return _Word(found, any(view.is_trade(number) for number in headings)) if found else None


def _under(view: View, beginning: str) -> int:
    return view.under_headings(view.headings.with_beginning(beginning))


def _in_phrases(view: View, words: Sequence[str]) -> dict[str, int]:
    """Words that are part of an occupation's name of several words, with the occasions of that occupation."""
    found: dict[str, int] = {}
    for name, heading in view.phrases:
        if occurs(name, words):
            for word in name.split():
                found[word] = found.get(word, 0) | view.under_headings([heading])
    return found


def _names(place: Place | None, word: str) -> bool:
    """Whether `word` is part of a name of `place`, or begins with one ("arvikas"), or is a slip for one."""
    if place is None:
        return False
    parts = {part for name in place.names for part in name.split()}
    return word in parts or any(len(part) > 3 and word.startswith(part) for part in parts) or _is_slip(place, word)


def _is_slip(place: Place, word: str) -> bool:
    return any(occurs(name, [word]) for name in place.names)


def _as_written(text: str) -> dict[str, str]:
    """Each folded word of a text, as the person wrote it."""

    def pairs() -> Iterator[tuple[str, str]]:
        for raw in re.findall(r"[^\W_]+", text):
            for word in folded_words(raw):
                yield word, raw

    return {word: word for word in folded_words(text)} | dict(pairs())

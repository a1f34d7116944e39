"""What an occasion is looked for by, and finding nodes and places in the catalogue."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from rapidfuzz.distance import OSA
from sqlalchemy import ColumnElement, case, or_, select
from sqlalchemy.orm import Session

from api.catalogue.geo import kilometres
from api.catalogue.tables import Municipality, Node, Occasion
from api.folding import fold, folded_words
from api.guidance.tables import Occupation

_T = TypeVar("_T")

PUBLIC = ("published", "full")
"""Statuses of the occasions that a search finds."""

FULL_TIME = 100
"""Per cent."""


@dataclass(frozen=True)
class Criteria:
    """What to look for; None means "any". Dates are Swedish calendar days."""

    occupation: str | None = None
    place: Municipality | None = None
    start_from: date | None = None
    start_to: date | None = None
    pace: int | None = None
    part_time: bool = False
    distance: bool | None = None
    kind: str | None = None


@dataclass(frozen=True)
class Hit:
    """An occasion, and how far its node is from the place asked about (km, None when no place was given)."""

    occasion: Occasion
    km: float | None = None


def can_be_joined(today: date) -> ColumnElement[bool]:
    """Occasions one can begin on `today` or later: not started, or continuous and not over.

    A day that is not set is still to come.
    """
    return case(
        (Occasion.continuous, or_(Occasion.end_date.is_(None), Occasion.end_date >= today)),
        else_=or_(Occasion.start_date.is_(None), Occasion.start_date >= today),
    )


def nodes_by_distance(session: Session, place: Municipality | None) -> list[tuple[Node, float | None]]:
    """All nodes, nearest to `place` first; in alphabetical order without a place."""
    nodes = session.scalars(select(Node).order_by(Node.town)).all()
    if place is None:
        return [(node, None) for node in nodes]
    measured = sorted((kilometres(place.lat, place.lon, node.lat, node.lon), node.town, node) for node in nodes)
    return [(node, km) for km, _, node in measured]


@dataclass(frozen=True)
class Mentioned:
    """Occupation and municipality that a free text seems to be about."""

    occupation: Occupation | None
    place: Municipality | None


def mentioned_in(session: Session, text: str) -> Mentioned:
    """What a text names, by plain comparison of words. The way out when the bot is down, and the search box's help."""
    words = folded_words(text)
    occupations = session.scalars(select(Occupation)).all()
    places = session.scalars(select(Municipality)).all()
    return Mentioned(
        longest_named(words, [(o, folded([o.title, *o.aliases, *o.misspellings])) for o in occupations]),
        longest_named(words, [(m, folded([m.name, *m.aliases, *m.misspellings])) for m in places]),
    )


def folded(names: Iterable[str]) -> list[str]:
    """The names as `longest_named` compares them; what has no Latin letters is left out."""
    return [plain for name in names if (plain := fold(name))]


def longest_named(words: Sequence[str], candidates: Iterable[tuple[_T, Sequence[str]]]) -> _T | None:
    """The candidate with the longest folded name found among folded `words`; a name may begin a compound."""
    found: list[tuple[int, _T]] = []
    for candidate, names in candidates:
        lengths = [len(name) for name in names if occurs(name, words)]
        if lengths:
            found.append((max(lengths), candidate))
    return max(found, key=lambda pair: pair[0])[1] if found else None


def occurs(name: str, words: Sequence[str]) -> bool:
    """Whether `words` hold the name, a long one with an ending or a slip of the pen as well. All folded."""
    if " " in name:
        return f" {name} " in f" {' '.join(words)} "
    if len(name) < 5:
        return name in words
    return any(word.startswith(name) or OSA.distance(word, name, score_cutoff=1) <= 1 for word in words)

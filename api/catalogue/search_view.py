"""The occasions that can be searched on one day, laid out to be found, counted and ordered fast. Pure.

Each occasion has a position, in the order "can be applied to, next start, external id". Every value of a facet is the
set of its positions (`search_bits`). A view is never changed; when the catalogue or the day has, a new one is built.
"""

from __future__ import annotations

from array import array
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from itertools import compress, islice
from sys import intern
from typing import Any, Literal, NamedTuple

from api.catalogue.application import application, next_start
from api.catalogue.geo import kilometres
from api.catalogue.search_bits import bits, everything, flags, from_flags, from_many
from api.catalogue.search_form import Order, Term
from api.catalogue.search_vocabulary import Vocabulary
from api.folding import fold, folded_words

FacetName = Literal["occupation", "town", "term", "pace", "distance", "open_only"]


class OccasionRow(NamedTuple):
    """What the search needs of an occasion; the fields mean what they mean in `api.catalogue.tables.Occasion`."""

    id: int
    external_id: str
    course_id: int
    start_date: date | None
    end_date: date | None
    apply_from: date | None
    apply_to: date | None
    continuous: bool
    pace: int
    distance: bool
    status: str


class CourseRow(NamedTuple):
    id: int
    title: str
    description: str
    occupation_id: int
    node_id: int


class NodeRow(NamedTuple):
    id: int
    municipality_id: int
    lat: float
    lon: float


class Place(NamedTuple):
    """A municipality; `names` are folded, its own and what else people call it."""

    id: int
    name: str
    lat: float
    lon: float
    names: tuple[str, ...]


class Trade(NamedTuple):
    """An occupation; `names` are its title and aliases as written, `slips` common misspellings."""

    id: int
    slug: str
    title: str
    names: tuple[str, ...]
    slips: tuple[str, ...]


@dataclass(frozen=True)
class Rows:
    """All that a view is built from: public occasions that can be joined, and what they refer to."""

    occasions: Sequence[OccasionRow] = ()
    courses: Sequence[CourseRow] = ()
    nodes: Sequence[NodeRow] = ()
    places: Sequence[Place] = ()
    trades: Sequence[Trade] = ()


@dataclass
class _Layout:
    """Positions by what stands at them, while a view is built."""

    facets: Mapping[FacetName, dict[Any, list[int]]] = field(  # Any: each facet has values of its own type
        default_factory=lambda: {
            name: defaultdict(list) for name in ("occupation", "town", "term", "pace", "distance", "open_only")
        }
    )
    nodes: dict[int, list[int]] = field(default_factory=lambda: defaultdict(list))
    titles: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))
    bodies: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))
    continuous: list[int] = field(default_factory=list)


class View:
    """The occasions of `rows` on the Swedish calendar day `day`."""

    def __init__(self, rows: Rows, day: date) -> None:
        self.day = day
        self.places = rows.places
        self.trades = rows.trades
        self.size = len(rows.occasions)
        self.all = everything(self.size)
        states = {row.id: application(row, day) for row in rows.occasions}
        ordered = sorted(
            rows.occasions,
            key=lambda row: (not states[row.id].is_possible, next_start(row, day) or day, row.external_id),
        )
        self._possible = sum(state.is_possible for state in states.values())
        self._ids = array("q", (row.id for row in ordered))
        self._starts = array("l", (row.start_date.toordinal() if row.start_date else 0 for row in ordered))
        # Equal keys keep the order of the positions, which is by start.
        last = [date.max if row.continuous or row.apply_to is None else row.apply_to for row in ordered]
        by_deadline = sorted(range(self.size), key=last.__getitem__)
        by_deadline.sort(key=lambda position: position >= self._possible)
        self._by_deadline = array("l", by_deadline)
        self._lay_out(rows, ordered, lambda row: states[row.id].is_open)

    def _lay_out(self, rows: Rows, ordered: Sequence[OccasionRow], is_open: Callable[[OccasionRow], bool]) -> None:
        courses = {row.id: row for row in rows.courses}
        nodes = {row.id: row for row in rows.nodes}
        places = {row.id: row.name for row in rows.places}
        trades = {row.id: row.slug for row in rows.trades}
        layout = _Layout()
        facets = layout.facets
        for position, row in enumerate(ordered):
            course = courses[row.course_id]
            facets["occupation"][trades[course.occupation_id]].append(position)
            facets["town"][places[nodes[course.node_id].municipality_id]].append(position)
            facets["pace"][row.pace].append(position)
            facets["distance"][row.distance].append(position)
            if row.continuous:
                layout.continuous.append(position)
            elif row.start_date:
                facets["term"][Term.of(row.start_date)].append(position)
            if is_open(row):
                facets["open_only"][True].append(position)
            layout.nodes[course.node_id].append(position)
            layout.titles[course.title].append(position)
            layout.bodies[course.description].append(position)
        self.continuous = bits(layout.continuous, self.size)
        self.facets: dict[FacetName, dict[Any, int]] = {  # Any: as above
            name: {value: bits(positions, self.size) for value, positions in values.items()}
            for name, values in facets.items()
        }
        # What one can begin at any time begins in every term.
        self.facets["term"] = {term: found | self.continuous for term, found in self.facets["term"].items()}
        self._nodes = [(nodes[number], array("l", positions)) for number, positions in layout.nodes.items()]
        self._titles = list(layout.titles)
        self._heading_positions = [array("l", positions) for positions in layout.titles.values()]
        self._body_positions = [array("l", positions) for positions in layout.bodies.values()]
        self.headings = Vocabulary(
            [
                *map(folded_words, self._titles),
                *([*folded_words(trade.title), *_single(trade.names)] for trade in self.trades),
                *(_single(trade.slips) for trade in self.trades),
            ],
            proper=len(self._titles) + len(self.trades),
        )
        self._spelled = [*self._titles, *(" ".join((trade.title, *trade.names)) for trade in self.trades)]
        self.bodies = Vocabulary([_words_of(text) for text in layout.bodies])
        self.phrases = [
            (name, number)
            for number, trade in enumerate(self.trades, start=len(self._titles))
            for name in map(fold, (*trade.names, *trade.slips))
            if " " in name
        ]

    def is_trade(self, heading: int) -> bool:
        """Whether a text of `headings` is an occupation, not a course's title."""
        return heading >= len(self._titles)

    def under_headings(self, headings: Iterable[int]) -> int:
        """Occasions of the courses with those titles, and of those occupations."""
        found = 0
        positions: list[array[int]] = []
        for number in headings:
            if self.is_trade(number):
                trade = self.trades[(number - len(self._titles)) % len(self.trades)]
                found |= self.facets["occupation"].get(trade.slug, 0)
            else:
                positions.append(self._heading_positions[number])
        return found | from_many(positions, self.size) if positions else found

    def with_bodies(self, bodies: Iterable[int]) -> int:
        """Occasions of the courses with those descriptions."""
        return from_many((self._body_positions[number] for number in bodies), self.size)

    def starting(self, first: date) -> int:
        """Occasions that begin on that day or later, and all that one can begin at any time."""
        return self.continuous | from_flags(bytes(map(first.toordinal().__le__, self._starts)))

    def page(self, found: int, order: Order, place: Place | None, first: int, count: int) -> list[int]:
        """Ids of `count` of the occasions in `found`, from number `first` (from 0) in that order.

        What can be applied to stands first. `nearest` is by whole km from `place`, then like `start`.
        """
        chosen = flags(found, self.size)
        if order == "nearest" and place is not None:
            positions = self._nearest(chosen, place)
        elif order == "deadline":
            positions = (position for position in self._by_deadline if chosen[position])
        else:
            positions = compress(range(self.size), chosen)
        return [self._ids[position] for position in islice(positions, first, first + count)]

    def spelled(self, word: str) -> str:
        """How a word of `headings` is written, in lower case: "fräsare" for "frasare"."""
        text = self._spelled[self.headings.first_text(word)]
        return next((part for part in _written(text) if fold(part) == word), word)

    def _nearest(self, chosen: bytes, place: Place) -> Iterator[int]:
        rings: dict[int, list[array[int]]] = defaultdict(list)
        for node, positions in self._nodes:
            rings[round(kilometres(place.lat, place.lon, node.lat, node.lon))].append(positions)
        for possible in (True, False):
            for _, near in sorted(rings.items(), key=lambda ring: ring[0]):
                within = (position for positions in near for position in positions)
                yield from sorted(
                    position for position in within if chosen[position] and (position < self._possible) is possible
                )


@lru_cache(maxsize=100_000)
def _words_of(description: str) -> tuple[str, ...]:
    """The folded words of a description. Kept from view to view, because most of the texts are the same."""
    return tuple(map(intern, dict.fromkeys(folded_words(description))))


def _single(names: Iterable[str]) -> list[str]:
    """The folded names that are one word."""
    return [name for name in map(fold, names) if name and " " not in name]


def _written(text: str) -> list[str]:
    """The words of a text as they are written, in lower case."""
    plain = "".join(char if char.isalnum() else " " for char in text.casefold())
    return plain.split()

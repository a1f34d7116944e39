"""The occasions that can be searched on one day, laid out to be found, counted and ordered fast. Pure.

Each occasion has a position, in the order "rank, next start, external id": what can be applied to stands first, and
of what can and of what cannot the training for an occupation before courses for people in work. Every value of a facet
is the set of its positions (`search_bits`). A view is never changed; when the catalogue or the day has, a new one is
built.
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
from typing import Any, Literal

from api.catalogue.application import application, next_start
from api.catalogue.geo import Point, kilometres
from api.catalogue.search_bits import bits, everything, flags, from_flags, from_many
from api.catalogue.search_form import Order, Term
from api.catalogue.search_rows import OccasionRow, Rows
from api.catalogue.search_vocabulary import Vocabulary
from api.folding import fold, folded_words

FacetName = Literal["occupation", "town", "term", "pace", "distance", "open_only", "for_work"]
_RANKS = range(4)
_NOT_POSSIBLE = 2
"""The ranks from this one on are of what can no longer be applied to."""


@dataclass
class _Layout:
    """Positions by what stands at them, while a view is built."""

    facets: Mapping[FacetName, dict[Any, list[int]]] = field(  # Any: each facet has values of its own type
        default_factory=lambda: {
            name: defaultdict(list)
            for name in ("occupation", "town", "term", "pace", "distance", "open_only", "for_work")
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
        for_work = {row.id for row in rows.courses if row.for_work}

        def rank(row: OccasionRow) -> int:
            return (0 if states[row.id].is_possible else _NOT_POSSIBLE) + (row.course_id in for_work)

        ordered = sorted(
            rows.occasions,
            key=lambda row: (rank(row), next_start(row, day) or day, row.external_id),
        )
        self._ranks = bytes(map(rank, ordered))
        self.possible = everything(sum(rank < _NOT_POSSIBLE for rank in self._ranks))
        """What one can apply to, today or later."""
        self.examples = from_flags(bytes(row.example for row in ordered))
        self._ids = array("q", (row.id for row in ordered))
        self._courses = array("q", (row.course_id for row in ordered))
        self._starts = array("l", (row.start_date.toordinal() if row.start_date else 0 for row in ordered))
        # Equal keys keep the order of the positions, which is by start.
        last = [date.max if row.continuous or row.apply_to is None else row.apply_to for row in ordered]
        by_deadline = sorted(range(self.size), key=last.__getitem__)
        by_deadline.sort(key=self._ranks.__getitem__)
        self._by_deadline = array("l", by_deadline)
        self._lay_out(rows, ordered, lambda row: states[row.id].is_open)

    def _lay_out(self, rows: Rows, ordered: Sequence[OccasionRow], is_open: Callable[[OccasionRow], bool]) -> None:
        courses = {row.id: row for row in rows.courses}
        nodes = {row.id: row for row in rows.nodes}
        self.with_sfi = from_flags(bytes(courses[row.course_id].sfi_combined for row in ordered))
        """The occasions of courses together with sfi."""
        self._node_at = array("q", (courses[row.course_id].node_id for row in ordered))
        self._towns = {row.id: row.town for row in rows.nodes}
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
            if course.for_work:
                facets["for_work"][True].append(position)
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

    @property
    def for_work(self) -> int:
        """The occasions of courses for people in work."""
        return self.facets["for_work"].get(True, 0)

    def starting(self, first: date, last: date | None = None) -> int:
        """Occasions that begin on one of those days, and all that one can begin at any time."""
        within = from_flags(bytes(map(first.toordinal().__le__, self._starts)))
        if last is not None:
            within &= from_flags(bytes(map(last.toordinal().__ge__, self._starts)))
        return self.continuous | within

    def one_a_course(self, found: int) -> int:
        """Of every course the one of its occasions in `found` that is first, by start as by distance."""
        chosen = flags(found, self.size)
        first: dict[int, int] = {}
        for course, position in zip(compress(self._courses, chosen), compress(range(self.size), chosen), strict=True):
            first.setdefault(course, position)
        return bits(first.values(), self.size)

    def towns(self, found: int) -> set[str]:
        """The towns of the nodes that have an occasion in `found`."""
        return {self._towns[node] for node in set(compress(self._node_at, flags(found, self.size)))}

    def page(self, found: int, order: Order, place: Point | None, first: int, count: int) -> list[int]:
        """Ids of `count` of the occasions in `found`, from number `first` (from 0) in that order.

        By rank first, whatever the order. `nearest` is by whole km from `place`, then like `start`.
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

    def _nearest(self, chosen: bytes, place: Point) -> Iterator[int]:
        rings: dict[int, list[array[int]]] = defaultdict(list)
        for node, positions in self._nodes:
            rings[round(kilometres(place.lat, place.lon, node.lat, node.lon))].append(positions)
        for rank in _RANKS:
            for _, near in sorted(rings.items(), key=lambda ring: ring[0]):
                within = (position for positions in near for position in positions)
                yield from sorted(position for position in within if chosen[position] and self._ranks[position] == rank)


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

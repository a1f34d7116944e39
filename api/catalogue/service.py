"""What the public pages ask of the catalogue: a page of hits, the choices of the search form, and one course."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from math import ceil
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from api.catalogue.application import next_start
from api.catalogue.search import Hit, can_be_joined
from api.catalogue.search_form import Order, SearchForm
from api.catalogue.search_index import view_of
from api.catalogue.search_rows import Place, Trade
from api.catalogue.search_view import FacetName, View
from api.catalogue.search_words import Reading, named_place, read_words
from api.catalogue.shown import load
from api.catalogue.tables import Course, Occasion

PAGE_SIZE = 20
NEAR = 3
"""How many occasions are shown that nearly fit, when none does."""
_BY_TITLE = ("occupation", "town")
_LEAST_NEEDED = ("open_only", "for_work", "pace", "distance", "term", "start_from", "town", "words", "occupation")
"""The choices that narrow a search, in the order in which one can best do without them."""


@dataclass(frozen=True)
class Choice:
    """A value of a facet and how many occasions one would find with it, the other choices kept."""

    value: Any  # Any: each facet has values of its own type
    title: str
    count: int


@dataclass(frozen=True)
class WayOut:
    """The same search without one of its choices, and how many occasions that finds."""

    name: str
    form: SearchForm
    count: int


@dataclass(frozen=True)
class Nearly:
    """What to offer when nothing fits: what finds more, best first, and some of what the first of them finds."""

    ways: Sequence[WayOut]
    shown: Sequence[Hit]


@dataclass(frozen=True)
class Result:
    """One page of hits. `form` holds the choices that were used, `place` also one that the words name."""

    form: SearchForm
    place: Place | None
    occupation: Trade | None
    order: Order
    total: int
    first: int
    """Number of the first hit shown, from 1."""
    pages: int
    shown: list[Hit]
    facets: Mapping[FacetName, Sequence[Choice]]
    reading: Reading
    nearly: Nearly | None
    """None when something was found."""
    places: Sequence[str]
    """Every municipality one can search from, in alphabetical order."""

    @property
    def reworded(self) -> SearchForm | None:
        """The same search with the words that were meant, or may have been; None when there are none."""
        guesses = self.reading.corrected + self.reading.suggested
        return self.form.reworded({guess.written: guess.meant for guess in guesses}) if guesses else None


def search(session: Session, form: SearchForm, today: date, *, size: int = PAGE_SIZE) -> Result:
    """The hits of `form` on `today`, `size` a page, the same in every database.

    Choices the catalogue does not know are dropped and named in `form.ignored`.
    """
    view = view_of(session, today)
    form, place, occupation = _known(view, form)
    reading = read_words(view, form.words)
    place = place or reading.place
    order = form.order or "nearest"
    if place is None and order == "nearest":
        order = "start"
    narrowed = _Narrowed(view, form, reading)
    total = narrowed.found().bit_count()
    pages = max(1, ceil(total / size))
    form = form.on_page(min(form.page, pages))
    first = (form.page - 1) * size
    return Result(
        form=form,
        place=place,
        occupation=occupation,
        order=order,
        total=total,
        first=first + 1,
        pages=pages,
        shown=load(session, view.page(narrowed.found(), order, place, first, size), place, today),
        facets=narrowed.facets(),
        reading=reading,
        nearly=None if total else _nearly(session, narrowed, order, place, today),
        places=sorted(known.name for known in view.places),
    )


class _Narrowed:
    """What each choice of a form leaves of the view."""

    def __init__(self, view: View, form: SearchForm, reading: Reading) -> None:
        self.view, self.form = view, form
        self._chosen: dict[FacetName, Any] = {  # Any: each facet has values of its own type
            "occupation": form.occupation,
            "town": form.town,
            "term": form.term,
            "pace": form.pace,
            "distance": form.distance,
            "open_only": form.open_only or None,
            "for_work": form.for_work or None,
        }
        self._left: dict[str, int] = {
            name: self._having(name, value) for name, value in self._chosen.items() if value is not None
        }
        if form.words:
            self._left["words"] = reading.found
        if form.start_from:
            self._left["start_from"] = view.starting(form.start_from)

    def found(self, *, without: str = "") -> int:
        """What fits every choice, or every one but one."""
        every = self.view.all
        for name, left in self._left.items():
            if name != without:
                every &= left
        return every

    def facets(self) -> dict[FacetName, list[Choice]]:
        """The values of every facet that find something, and those that are chosen."""
        titles = {trade.slug: trade.title for trade in self.view.trades}
        result: dict[FacetName, list[Choice]] = {}
        for name, chosen in self._chosen.items():
            others = self.found(without=name)
            values = {*self.view.facets[name], *([] if chosen is None else [chosen])}
            counted = ((value, (self._having(name, value) & others).bit_count()) for value in values)
            choices = [
                Choice(value, titles.get(value, str(value)), count)
                for value, count in counted
                if count or value == chosen
            ]
            result[name] = sorted(choices, key=lambda choice: choice.title if name in _BY_TITLE else choice.value)
        result["pace"].reverse()
        return result

    def ways_out(self) -> Iterator[WayOut]:
        """Searches with one choice less that find something."""
        for name in _LEAST_NEEDED:
            if name in self._left and (count := self.found(without=name).bit_count()):
                yield WayOut(name, self.form.without(name), count)

    def _having(self, name: FacetName, value: Any) -> int:  # Any: as above
        # A term that nothing starts in still has what one can begin at any time.
        return self.view.facets[name].get(value, self.view.continuous if name == "term" else 0)


def _nearly(session: Session, narrowed: _Narrowed, order: Order, place: Place | None, today: date) -> Nearly:
    ways = list(narrowed.ways_out())
    found = narrowed.found(without=ways[0].name) if ways else narrowed.view.all
    return Nearly(ways, load(session, narrowed.view.page(found, order, place, 0, NEAR), place, today))


def public_course(session: Session, course_id: int) -> Course | None:
    """The course with that id, unless all its occasions are drafts."""
    public = select(Occasion.id).where(Occasion.course_id == Course.id, Occasion.status != "draft").exists()
    return session.scalar(select(Course).where(Course.id == course_id, public))


def coming_occasions(session: Session, course: Course, today: date) -> list[Hit]:
    """The course's public occasions one can still join, in order of start; cancelled ones stay, marked as such."""
    query = select(Occasion).where(Occasion.course_id == course.id, Occasion.status != "draft", can_be_joined(today))
    occasions = sorted(
        session.scalars(query), key=lambda occasion: (next_start(occasion, today) or today, occasion.external_id)
    )
    return [Hit(occasion) for occasion in occasions]


def _known(view: View, form: SearchForm) -> tuple[SearchForm, Place | None, Trade | None]:
    """`form` with its places under the municipality's own name, and without names the catalogue does not have."""
    place, town = _find_place(view, form.place), _find_place(view, form.town)
    occupation = next((trade for trade in view.trades if trade.slug == form.occupation), None)
    asked = {"ort": (form.place, place), "studieort": (form.town, town), "yrke": (form.occupation, occupation)}
    known = replace(
        form,
        place=place.name if place else None,
        town=town.name if town else None,
        occupation=occupation.slug if occupation else None,
        ignored=form.ignored | {name for name, (value, row) in asked.items() if value and row is None},
    )
    return known, place, occupation


def _find_place(view: View, name: str | None) -> Place | None:
    """The municipality called `name`, or the one a village of that name lies in."""
    if not name:
        return None
    wanted = name.strip().casefold()
    called = next((place for place in view.places if place.name.casefold() == wanted), None)
    return called or named_place(view.places, name)

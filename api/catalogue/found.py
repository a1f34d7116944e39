"""What the chat asks of the catalogue: which occasions fit, how many they are, and the first of them.

The view that the process keeps (`search_index`) answers; only the occasions that are shown are read from the database.
What is not committed is therefore not found.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property

from sqlalchemy.orm import Session

from api.catalogue.search import FULL_TIME, Criteria, Hit
from api.catalogue.search_bits import union
from api.catalogue.search_form import Order
from api.catalogue.search_index import view_of
from api.catalogue.search_view import FacetName, View
from api.catalogue.shown import load
from api.catalogue.tables import UPSKILLING

SHOWN = 10
"""How many occasions an answer shows at most."""


@dataclass(frozen=True, eq=False)
class Found:
    """Public occasions one can still join that fit `criteria`; true when there is one to show.

    Best first: those one can still apply to, of them the training for an occupation, then by `order`. `members` are
    their positions in the view.
    """

    session: Session
    view: View
    members: int
    criteria: Criteria
    today: date
    order: Order

    @cached_property
    def shown(self) -> Sequence[Hit]:
        """The first of them, at most `SHOWN`, as they stand now; what is no longer public is left out."""
        ids = self.view.page(self.members, self.order, self.criteria.place, 0, SHOWN)
        return load(self.session, ids, self.criteria.place, self.today)

    @property
    def total(self) -> int:
        """How many there are, less those of the first that are no longer public."""
        every = self.members.bit_count()
        return every - (min(every, SHOWN) - len(self.shown))

    def __bool__(self) -> bool:
        return bool(self.shown)

    @property
    def possible(self) -> Found:
        """Those one can apply to, today or later."""
        return self._of(self.view.possible)

    @property
    def open(self) -> Found:
        """Those one can apply to today."""
        return self._having("open_only", True)

    @property
    def with_sfi(self) -> Found:
        """Those of courses together with sfi."""
        return self._of(self.view.with_sfi)

    @property
    def one_a_course(self) -> Found:
        """The first of each course. Not in the order of last days to apply."""
        return self._of(self.view.one_a_course(self.members))

    def training_for(self, occupation: str | None) -> Found:
        """Those of courses for the occupation with that slug; none of them for None."""
        return self._having("occupation", occupation)

    def is_in(self, municipality: str | None) -> bool:
        """Whether any of them is given in the municipality of exactly that name."""
        return bool(self._having("town", municipality).members)

    @property
    def has_for_work(self) -> bool:
        """Whether any of them is for people in work."""
        return bool(self.members & self.view.for_work)

    @property
    def has_examples(self) -> bool:
        """Whether any of them is example data."""
        return bool(self.members & self.view.examples)

    @property
    def towns(self) -> set[str]:
        """The towns of the nodes that give them."""
        return self.view.towns(self.members)

    def by_occupation(self) -> dict[str, int]:
        """Slug of an occupation → how many of them are for it; without those that none is for."""
        counted = (
            (slug, (members & self.members).bit_count()) for slug, members in self.view.facets["occupation"].items()
        )
        return {slug: count for slug, count in counted if count}

    def _having(self, facet: FacetName, value: str | bool | None) -> Found:
        return self._of(self.view.facets[facet].get(value, 0))

    def _of(self, members: int) -> Found:
        return replace(self, members=self.members & members)


def find_occasions(session: Session, criteria: Criteria, today: date, *, order: Order = "nearest") -> Found:
    """The public occasions that fit on `today`; `nearest` without a place is by start."""
    view = view_of(session, today)
    return Found(session, view, _members(view, criteria), criteria, today, order)


def _members(view: View, criteria: Criteria) -> int:
    """Positions of what fits every criterion."""
    facets = view.facets
    members = view.all
    if criteria.occupation:
        members &= facets["occupation"].get(criteria.occupation, 0)
    if criteria.start_from or criteria.start_to:
        members &= view.starting(criteria.start_from or date.min, criteria.start_to)
    if criteria.pace:
        members &= facets["pace"].get(criteria.pace, 0)
    if criteria.part_time:
        members &= union(found for pace, found in facets["pace"].items() if pace < FULL_TIME)
    if criteria.kind:
        members &= view.for_work if criteria.kind == UPSKILLING else ~view.for_work
    if criteria.distance is not None:
        members &= facets["distance"].get(criteria.distance, 0)
    return members

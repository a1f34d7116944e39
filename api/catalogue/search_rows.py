"""The rows of the catalogue that the view of the search is built from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple


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
    example: bool


class CourseRow(NamedTuple):
    id: int
    title: str
    description: str
    occupation_id: int
    node_id: int
    for_work: bool
    """Whether it is for people in work (`upskilling`)."""
    sfi_combined: bool


class NodeRow(NamedTuple):
    id: int
    town: str
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

"""The list of occasions that staff see: one page of rows, and how many each further choice would leave.

The database does the work. A page is two statements whatever the size of the catalogue: all counts in one pass, and
the rows with LIMIT. Courses that have no occasions stand last.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from math import ceil
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, func, literal, or_, select
from sqlalchemy.orm import Session

from api.catalogue.keeping.attention import conditions, phases, without_occasions
from api.catalogue.keeping.listing_form import SOURCES, WITHOUT_OCCASIONS, ListForm
from api.catalogue.tables import OCCASION_STATUSES, Course, Node, Occasion
from api.clock import stockholm_date
from api.guidance.tables import Occupation

PAGE_SIZE = 50
_MOST_WORDS = 8
_SHORT = 4
"""Shorter words must be written with their dots: "kol" is not "köl"."""

Conditions = Sequence[ColumnElement[bool]]


@dataclass(frozen=True)
class Line:
    """A row of the list. Without an `id` it is a course that has no occasions."""

    course_id: int
    title: str
    town: str
    occupation: str
    id: int | None = None
    external_id: str = ""
    start_date: date | None = None
    end_date: date | None = None
    apply_to: date | None = None
    continuous: bool = False
    status: str = ""
    example: bool = False
    source: str = ""
    attention: tuple[str, ...] = ()
    """What should be looked at, as words of `listing_form.ATTENTION`."""


@dataclass(frozen=True)
class Listing:
    """A page of the list. `counts` is kind of choice → its value → how many rows one would have with it."""

    form: ListForm
    lines: Sequence[Line]
    occasions: int
    """How many occasions fit, on all pages."""
    total: int
    """The same with courses that have no occasions."""
    pages: int
    counts: Mapping[str, Mapping[str, int]]


def find(session: Session, form: ListForm, now: datetime) -> Listing:
    """One page of the list on the day of `now`."""
    counts, occasions = _counts(session, form, now)
    courses = 0
    if form.about_courses:
        courses = _count_courses(session, form)
        counts["attention"][WITHOUT_OCCASIONS] = courses
    if form.attention == WITHOUT_OCCASIONS:
        occasions = 0
    pages = max(1, ceil((occasions + courses) / PAGE_SIZE))
    form = form if form.page <= pages else ListForm(**{**vars(form), "page": pages})
    first = (form.page - 1) * PAGE_SIZE
    lines = list(_occasions(session, form, now, first)) if first < occasions else []
    if courses and len(lines) < PAGE_SIZE:
        lines += _courses(session, form, max(0, first - occasions), PAGE_SIZE - len(lines))
    return Listing(form, lines, occasions, occasions + courses, pages, counts)


def chosen_ids(session: Session, form: ListForm, now: datetime, *, most: int) -> list[int]:
    """The ids of all occasions that fit, at most `most` + 1 of them, in order of id."""
    if form.attention == WITHOUT_OCCASIONS:
        return []
    query = _joined(select(Occasion.id), form).where(*_all(form, now)).order_by(Occasion.id).limit(most + 1)
    return list(session.scalars(query))


def _kinds(now: datetime) -> dict[str, dict[str, ColumnElement[bool]]]:
    sources = (
        and_(Occasion.source == "", Occasion.example.is_(False)),
        and_(Occasion.source == "", Occasion.example.is_(True)),
        Occasion.source == "susa",
    )
    return {
        "status": {status: Occasion.status == status for status in OCCASION_STATUSES},
        "phase": phases(stockholm_date(now)),
        "attention": conditions(now),
        "source": dict(zip(SOURCES, sources, strict=True)),
    }


def _counts(session: Session, form: ListForm, now: datetime) -> tuple[dict[str, dict[str, int]], int]:
    """How many occasions fit with each further choice, and how many do now.

    The database counts the rows of each combination, as one number with a bit for every choice that fits; there are
    few combinations, however many rows.
    """
    kinds = _kinds(now)
    bits = {(kind, value): 1 << n for n, (kind, value) in enumerate((k, v) for k in kinds for v in kinds[k])}
    code = sum((case((kinds[kind][value], bit), else_=0) for (kind, value), bit in bits.items()), literal(0)).label(
        "code"
    )
    query = _joined(select(code, func.count()), form).where(*_base(form, Occasion.external_id)).group_by(code)
    combinations: list[tuple[int, int]] = [(row[0], row[1]) for row in session.execute(query)]
    chosen = {kind: bits[kind, getattr(form, kind)] for kind in kinds if (kind, getattr(form, kind)) in bits}

    def count(wanted: Mapping[str, int]) -> int:
        return sum(number for found, number in combinations if all(found & bit for bit in wanted.values()))

    counts = {
        kind: {value: count({**chosen, kind: bits[kind, value]}) for value in values} for kind, values in kinds.items()
    }
    return counts, count(chosen)


def _count_courses(session: Session, form: ListForm) -> int:
    query = select(func.count()).select_from(Course).where(without_occasions(), *_base(form, None))
    return session.scalar(query) or 0


def _joined(query: Select[Any], form: ListForm) -> Select[Any]:  # Any: rows of every kind
    """Every occasion has its course, so a join that nothing asks about only costs time."""
    query = query.select_from(Occasion)
    return query.join(Course, Occasion.course_id == Course.id) if form.words or form.node or form.occupation else query


def _all(form: ListForm, now: datetime) -> Iterator[ColumnElement[bool]]:
    yield from _base(form, Occasion.external_id)
    for kind, values in _kinds(now).items():
        if (value := getattr(form, kind)) in values:
            yield values[value]


def _base(form: ListForm, external_id: ColumnElement[str] | Any) -> Iterator[ColumnElement[bool]]:  # Any: an attribute
    """Words, node and occupation; `external_id` is None where only courses are asked about."""
    if form.node:
        yield Course.node_id.in_(select(Node.id).where(Node.slug == form.node))
    if form.occupation:
        yield Course.occupation_id.in_(select(Occupation.id).where(Occupation.slug == form.occupation))
    for word in form.words.split()[:_MOST_WORDS]:
        pattern = like_pattern(word)
        nodes = select(Node.id).where(or_(*(_like(column, pattern) for column in (Node.name, Node.town))))
        ways = [
            _like(Course.title, pattern),
            Course.node_id.in_(nodes),
            Course.occupation_id.in_(select(Occupation.id).where(_like(Occupation.title, pattern))),
        ]
        yield or_(*ways, _like(external_id, pattern)) if external_id is not None else or_(*ways)


def like_pattern(word: str) -> str:
    """What LIKE looks for: the word anywhere. Letters with dots match either case in SQLite too, which only knows
    ASCII; in longer words they may be written without their dots."""
    dotted = "ao" if len(word) > _SHORT else ""
    signs = ("_" if not s.isascii() or s in dotted else f"\\{s}" if s in "%_\\" else s for s in word.lower())
    return f"%{''.join(signs)}%"


def _like(column: Any, pattern: str) -> ColumnElement[bool]:  # Any: an attribute of a table class
    found: ColumnElement[bool] = column.ilike(pattern, escape="\\")
    return found


_BY_TITLE = "titel"
_ORDERS: dict[str, Any] = {  # Any: columns with a direction
    "andrad": (Occasion.updated_at.desc(), Occasion.id.desc()),
    "start": (Occasion.start_date.asc().nulls_last(), Occasion.id),
    "sista-dag": (Occasion.apply_to.asc().nulls_last(), Occasion.id),
    _BY_TITLE: (Course.title, Node.town, Occasion.start_date.asc().nulls_last(), Occasion.id),
}
_COURSE = (Course.id.label("course_id"), Course.title, Node.town, Occupation.title.label("occupation"))
_OCCASION = ("id", "external_id", "start_date", "end_date", "apply_to", "continuous", "status", "example", "source")


def _occasions(session: Session, form: ListForm, now: datetime, first: int) -> Iterator[Line]:
    marks = conditions(now)
    columns = [*_COURSE, *(getattr(Occasion, name) for name in _OCCASION)]
    query = (
        select(*columns, *(condition.label(name) for name, condition in marks.items()))
        .select_from(Occasion)
        .join(Course, Occasion.course_id == Course.id)
        .join(Node, Course.node_id == Node.id)
        .join(Occupation, Course.occupation_id == Occupation.id)
        .where(Occasion.id.in_(_page_ids(form, now, first)))
        .order_by(*_ORDERS[form.order])
    )
    for row in session.execute(query).mappings():
        found = tuple(name for name in marks if row[name])
        yield Line(**{name: value for name, value in row.items() if name not in marks}, attention=found)


def _page_ids(form: ListForm, now: datetime, first: int) -> Select[int]:
    """The ids of a page, found without looking up the course of every row that is only sorted away."""
    query: Select[Any] = select(Occasion.id)
    if form.order == _BY_TITLE:
        query = query.select_from(Occasion).join(Course, Occasion.course_id == Course.id).join(Node)
    else:
        query = _joined(query, form)
    return query.where(*_all(form, now)).order_by(*_ORDERS[form.order]).limit(PAGE_SIZE).offset(first)


def _courses(session: Session, form: ListForm, first: int, most: int) -> Iterator[Line]:
    query = (
        select(*_COURSE)
        .join(Node, Course.node_id == Node.id)
        .join(Occupation, Course.occupation_id == Occupation.id)
        .where(without_occasions(), *_base(form, None))
        .order_by(Course.title, Course.id)
        .limit(most)
        .offset(first)
    )
    for row in session.execute(query).mappings():
        yield Line(**row, attention=(WITHOUT_OCCASIONS,))

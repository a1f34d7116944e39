"""The catalogue as values: what a plan compares with, and the names that cells may use."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from api.catalogue.importing.names import Names
from api.catalogue.importing.plan import Stored
from api.catalogue.importing.rows import COLUMNS, COURSE_COLUMNS, CatalogueRow, RowReader
from api.catalogue.tables import Course, Node, Occasion
from api.guidance.tables import Occupation

_COURSE_VALUES = tuple(getattr(Course, column) for column in COURSE_COLUMNS)


def load_stored(session: Session) -> Stored:
    """Every occasion and course, read as plain columns: 50,000 objects of the ORM would take many seconds."""
    courses = session.execute(
        select(Node.slug, Occupation.slug, Course.title, *_COURSE_VALUES)
        .select_from(Course)
        .join(Node, Course.node_id == Node.id)
        .join(Occupation, Course.occupation_id == Occupation.id)
    )
    occasions = session.execute(
        select(*map(_source, COLUMNS))
        .select_from(Occasion)
        .join(Course, Occasion.course_id == Course.id)
        .join(Node, Course.node_id == Node.id)
        .join(Occupation, Course.occupation_id == Occupation.id)
        .order_by(Occasion.external_id)
    )
    return Stored(
        occasions={row[0]: CatalogueRow(**dict(zip(COLUMNS, row, strict=True))) for row in occasions},
        courses={
            (node, occupation, title): dict(zip(COURSE_COLUMNS, values, strict=True))
            for node, occupation, title, *values in courses
        },
        mirrored=frozenset(session.scalars(select(Occasion.external_id).where(Occasion.source != ""))),
    )


def _source(column: str) -> Any:  # Any: an attribute of one of four classes
    if column == "node":
        return Node.slug
    if column == "occupation":
        return Occupation.slug
    return getattr(Course if column in ("title", *COURSE_COLUMNS) else Occasion, column)


def load_reader(session: Session) -> RowReader:
    """A row reader that knows the occupations and nodes of the catalogue."""
    occupations = session.scalars(select(Occupation).order_by(Occupation.slug))
    nodes = session.scalars(select(Node).order_by(Node.slug))
    return RowReader(
        occupations=Names.of(((o.slug, o.title, o.aliases) for o in occupations), unknown="cell_occupation"),
        nodes=Names.of(((n.slug, n.town, [n.name]) for n in nodes), unknown="cell_node"),
    )

"""Occupations as staff keep them: what a form may say, and how a new one gets its id."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from api.catalogue.tables import Course
from api.folding import fold, free_slug
from api.guidance.keeping.fields import LABELS, PAIRS, RELATED, TEXTS
from api.guidance.keeping.known_names import owners
from api.guidance.keeping.readable import readable
from api.guidance.tables import Occupation
from api.privacy.people import name_in
from api.staff.editing.sending import Question

_NAMES = ("title", "aliases", "phrases", "misspellings")
_TEXTS_WITH_PEOPLE = ("workday", *(name for pair in PAIRS for name in pair))

Values = Mapping[str, Any]  # Any: columns' values


@dataclass(frozen=True)
class OccupationRow:
    """An occupation in the list: its courses, the fields without text, and those that are hard to read."""

    occupation: Occupation
    courses: int
    empty: tuple[str, ...]
    heavy: tuple[str, ...]


def occupations(session: Session) -> list[OccupationRow]:
    """Every occupation, by title."""
    counted = dict(session.execute(select(Course.occupation_id, func.count()).group_by(Course.occupation_id)).all())
    every = session.scalars(select(Occupation).order_by(Occupation.title))
    return [_row(occupation, counted.get(occupation.id, 0)) for occupation in every]


def _row(occupation: Occupation, courses: int) -> OccupationRow:
    texts = {"summary": occupation.summary, "easy": occupation.easy, "workday": occupation.workday}
    texts |= {name: getattr(occupation, name) for name, _ in PAIRS[1:]}
    texts |= {easy: occupation.easy_parts.get(name, "") for name, easy in PAIRS[1:]}
    hard = [name for name, text in texts.items() if readable(text, easy=name.startswith("easy")).over]
    return OccupationRow(
        occupation,
        courses,
        empty=tuple(LABELS[name] for name, text in texts.items() if not text.strip()),
        heavy=tuple(LABELS[name] for name in hard),
    )


def areas(session: Session) -> list[str]:
    """The groups that occupations stand in."""
    return sorted(set(session.scalars(select(Occupation.area))) - {""})


def errors(session: Session, values: Values, row: Occupation | None) -> dict[str, str]:
    """What is wrong with an occupation's values besides the single fields, by field."""
    found = dict(_names_taken(session, values, row))
    others = {o.slug: o.title for o in session.scalars(select(Occupation)) if row is None or o.id != row.id}
    for field in RELATED:
        if values.get(field) and values[field] not in others:
            found[field] = TEXTS("wrong_related")
    title = values.get("title", "")
    if title and fold(title) in map(fold, others.values()):
        found["title"] = TEXTS("wrong_title_taken")
    elif title and not fold(title):
        found["title"] = TEXTS("wrong_title_letters")
    return found


def _names_taken(session: Session, values: Values, row: Occupation | None) -> Iterator[tuple[str, str]]:
    for field in _NAMES:
        written = values.get(field) or []
        taken = list(owners(session, [written] if isinstance(written, str) else written, besides=row))
        if taken:
            yield field, TEXTS("wrong_names_taken", names=", ".join(taken))


def questions(values: Values) -> Iterator[Question]:
    """A question about each text that seems to name somebody."""
    for field in _TEXTS_WITH_PEOPLE:
        if words := name_in(values.get(field) or ""):
            yield Question(field, values[field], TEXTS("ask_name", label=LABELS[field], words=words))


def new_slug(session: Session, title: str) -> str:
    """The id of a new occupation, from its title: `CNC-operatör` → `cnc-operator`, with a number if that is taken."""
    return free_slug(title, set(session.scalars(select(Occupation.slug))), limit=50)

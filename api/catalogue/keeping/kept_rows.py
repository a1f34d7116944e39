"""Courses and occasions as the pages of history know them."""

from __future__ import annotations

from datetime import date

from sqlalchemy.orm import Session

from api import swedish_dates
from api.catalogue.keeping.listing_form import PATH
from api.catalogue.keeping.wording import TEXTS, course_title, kind_word, occasion_title, status_word
from api.catalogue.tables import Course, Node, Occasion
from api.guidance.tables import Occupation
from api.staff.kept import Kept, behind


def _day(_: Session, value: str) -> str:
    return swedish_dates.day(date.fromisoformat(value))


def _percent(_: Session, value: int) -> str:
    return TEXTS("percent", value=value)


def _status(_: Session, value: str) -> str:
    return status_word(value)


def _kind(_: Session, value: str) -> str:
    return kind_word(value)


KEPT = (
    Kept(
        model=Course,
        texts=TEXTS,
        title=course_title,
        address=lambda course: f"{PATH}/{course.id}",
        words={
            "node_id": behind(Node, lambda node: node.name),
            "occupation_id": behind(Occupation, lambda occupation: occupation.title),
            "kind": _kind,
        },
    ),
    Kept(
        model=Occasion,
        texts=TEXTS,
        title=occasion_title,
        address=lambda occasion: f"{PATH}/tillfalle/{occasion.id}",
        words={
            **dict.fromkeys(("start_date", "end_date", "apply_from", "apply_to"), _day),
            "status": _status,
            "pace": _percent,
            "course_id": behind(Course, course_title),
        },
    ),
)

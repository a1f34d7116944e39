"""The few occasions that a page or an answer shows, read from the database as they stand now."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session, contains_eager

from api.catalogue.geo import Point, kilometres
from api.catalogue.search import PUBLIC, Hit, can_be_joined
from api.catalogue.tables import Course, Occasion
from api.guidance.tables import Occupation


def load(session: Session, ids: Sequence[int], place: Point | None, today: date) -> list[Hit]:
    """The occasions in the order of `ids`, in one statement; one that can no longer be shown is left out."""
    query = (
        select(Occasion)
        .join(Occasion.course)
        .join(Course.node)
        .join(Course.occupation)
        .options(
            contains_eager(Occasion.course).contains_eager(Course.node),
            contains_eager(Occasion.course)
            .contains_eager(Course.occupation)
            .load_only(Occupation.slug, Occupation.title),
            contains_eager(Occasion.course).defer(Course.description).defer(Course.eligibility),
        )
        .where(Occasion.id.in_(ids), Occasion.status.in_(PUBLIC), can_be_joined(today))
    )
    rows = {row.id: row for row in session.scalars(query)} if ids else {}
    return [Hit(rows[number], _distance(rows[number], place)) for number in ids if number in rows]


def _distance(occasion: Occasion, place: Point | None) -> float | None:
    node = occasion.course.node
    return kilometres(place.lat, place.lon, node.lat, node.lon) if place else None

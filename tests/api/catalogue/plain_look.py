"""What a search must find, by the rules alone: every occasion is looked at, one after another."""

from __future__ import annotations

from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from api.catalogue.application import application, next_start
from api.catalogue.geo import kilometres
from api.catalogue.search import Criteria, Hit
from api.catalogue.search_form import Order
from api.catalogue.tables import Occasion


def look(session: Session, criteria: Criteria, today: date, *, order: Order = "nearest") -> list[Hit]:
    """All that fits, best first."""
    place = criteria.place
    hits = []
    for occasion in session.scalars(select(Occasion)):
        if _fits(occasion, criteria, today):
            node = occasion.course.node
            hits.append(Hit(occasion, kilometres(place.lat, place.lon, node.lat, node.lon) if place else None))
    return sorted(hits, key=lambda hit: _order(hit, today, order))


def _fits(occasion: Occasion, wanted: Criteria, today: date) -> bool:
    course, start = occasion.course, occasion.start_date
    if occasion.status not in ("published", "full"):
        return False
    last_to_join = occasion.end_date if occasion.continuous else start
    if last_to_join is not None and last_to_join < today:
        return False
    if not occasion.continuous:
        if wanted.start_from and (start is None or start < wanted.start_from):
            return False
        if wanted.start_to and (start is None or start > wanted.start_to):
            return False
    return (
        (not wanted.occupation or course.occupation.slug == wanted.occupation)
        and (not wanted.pace or occasion.pace == wanted.pace)
        and (not wanted.part_time or occasion.pace < 100)
        and (wanted.distance is None or occasion.distance == wanted.distance)
        and (wanted.kind is None or course.kind == wanted.kind)
    )


def _order(hit: Hit, today: date, order: Order) -> tuple[bool, bool, float, date, date, str]:
    occasion = hit.occasion
    start = next_start(occasion, today) or today
    deadline = date.max if occasion.continuous else occasion.apply_to or date.max
    return (
        not application(occasion, today).is_possible,
        occasion.course.kind == "upskilling",
        round(hit.km) if hit.km is not None and order == "nearest" else 0,
        deadline if order == "deadline" else start,
        start,
        occasion.external_id,
    )

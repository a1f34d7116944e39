"""Occasions and nodes as the chat contract shows them. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from api.catalogue.application import application, next_start
from api.catalogue.iso_days import write_day
from api.catalogue.search import Hit
from api.catalogue.tables import UPSKILLING, Node, Occasion


def course_item(hit: Hit, today: date, base_url: str) -> dict[str, Any]:  # Any: JSON
    """One row of `courses.data.items`. Dates are ISO days, `km` is as the crow flies, `distance` is distance study.

    `start` is null when one can begin at any time (`continuous`) or the day is not decided.
    """
    occasion, course = hit.occasion, hit.occasion.course
    return {
        "id": occasion.external_id,
        "title": course.title,
        "for_work": course.kind == UPSKILLING,
        "occupation": course.occupation.slug,
        "node": course.node.town,
        "municipality": course.node.municipality.name,
        "km": None if hit.km is None else round(hit.km),
        "start": write_day(next_start(occasion, today)),
        "end": write_day(occasion.end_date),
        "apply_from": write_day(occasion.apply_from),
        "apply_to": write_day(occasion.apply_to),
        "continuous": occasion.continuous,
        "open": application(occasion, today).is_open,
        "pace": occasion.pace,
        "distance": occasion.distance,
        "credits": course.credits,
        "places": occasion.places,
        "status": occasion.status,
        "url": course_url(occasion, base_url),
        "example": occasion.example,
    }


def courses_data(hits: Sequence[Hit], total: int, today: date, base_url: str) -> dict[str, Any]:  # Any: JSON
    """`data` of a message of kind `courses`: an item for each hit, and how many there are in all."""
    items = [course_item(hit, today, base_url) for hit in hits]
    return {"items": items, "total": total}


def node_item(node: Node, km: float | None) -> dict[str, Any]:  # Any: JSON
    """One row of `nodes.data.items`."""
    return {
        "slug": node.slug,
        "town": node.town,
        "name": node.name,
        "municipality": node.municipality.name,
        "km": None if km is None else round(km),
        "street": node.street,
        "phone": node.phone,
        "email": node.email,
        "opening_hours": node.opening_hours,
        "example": node.example,
    }


def course_url(occasion: Occasion, base_url: str) -> str:
    """Public page of the occasion's course."""
    return f"{base_url}/utbildningar/{occasion.course_id}"


def apply_path(occasion: Occasion) -> str:
    """Where a link to the application leads: a path of ours that counts the click and goes on to `apply_url`."""
    return f"/utbildningar/{occasion.course_id}/ansok/{occasion.id}"

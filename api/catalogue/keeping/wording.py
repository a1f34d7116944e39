"""The sentences of these pages, and what rows are called."""

from __future__ import annotations

from api import swedish_dates
from api.catalogue.tables import Course, Occasion
from api.texts import Texts

TEXTS = Texts.beside(__file__)


def course_title(course: Course) -> str:
    """How a course is named where several stand together."""
    return TEXTS("title_course", title=course.title, town=course.node.town)


def occasion_title(occasion: Occasion) -> str:
    """How an occasion is named: its course and when it begins."""
    values = {"title": occasion.course.title, "town": occasion.course.node.town}
    if occasion.start_date:
        return TEXTS("title_occasion", start=swedish_dates.day(occasion.start_date), **values)
    return TEXTS("title_occasion_continuous" if occasion.continuous else "title_occasion_undated", **values)


def kind_word(kind: str) -> str:
    """`upskilling` → Kurs för yrkesverksamma."""
    return TEXTS(f"kind_{kind}")


def status_word(status: str) -> str:
    """`draft` → utkast."""
    return TEXTS(f"status_{status}")

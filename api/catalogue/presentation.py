"""An occasion as a page shows it: where its application stands, in one word that templates turn into Swedish. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Literal

from api.catalogue.search import Hit
from api.catalogue.tables import Occasion

ApplicationState = Literal["open", "continuous", "upcoming", "closed", "full", "cancelled"]

CREDITS_A_WEEK = 20
"""Full-time study is 20 gymnasiepoäng a week."""


@dataclass(frozen=True)
class OccasionView:
    """An occasion with what depends on the day: `days_left` to apply (0 on the last day), None when not known."""

    occasion: Occasion
    km: float | None
    state: ApplicationState
    days_left: int | None


def views(hits: Iterable[Hit], today: date) -> list[OccasionView]:
    """The hits as the page shows them on `today`, a Swedish calendar day."""
    return [
        OccasionView(hit.occasion, hit.km, application_state(hit.occasion, today), _days_left(hit.occasion, today))
        for hit in hits
    ]


def application_state(occasion: Occasion, today: date) -> ApplicationState:
    """Whether one can apply on `today`, and if not, why."""
    if occasion.status == "cancelled":
        return "cancelled"
    if occasion.status == "full":
        return "full"
    if occasion.apply_from is not None and occasion.apply_from > today:
        return "upcoming"
    if occasion.continuous:
        return "continuous"
    if occasion.apply_to is not None and occasion.apply_to < today:
        return "closed"
    return "open"


def weeks(credits: int, pace: int = 100) -> int:
    """Roughly how many weeks `credits` gymnasiepoäng take at `pace` per cent of full time."""
    return max(1, round(credits / CREDITS_A_WEEK * 100 / pace))


def _days_left(occasion: Occasion, today: date) -> int | None:
    if occasion.apply_to is None or occasion.apply_to < today:
        return None
    return (occasion.apply_to - today).days

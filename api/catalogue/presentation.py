"""An occasion as a page shows it: with what depends on the day, which templates turn into Swedish. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from api.catalogue.application import Application, application, next_start
from api.catalogue.search import Hit
from api.catalogue.tables import Occasion

CREDITS_A_WEEK = 20
"""Full-time study is 20 gymnasiepoäng a week."""


@dataclass(frozen=True)
class OccasionView:
    """An occasion on a day: where its application stands, and the `start` that is still to come (see `next_start`)."""

    occasion: Occasion
    km: float | None
    application: Application
    start: date | None


def views(hits: Iterable[Hit], today: date) -> list[OccasionView]:
    """The hits as the page shows them on `today`, a Swedish calendar day."""
    return [
        OccasionView(hit.occasion, hit.km, application(hit.occasion, today), next_start(hit.occasion, today))
        for hit in hits
    ]


def weeks(credits: int, pace: int = 100) -> int:
    """Roughly how many weeks `credits` gymnasiepoäng take at `pace` per cent of full time."""
    return max(1, round(credits / CREDITS_A_WEEK * 100 / pace))

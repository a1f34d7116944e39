"""What has changed since the year before, in words. Pure.

Only figures that both years may show are compared, so a sentence tells nothing that its report hides.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Literal

from api.texts import Texts

_texts = Texts.beside(__file__)

Unit = Literal["count", "share", "days"]
UNITS: Mapping[str, Unit] = {
    "talks": "count",
    "meetings": "count",
    "wait": "days",
    "interpreter": "share",
    "missed": "share",
    "cancelled": "share",
    "guests": "count",
    "step_free": "share",
    "easy": "share",
    "not_understood": "share",
}
"""What is compared, in this order, and what it is counted in."""

Measures = Mapping[str, int | None]


def changes(before: Measures, after: Measures) -> list[str]:
    """A sentence for each figure that is known of both years."""
    return list(_sentences(before, after))


def _sentences(before: Measures, after: Measures) -> Iterable[str]:
    for key, unit in UNITS.items():
        old, new = before.get(key), after.get(key)
        if old is None or new is None:
            continue
        way = "not" if old == new else "up" if new > old else "down"
        yield _texts(
            f"changed_{way}", name=_texts(f"change_{key}"), before=_worded(old, unit), after=_worded(new, unit)
        )


def _worded(value: int, unit: Unit) -> str:
    key = "unit_days_one" if unit == "days" and value == 1 else f"unit_{unit}"
    return _texts(key, value=f"{value:,}".replace(",", "\u00a0"))

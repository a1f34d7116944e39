"""What a visitor chose to see of the coming events, read from the address and written back to it. Pure.

A value that cannot be read is left out: an old or mistyped link still gives a page.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from urllib.parse import urlencode

from api.typed import typed

KINDS = {
    "information": "informationstraff",
    "open_house": "oppet-hus",
    "study_visit": "studiebesok",
    "network": "natverkstraff",
}
"""Kinds as they stand in addresses."""
_MOST_CHARACTERS = 60


@dataclass(frozen=True)
class Filters:
    """The choices; None is all of them. `month` is its first day."""

    kind: str | None = None
    municipality: str | None = None
    month: date | None = None
    only_open: bool = False

    @property
    def any(self) -> bool:
        """Whether something is chosen."""
        return self != Filters()

    def address(self, path: str) -> str:
        """`path` with the choices as parameters."""
        values = {
            "typ": KINDS.get(self.kind or ""),
            "kommun": self.municipality,
            "manad": f"{self.month:%Y-%m}" if self.month else None,
            "plats": "ja" if self.only_open else None,
        }
        chosen = {name: value for name, value in values.items() if value}
        return f"{path}?{urlencode(chosen)}" if chosen else path

    def without(self, name: str) -> Filters:
        """The same without one choice."""
        return replace(self, **{name: getattr(Filters, name)})


def read_filters(parameters: Mapping[str, str]) -> Filters:
    """The choices in an address. Never raises."""
    given = {name: typed(value) for name, value in parameters.items()}
    return Filters(
        kind=next((kind for kind, word in KINDS.items() if word == given.get("typ")), None),
        municipality=given.get("kommun", "")[:_MOST_CHARACTERS] or None,
        month=_month(given.get("manad", "")),
        only_open=given.get("plats") == "ja",
    )


def _month(text: str) -> date | None:
    try:
        return date.fromisoformat(f"{text}-01") if len(text) == len("2026-12") else None
    except ValueError:
        return None

"""What a person chose in the search form, read from the address and written back to it. Pure.

The names in the address are Swedish because people see and share them. A value that cannot be read is left out of the
search and remembered in `ignored`: an old or mistyped link still gives a page.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Literal
from urllib.parse import urlencode

from api.catalogue.iso_days import read_day
from api.typed import typed

MAX_WORDS = 200
_SLUG = re.compile(r"[a-z0-9-]{1,60}")
Order = Literal["nearest", "start", "deadline"]
_ORDERS: dict[str, Order] = {"avstand": "nearest", "start": "start", "sista-dag": "deadline"}
_TERM = re.compile(r"(vt|ht)(20[0-9]{2})")


@dataclass(frozen=True, order=True)
class Term:
    """Half a year of study: spring is January to June, autumn July to December."""

    year: int
    autumn: bool

    @classmethod
    def of(cls, day: date) -> Term:
        """The term `day` falls in."""
        return cls(day.year, day.month > 6)

    @property
    def code(self) -> str:
        """`vt2027` or `ht2027`."""
        return f"{'ht' if self.autumn else 'vt'}{self.year}"

    @property
    def first(self) -> date:
        return date(self.year, 7 if self.autumn else 1, 1)

    @property
    def last(self) -> date:
        return date(self.year, 12, 31) if self.autumn else date(self.year, 6, 30)

    @property
    def next(self) -> Term:
        return Term(self.year + self.autumn, not self.autumn)


@dataclass(frozen=True)
class SearchForm:
    """The choices. Dates are Swedish calendar days; page from 1.

    `place` is where to measure distances from and `town` the municipality where the training is given, both as they
    were written, not yet looked up. Without an `order` the nearest comes first when there is a place, else the next
    start.
    """

    words: str = ""
    occupation: str | None = None
    place: str | None = None
    town: str | None = None
    term: Term | None = None
    start_from: date | None = None
    pace: int | None = None
    distance: bool | None = None
    open_only: bool = False
    for_work: bool = False
    order: Order | None = None
    page: int = 1
    ignored: frozenset[str] = field(default_factory=frozenset)

    @property
    def more_is_chosen(self) -> bool:
        """Whether something in the folded part of the form is in use."""
        return bool(
            self.town
            or self.term
            or self.start_from
            or self.pace
            or self.distance is not None
            or self.open_only
            or self.for_work
        )

    def address(self, path: str) -> str:
        """`path` with the choices as parameters; what is not chosen is not there."""
        values = {
            "q": self.words,
            "yrke": self.occupation,
            "ort": self.place,
            "studieort": self.town,
            "termin": self.term.code if self.term else None,
            "fran": self.start_from.isoformat() if self.start_from else None,
            "takt": self.pace,
            "distans": None if self.distance is None else "ja" if self.distance else "nej",
            "oppen": "ja" if self.open_only else None,
            "for": "yrkesverksamma" if self.for_work else None,
            "ordning": next((name for name, order in _ORDERS.items() if order == self.order), None),
            "sida": self.page if self.page > 1 else None,
        }
        chosen = {name: value for name, value in values.items() if value}
        return f"{path}?{urlencode(chosen)}" if chosen else path

    def without(self, name: str) -> SearchForm:
        """The same search without one choice, from its first page."""
        return replace(self, **{name: getattr(SearchForm, name), "page": 1})

    def reworded(self, meant: Mapping[str, str]) -> SearchForm:
        """The same search with other words in place of some."""
        words = re.sub(r"[^\W_]+", lambda found: meant.get(found[0], found[0]), self.words)
        return replace(self, words=words[:MAX_WORDS], page=1)

    def on_page(self, page: int) -> SearchForm:
        return replace(self, page=page)


def read_form(parameters: Mapping[str, str]) -> SearchForm:
    """The choices in an address. Never raises: a value that cannot be read is left out and named in `ignored`."""
    given = {name: typed(value) for name, value in parameters.items() if typed(value)}
    form = SearchForm(
        words=given.get("q", "")[:MAX_WORDS],
        occupation=_slug(given.get("yrke", "")),
        place=given.get("ort", "")[:60] or None,
        town=given.get("studieort", "")[:60] or None,
        term=_term(given.get("termin", "")),
        start_from=read_day(given.get("fran", "")),
        pace=_whole(given.get("takt", ""), 1, 100),
        distance={"ja": True, "nej": False}.get(given.get("distans", "")),
        open_only=given.get("oppen") == "ja",
        for_work=given.get("for") == "yrkesverksamma",
        order=_ORDERS.get(given.get("ordning", "")),
        page=_whole(given.get("sida", ""), 1, 100_000) or 1,
    )
    read = {
        "yrke": form.occupation,
        "termin": form.term,
        "fran": form.start_from,
        "takt": form.pace,
        "distans": form.distance is not None or None,
        "oppen": form.open_only or None,
        "for": form.for_work or None,
        "ordning": form.order,
    }
    return replace(form, ignored=frozenset(name for name, value in read.items() if name in given and value is None))


def _slug(value: str) -> str | None:
    return value if _SLUG.fullmatch(value) else None


def _term(value: str) -> Term | None:
    found = _TERM.fullmatch(value.lower())
    return Term(int(found[2]), found[1] == "ht") if found else None


def _whole(value: str, low: int, high: int) -> int | None:
    number = int(value) if re.fullmatch(r"[0-9]{1,6}", value) else 0
    return number if low <= number <= high else None

"""An occasion in a later term: all its days move by the same number of whole weeks, so that Monday stays Monday. Pure.

From spring to autumn it is 32 weeks, as from week 2 to week 34; from there to the spring after, the week that is 32
less. A whole year on it is the week with the same number. What would fall outside the term stays in its first or last
week.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from api.catalogue.search_form import Term

DAYS = ("start_date", "end_date", "apply_from", "apply_to")
_TO_AUTUMN = 32
_WEEK = timedelta(weeks=1)


@dataclass(frozen=True)
class Move:
    """To which term, how many terms ahead that is, and by how many days everything moves (whole weeks)."""

    term: Term
    terms: int
    days: int


def moved(day: date, terms: int) -> date:
    """The day that corresponds to `day`, `terms` terms (1 or more) later; the same day of the week."""
    term = Term.of(day)
    target = later(term, terms)
    # Counted from week 1 of the calendar year: the ISO year of a day around New Year can be another one.
    weeks = (day - date.fromisocalendar(day.year, 1, day.isoweekday())) // _WEEK
    if terms % 2:
        weeks += -_TO_AUTUMN if term.autumn else _TO_AUTUMN
    found = date.fromisocalendar(target.year, 1, day.isoweekday()) + weeks * _WEEK
    while found < target.first:
        found += _WEEK
    while found > target.last:
        found -= _WEEK
    return found


def later(term: Term, terms: int) -> Term:
    """The term that many terms later."""
    for _ in range(terms):
        term = term.next
    return term


def moves(days: Mapping[str, date | None], today: date) -> list[Move]:
    """The two terms that an occasion can best be copied to: the first in which it would begin after `today`, and the
    one after. Empty for an occasion without any day."""
    anchor = anchor_of(days)
    if anchor is None:
        return []
    first = 1
    while moved(anchor, first) <= today:
        first += 1
    return [_move(anchor, terms) for terms in (first, first + 1)]


def anchor_of(days: Mapping[str, date | None]) -> date | None:
    """The day that decides which term an occasion belongs to: its start, or else the first of the other days."""
    return days.get("start_date") or min((day for day in days.values() if day), default=None)


def move_days(days: Mapping[str, date | None], move: Move) -> dict[str, date | None]:
    """All days, moved. What stands between them stays as long as it was."""
    return {name: day + timedelta(days=move.days) if day else None for name, day in days.items()}


def _move(anchor: date, terms: int) -> Move:
    return Move(later(Term.of(anchor), terms), terms, (moved(anchor, terms) - anchor).days)

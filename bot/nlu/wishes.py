"""When a person wants to start, and at which pace: a small grammar. Pure.

A time is a window of whole days, `first/last`, never a single date: "till våren" is all of spring.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from bot.nlu.text import fold

_PREPOSITIONS = r"(?:i|till|pa|under|efter|fran|innan|nu i|nu till|start|starta|borja|borjar|startar|nasta)"


@dataclass(frozen=True)
class Wish:
    """`start` (ISO window) or `pace` (per cent, `distans`, `kvall`), with its place in the text."""

    entity: str
    value: str
    start: int
    end: int


class WishGrammar:
    """`words` is `words.yml`."""

    def __init__(self, words: Mapping[str, Any]) -> None:
        self._months: dict[str, int] = {name: number for name, number in words["months"].items() if number}
        self._pace = {phrase: pace for pace, phrases in words["pace"].items() for phrase in phrases}
        self._spring, self._autumn = words["spring"], words["autumn"]
        self._new_year, self._summer = words["new_year"], words["summer"]

    def find(self, text: str, today: date) -> list[Wish]:
        """Wishes in the text. `today` is the calendar day in Sweden, from which "till hösten" is counted."""
        folded = fold(text)
        if len(folded) != len(text):  # folding changed lengths (ligatures): offsets would be wrong
            folded = text.lower()
        return [*self._paces(folded), *self._starts(folded, today)]

    def _paces(self, text: str) -> Iterable[Wish]:
        normal = text.replace("%", " procent")
        for phrase, pace in sorted(self._pace.items(), key=lambda item: -len(item[0])):
            match = re.search(rf"\b{re.escape(phrase)}\b", normal if "procent" in phrase else text)
            if match:
                value = "kväll" if pace == "kvall" else pace
                return [Wish("pace", value, min(match.start(), len(text)), min(match.end(), len(text)))]
        return []

    def _starts(self, text: str, today: date) -> Iterable[Wish]:
        for pattern, window in self._windows(today):
            match = re.search(pattern, text)
            if match:
                year = int(match["year"]) if match.groupdict().get("year") else None
                first, last = window(year)
                return [Wish("start", f"{first}/{last}", match.start(), match.end())]
        return []

    def _windows(self, today: date) -> Iterable[tuple[str, Any]]:
        year = r"(?:\s*(?P<year>20\d\d))?"
        for name, month in self._months.items():
            yield rf"\b{_PREPOSITIONS}\s+(?:start\s+i\s+)?{name}\b{year}", lambda y, m=month: _months(m, m, y, today)
        spring, autumn = "|".join(self._spring), "|".join(self._autumn)
        yield rf"\b{_PREPOSITIONS}\s+(?:{spring})\b{year}", lambda y: _months(1, 6, y, today)
        yield rf"\b{_PREPOSITIONS}\s+(?:{autumn})\b{year}", lambda y: _months(7, 12, y, today)
        yield (
            rf"\b(?:{'|'.join(self._new_year)})\b",
            lambda _: (date(today.year + 1, 1, 1), date(today.year + 1, 6, 30)),
        )
        yield rf"\b(?:{'|'.join(self._summer)})\b", lambda y: _months(8, 10, y, today)


def _months(first: int, last: int, year: int | None, today: date) -> tuple[date, date]:
    """The next time these months come round (or those of `year`), as first and last day."""
    if year is None:
        year = today.year if last >= today.month else today.year + 1
    return date(year, first, 1), date(year, last, monthrange(year, last)[1])

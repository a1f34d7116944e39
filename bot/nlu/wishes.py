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

_FULL_TIME = "100"
_PREPOSITIONS = r"(?:i|till|pa|under|efter|fran|innan|nu i|nu till|start|starta|borja|borjar|startar|nasta)"


@dataclass(frozen=True)
class Wish:
    """`start` (ISO window) or `pace` (per cent, `deltid`, `distans`, `kväll`), with its place in the text."""

    entity: str
    value: str
    start: int
    end: int


class WishGrammar:
    """`words` is `words.yml`."""

    def __init__(self, words: Mapping[str, Any]) -> None:
        self._months: dict[str, int] = {name: number for name, number in words["months"].items() if number}
        self._pace = {phrase: pace for pace, phrases in words["pace"].items() for phrase in phrases}
        between = rf"(?: (?!{'|'.join(words['study_verbs'])})\w+){{0,2}}\s*$"
        self._about_work = re.compile(rf"\b(?:{'|'.join(words['work_before_pace'])}){between}")
        self._refused = re.compile(rf"\b(?:{'|'.join(words['refusal_before_pace'])})(?: \w+){{0,2}}\s*$")
        # "i vår" is a time, "i vår kommun" and "börja var som helst" are not.
        ours = rf"var\b(?!\s+(?:{'|'.join(words['not_spring_before'])})\b)"
        self._spring = [ours if name == "var" else name for name in words["spring"]]
        self._autumn = words["autumn"]
        self._new_year, self._summer = words["new_year"], words["summer"]

    def find(self, text: str, today: date) -> list[Wish]:
        """Wishes in the text. `today` is the calendar day in Sweden, from which "till hösten" is counted."""
        folded = fold(text)
        if len(folded) != len(text):  # folding changed lengths (ligatures): offsets would be wrong
            folded = text.lower()
        return [*self._paces(folded), *self._starts(folded, today)]

    def _paces(self, text: str) -> Iterable[Wish]:
        # A share says more than "beside my job"; a longer phrase more than a shorter one.
        for phrase, pace in sorted(self._pace.items(), key=lambda item: (not item[1].isdecimal(), -len(item[0]))):
            for match in re.finditer(_pace_pattern(phrase), text):
                value = self._meant(pace, text[: match.start()])
                if value:
                    return [Wish("pace", value, match.start(), match.end())]
        return []

    def _meant(self, pace: str, before: str) -> str | None:
        """The pace of study after the words `before`: "jobbar heltid" is none, "orkar inte heltid" is part time."""
        if self._about_work.search(before):
            return None
        if self._refused.search(before):
            return "deltid" if pace == _FULL_TIME else None
        return "kväll" if pace == "kvall" else pace

    def _starts(self, text: str, today: date) -> Iterable[Wish]:
        for pattern, window in self._windows(today):
            match = re.search(pattern, text)
            if match:
                year = int(match["year"]) if match.groupdict().get("year") else None
                first, last = window(year)
                return [Wish("start", f"{first}/{last}", match.start(), match.end())]
        return []

    def _windows(self, today: date) -> Iterable[tuple[str, Any]]:
        for name, month in self._months.items():
            yield from _named(rf"(?:start\s+i\s+)?{name}", month, month, today)
        yield from _named(rf"(?:{'|'.join(self._spring)})", 1, 6, today)
        yield from _named(rf"(?:{'|'.join(self._autumn)})", 7, 12, today)
        yield (
            rf"\b(?:{'|'.join(self._new_year)})\b",
            lambda _: (date(today.year + 1, 1, 1), date(today.year + 1, 6, 30)),
        )
        yield rf"\b(?:{'|'.join(self._summer)})\b", lambda y: _months(8, 10, y, today)


def _named(name: str, first: int, last: int, today: date) -> Iterable[tuple[str, Any]]:
    """A term or month by name: with a year, after "nästa" or "till", or after any other preposition."""
    yield rf"\b(?:{_PREPOSITIONS}\s+)?{name}\s*(?P<year>20\d\d)\b", lambda y: _months(first, last, y, today)
    yield rf"\bnasta\s+{name}\b", lambda _: _next(first, last, today, begun_counts=False)
    yield rf"\btill\s+{name}\b", lambda _: _next(first, last, today, begun_counts=True)
    yield rf"\b{_PREPOSITIONS}\s+{name}\b", lambda _: _months(first, last, None, today)


def _next(first: int, last: int, today: date, *, begun_counts: bool) -> tuple[date, date]:
    """The next window that is still to come; with `begun_counts`, also one of which less than half is over."""
    window = _months(first, last, None, today)
    over = today - window[0]
    if over.days >= 0 and not (begun_counts and over * 2 < window[1] - window[0]):
        return _months(first, last, window[0].year + 1, today)
    return window


def _pace_pattern(phrase: str) -> str:
    """Whole words; a share may be written with a per cent sign."""
    number, percent, _ = phrase.partition(" procent")
    return rf"(?<![\w,.]){re.escape(number)}\s*(?:%|procent\b)" if percent else rf"\b{re.escape(phrase)}\b"


def _months(first: int, last: int, year: int | None, today: date) -> tuple[date, date]:
    """The next time these months come round (or those of `year`), as first and last day."""
    if year is None:
        year = today.year if last >= today.month else today.year + 1
    return date(year, first, 1), date(year, last, monthrange(year, last)[1])

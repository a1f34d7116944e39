"""Which days are wanted and which are not: weekdays, stretches, "nästa torsdag", "inte fredag". Pure.

Counted from `today`, the day in Sweden. Dates and weeks have been put in as symbols before (`dates.py`).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date, timedelta

from api.booking.times.scanner import NUMBER, Scanner, number
from api.booking.times.tokens import DATE, DAY, SEVEN, SPAN, WEEKDAY, Days, coming_weekday, parse, span
from api.booking.times.windows import OPEN_END_DAYS

_WORKDAYS = frozenset(range(5))


@dataclass
class Dates:
    """Stretches of days that are wanted (none: any) and unwanted, and days of the week likewise.

    `doubtful`: the stretches are different readings of the same words.
    """

    wanted: list[Days] = field(default_factory=list)
    unwanted: list[Days] = field(default_factory=list)
    weekdays: set[int] = field(default_factory=set)
    unwanted_weekdays: set[int] = field(default_factory=set)
    doubtful: bool = False

    @property
    def named(self) -> bool:
        return bool(self.wanted or self.unwanted or self.weekdays or self.unwanted_weekdays)


def read_days(scan: Scanner, today: date) -> Dates:
    """What the line says about days, taken out of it."""
    dates = Dates()
    _read_unwanted(scan, dates)
    for match in scan.take(rf"({DAY}) IN ({NUMBER}) WEEK"):
        day = _day(match[1], today) + number(match[2]) * SEVEN
        dates.wanted.append((day, day))
    _read_ranges(scan, dates, today)
    spans = [span(match[1], match[2]) for match in scan.take(SPAN)]
    for match in scan.take(rf"NEXT (?:pa )?{WEEKDAY}"):
        if spans:
            dates.weekdays.add(int(match[1]))
            continue
        coming = coming_weekday(int(match[1]), today)
        dates.wanted += [(coming, coming), (coming + SEVEN, coming + SEVEN)]
        dates.doubtful = True
    exact = [parse(match[1]) for match in scan.take(DATE)]
    named = [int(match[1]) for match in scan.take(rf"(?:COMING |THIS )?{WEEKDAY}")]
    every = [int(match[1]) for match in scan.take(r"WDS([0-6])")]
    if list(scan.take("WORKDAY")):
        every += sorted(_WORKDAYS)
    dates.weekdays |= set(every)
    if spans:
        dates.weekdays |= set(named)
        dates.wanted += [(max(first, today), last) for first, last in spans]
    elif exact and named:
        _agree(dates, exact, named, today)
        exact = []
    else:
        dates.wanted += [(day, day) for day in (coming_weekday(one, today) for one in named)]
    dates.wanted += [(day, day) for day in exact]
    return dates


def coming_weekday_of(line: str, today: date) -> date | None:
    """The coming day of the only weekday in a line of symbols."""
    found = re.findall(rf" {WEEKDAY} ", line)
    return coming_weekday(int(found[0]), today) if len(found) == 1 else None


def _agree(dates: Dates, exact: list[date], named: list[int], today: date) -> None:
    """A date and a weekday: "torsdag 26 november". Where they do not fit together, both are shown."""
    dates.wanted += [(day, day) for day in exact]
    for weekday in named:
        if weekday not in {day.weekday() for day in exact}:
            near = exact[0] + timedelta(days=(weekday - exact[0].weekday() + 3) % 7 - 3)
            near = near if near >= today else near + SEVEN
            dates.wanted.append((near, near))
            dates.doubtful = True


def _read_unwanted(scan: Scanner, dates: Dates) -> None:
    several = rf"((?:{DAY}|WDS[0-6]|WEEKEND|{SPAN})(?: (?:,|OR|AND|pa|(?:OR|AND) pa) (?:{DAY}|WDS[0-6]|WEEKEND))*)"
    found = [match[1] for match in scan.take(rf"{several} (?:NOT|CANNOT)(?! (?:pa )?(?:WD|D\d|BEFORE|AFTER))")]
    found += [match[1] for match in scan.take(rf"(?:NOT|CANNOT) (?:pa |i |COMING |THIS )?{several}")]
    for group in found:
        for word in group.split():
            if word == "WEEKEND":
                dates.unwanted_weekdays |= {5, 6}
            elif word.startswith("WD"):
                dates.unwanted_weekdays.add(int(word[-1]))
            elif re.fullmatch(DATE, word):
                dates.unwanted.append((parse(word[1:]), parse(word[1:])))
            elif match := re.fullmatch(SPAN, word):
                dates.unwanted.append(span(match[1], match[2]))


def _read_ranges(scan: Scanner, dates: Dates, today: date) -> None:
    open_end = today + timedelta(days=OPEN_END_DAYS)
    for match in scan.take(rf"(?:BETWEEN |FROM )?({DAY}) (?:-|UNTIL) ({DAY})"):
        _between(scan, dates, match[1], match[2], today)
    for match in scan.take(rf"BETWEEN ({DAY}) AND ({DAY})"):
        _between(scan, dates, match[1], match[2], today)
    for match in scan.take(rf"(AFTER|FROM|NOT BEFORE) ({DAY})"):
        day = _day(match[2], today)
        dates.wanted.append((day + timedelta(days=match[1] == "AFTER"), open_end))
    for match in scan.take(rf"(BEFORE|LATEST|UNTIL|NOT AFTER) ({DAY})"):
        day = _day(match[2], today)
        dates.wanted.append((today, max(today, day - timedelta(days=match[1] == "BEFORE"))))
    for match in scan.take(rf"(?:AFTER|FROM) {SPAN}"):
        dates.wanted.append((parse(match[2]) + timedelta(days=1), open_end))


def _between(scan: Scanner, dates: Dates, first: str, last: str, today: date) -> None:
    """Monday to Wednesday: of the week that is named, otherwise the coming ones."""
    if first.startswith("WD") and last.startswith("WD"):
        length = (int(last[2]) - int(first[2])) % 7
        if scan.has(SPAN):
            dates.weekdays |= {(int(first[2]) + step) % 7 for step in range(length + 1)}
            return
        begins = coming_weekday(int(first[2]), today)
        dates.wanted.append((begins, begins + timedelta(days=length)))
        return
    begins, ends = _day(first, today), _day(last, today)
    dates.wanted.append((begins, max(begins, ends)))


def _day(token: str, today: date) -> date:
    return coming_weekday(int(token[2]), today) if token.startswith("WD") else parse(token[1:])

"""A wish for a time as windows: days and hours within which a meeting may begin. Pure.

All in Stockholm wall clock. A wish travels through the bot as a short code, so that nothing a person wrote is kept.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from typing import Literal

from api.clock import STOCKHOLM

EVERY_DAY = frozenset(range(7))
DAY_BEGINS, DAY_ENDS = time(0), time(23, 59)
OPEN_END_DAYS = 400
"""Days after which nobody counts: the last day of a wish that names none."""

Order = Literal["spread", "earliest", "latest"]
"""Which times to show first: a choice between days and halves of the day, the first ones, or the last of each day."""

_ORDERS: tuple[Order, ...] = ("spread", "earliest", "latest")
_CODE = re.compile(r"(\d{8})-(\d{8})T(\d{4})-(\d{4})D([0-6]+)")


@dataclass(frozen=True, order=True)
class Window:
    """A meeting may begin from `begins` to before `ends`, on the days `first`–`last` that are among `weekdays`."""

    first: date
    last: date
    begins: time = DAY_BEGINS
    ends: time = DAY_ENDS
    weekdays: frozenset[int] = EVERY_DAY

    def holds(self, start: datetime) -> bool:
        """Whether a meeting that begins at the moment lies in the window."""
        local = start.astimezone(STOCKHOLM)
        within = self.first <= local.date() <= self.last and local.weekday() in self.weekdays
        return within and self.begins <= local.time() < self.ends

    def distance(self, start: datetime) -> tuple[int, int]:
        """How far outside: whole days first, then minutes of the clock."""
        local = start.astimezone(STOCKHOLM)
        days = max((self.first - local.date()).days, (local.date() - self.last).days, 0)
        if not days and local.weekday() not in self.weekdays:
            days = min(min((day - local.weekday()) % 7, (local.weekday() - day) % 7) for day in self.weekdays)
        now, begins, ends = (one.hour * 60 + one.minute for one in (local.time(), self.begins, self.ends))
        return days, max(begins - now, now - ends + 1, 0)

    def encode(self) -> str:
        weekdays = "".join(map(str, sorted(self.weekdays)))
        return f"{self.first:%Y%m%d}-{self.last:%Y%m%d}T{self.begins:%H%M}-{self.ends:%H%M}D{weekdays}"

    @property
    def is_open(self) -> bool:
        """Whether no last day was meant."""
        return (self.last - self.first).days > OPEN_END_DAYS // 2


@dataclass(frozen=True)
class Wish:
    """When somebody wants to meet: in any of the windows. `doubtful`: they are different readings of the same words."""

    windows: tuple[Window, ...]
    order: Order = "spread"
    doubtful: bool = False

    def holds(self, start: datetime) -> bool:
        return any(window.holds(start) for window in self.windows)

    def distance(self, start: datetime) -> tuple[int, int]:
        """How far from the nearest window."""
        return min(window.distance(start) for window in self.windows)

    @property
    def first(self) -> date:
        return min(window.first for window in self.windows)

    @property
    def last(self) -> date:
        return max(window.last for window in self.windows)

    def encode(self) -> str:
        """The wish as a code: `20261126-20261126T1300-1700D0123456/spread`."""
        parts = [one.encode() for one in self.windows]
        return "+".join(parts) + f"/{self.order}" + ("/doubtful" if self.doubtful else "")


def decode(code: str) -> Wish | None:
    """The wish behind a code; None when it is none."""
    windows, *rest = code.split("/")
    order = next((one for one in _ORDERS if rest[:1] == [one]), None)
    found: list[Window] = []
    for part in windows.split("+"):
        match = _CODE.fullmatch(part)
        if match is None:
            return None
        try:
            first, last = (datetime.strptime(value, "%Y%m%d").date() for value in match.group(1, 2))  # noqa: DTZ007
            begins, ends = (time(int(value[:2]), int(value[2:])) for value in match.group(3, 4))
        except ValueError:
            return None
        found.append(Window(first, last, begins, ends, frozenset(map(int, match[5]))))
    return Wish(tuple(found), order, rest[1:] == ["doubtful"]) if order else None


def on_day(day: date) -> Wish:
    """Any time of one day."""
    return Wish((Window(day, day),))


def without(windows: Iterable[Window], begins: time, ends: time) -> list[Window]:
    """The windows less the hours between `begins` and `ends`."""
    left: list[Window] = []
    for window in windows:
        if window.begins < begins:
            left.append(replace(window, ends=min(window.ends, begins)))
        if window.ends > ends:
            left.append(replace(window, begins=max(window.begins, ends)))
    return left

"""Free times by trying every single minute: far too slow to use, too simple to be wrong. What slots.py is held to."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime, timedelta

from api.booking.slots import DayChange, Rules, Span, WeeklyHours
from api.clock import STOCKHOLM


def naive_slots(
    rules: Rules, busy: Iterable[Span], now: datetime, closed: Callable[[int], frozenset[date]]
) -> list[Span]:
    """Every minute from now to the horizon, asked every question there is."""
    taken = list(busy)
    moment = now.replace(second=0, microsecond=0)
    last = local(now).date() + timedelta(days=rules.horizon_days)
    found = []
    while local(moment).date() <= last:
        slot = Span(moment, moment + rules.length)
        if moment >= now + rules.notice and is_free(rules, slot, taken, closed):
            found.append(slot)
        moment += timedelta(minutes=1)
    return found


def is_free(rules: Rules, slot: Span, busy: list[Span], closed: Callable[[int], frozenset[date]]) -> bool:
    start = local(slot.start)
    day = start.date()
    holiday = day in closed(day.year) and day not in rules.open_on
    today = [block for block in busy if local(block.start).date() == day]
    full = rules.daily_maximum is not None and len(today) >= rules.daily_maximum
    if holiday or full or day in rules.closed_on or start.fold == 1:  # the second 02.30 of an autumn night
        return False
    changes = [change for change in rules.changes if change.day == day]
    hours = [row for row in rules.hours if row.weekday == day.weekday()]
    if not any(fits(rules, slot, row) for row in [*hours, *(one for one in changes if one.opens)]):
        return False
    if any(shuts(change, slot) for change in changes if not change.opens):
        return False
    return not any(rules.block(slot.start).overlaps(block) for block in busy)


def fits(rules: Rules, slot: Span, row: WeeklyHours | DayChange) -> bool:
    """On the grid of the hours, and over before they end (the first time, where their end happens twice)."""
    start = local(slot.start)
    begins, ends = (datetime.combine(start.date(), clock) for clock in (row.start, row.end))
    wall = start.replace(tzinfo=None)
    closing = min(ends.replace(tzinfo=STOCKHOLM, fold=fold).astimezone(UTC) for fold in (0, 1))
    return begins <= wall < ends and (wall - begins) % rules.step == timedelta(0) and slot.end <= closing


def shuts(change: DayChange, slot: Span) -> bool:
    if change.start is None or change.end is None:
        return True
    first, last = (datetime.combine(change.day, clock, STOCKHOLM) for clock in (change.start, change.end))
    since = min(first.replace(fold=fold).astimezone(UTC) for fold in (0, 1))
    until = max(last.replace(fold=fold).astimezone(UTC) for fold in (0, 1))
    return slot.start < until and since < slot.end


def local(moment: datetime) -> datetime:
    return moment.astimezone(STOCKHOLM)

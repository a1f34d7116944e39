"""Free times of thirty counsellors for a year, beside the way one writes it first."""

from __future__ import annotations

import time as clocks
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta

from api.booking.slots import DayChange, Rules, Span, WeeklyHours, free_slots
from api.clock import STOCKHOLM, stockholm_date
from api.working_days import closed_days
from bench.figures import Times
from bench.results import Results

PART = "Free times, 30 counsellors, one year"
COUNSELLORS, DAYS, MEETINGS = 30, 365, 100
NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
Search = Callable[[Rules, list[Span], datetime], list[Span]]


def measure_slots(results: Results, *, rounds: int) -> None:
    """CPU time, since a slot search waits for nothing: other work on the machine does not count."""
    people = [(rules_of(number), busy_of(number)) for number in range(COUNSELLORS)]
    found = [free_slots(rules, busy, now=NOW) for rules, busy in people]
    if found != [step_by_step(rules, busy, NOW) for rules, busy in people]:
        raise RuntimeError("the two searches find different times")
    ours = _time(people, lambda rules, busy, now: free_slots(rules, busy, now=now), rounds)
    rival = _time(people, step_by_step, max(1, rounds // 10))
    results.figure(PART, "times found", sum(map(len, found)))
    results.times(PART, "ours, CPU", ours)
    results.times(PART, "step by step, each against all meetings, CPU", rival)
    results.compare(PART, "step by step : ours", rival, ours)


def rules_of(number: int) -> Rules:
    """Hours that differ from counsellor to counsellor, with a day off every other week."""
    morning = [WeeklyHours(day, time(8 + number % 2, number % 4 * 15), time(12)) for day in range(5)]
    afternoon = [WeeklyHours(day, time(13), time(16, 30)) for day in range(5)]
    off = [DayChange(stockholm_date(NOW) + timedelta(days=14 * week + number % 5)) for week in range(26)]
    return Rules((*morning, *afternoon), horizon_days=DAYS, changes=tuple(off))


def busy_of(number: int) -> list[Span]:
    """Meetings spread over the year."""
    starts = [NOW + timedelta(hours=29 * at + number) for at in range(MEETINGS)]
    return [Span(start, start + timedelta(minutes=40)) for start in starts]


def step_by_step(rules: Rules, busy: list[Span], now: datetime) -> list[Span]:
    """Each start turned into UTC by itself and held against every meeting."""
    found = []
    today = stockholm_date(now)
    for ahead in range(rules.horizon_days + 1):
        day = today + timedelta(days=ahead)
        if day in closed_days(day.year) or any(change.day == day for change in rules.changes):
            continue
        for period in rules.hours:
            if period.weekday == day.weekday():
                found += _steps(rules, busy, now, day, period)
    return sorted(found)


def _steps(rules: Rules, busy: list[Span], now: datetime, day: date, period: WeeklyHours) -> list[Span]:
    wall, closes = datetime.combine(day, period.start), datetime.combine(day, period.end)
    found = []
    while wall + rules.length <= closes:
        start = wall.replace(tzinfo=STOCKHOLM).astimezone(UTC)
        free = not any(rules.block(start).overlaps(block) for block in busy)
        if start >= now + rules.notice and free:
            found.append(Span(start, start + rules.length))
        wall += rules.step
    return found


def _time(people: list[tuple[Rules, list[Span]]], search: Search, rounds: int) -> Times:
    seconds = []
    for _ in range(rounds):
        began = clocks.process_time()
        for rules, busy in people:
            search(rules, busy, NOW)
        seconds.append(clocks.process_time() - began)
    return Times.of(seconds)

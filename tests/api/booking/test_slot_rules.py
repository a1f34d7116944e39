"""Exceptions, nodes' own days, daily maximum and meetings with an interpreter: the slot rule held to a naive one."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from api.booking.slots import DayChange, Rules, Span, WeeklyHours, free_slots
from api.clock import STOCKHOLM
from api.working_days import closed_days
from tests.api.booking.naive_slots import naive_slots
from tests.api.booking.test_slots import all_rules, office, shown, wall

# Around everything that is special: both clock changes of two years, the turn of a year with week 53, the leap day,
# midsummer and Christmas; and an ordinary week.
SPECIAL = [
    datetime(2026, 3, 28, 20, tzinfo=UTC),
    datetime(2026, 6, 18, 6, tzinfo=UTC),
    datetime(2026, 10, 24, 20, tzinfo=UTC),
    datetime(2026, 11, 23, 9, tzinfo=UTC),
    datetime(2026, 12, 22, 12, tzinfo=UTC),
    datetime(2026, 12, 30, 23, 30, tzinfo=UTC),
    datetime(2027, 3, 27, 22, tzinfo=UTC),
    datetime(2027, 10, 30, 22, tzinfo=UTC),
    datetime(2028, 2, 28, 10, tzinfo=UTC),
]


@st.composite
def rich_situations(draw: st.DrawFn) -> tuple[Rules, list[Span], datetime]:
    """Few days, many rules, so that they meet."""
    now = draw(st.sampled_from(SPECIAL)) + timedelta(minutes=draw(st.integers(0, 300)))
    first = now.astimezone(STOCKHOLM).date()
    some_day = st.integers(0, 3).map(lambda days: first + timedelta(days=days))
    hours = []
    for weekday in draw(st.lists(st.integers(0, 6), max_size=6)):
        start, end = draw(quarters())
        hours.append(WeeklyHours(weekday, start, end))
    changes = []
    for day, opens, whole in draw(st.lists(st.tuples(some_day, st.booleans(), st.booleans()), max_size=4)):
        start, end = draw(quarters())
        changes.append(DayChange(day) if whole and not opens else DayChange(day, start, end, opens))
    rules = replace(
        draw(all_rules()),
        hours=tuple(hours),
        changes=tuple(changes),
        notice=timedelta(hours=draw(st.integers(0, 12))),
        horizon_days=draw(st.integers(0, 3)),
        closed_on=frozenset(draw(st.lists(some_day, max_size=1))),
        open_on=frozenset(draw(st.lists(some_day, max_size=2))),
        daily_maximum=draw(st.none() | st.integers(1, 3)),
    )
    midnight = now.replace(hour=0, minute=0)
    taken = draw(st.lists(st.tuples(st.integers(0, 4 * 96), st.sampled_from([10, 40, 180])), max_size=6))
    busy = [Span(midnight + timedelta(minutes=15 * at), midnight + timedelta(minutes=15 * at + n)) for at, n in taken]
    return rules, busy, now


@st.composite
def quarters(draw: st.DrawFn) -> tuple[time, time]:
    """A stretch of hours, often over the hour when clocks are moved."""
    start = draw(st.sampled_from([0, 4, 8, 9, 10, 11, 36, 40]) | st.integers(0, 90))
    end = min(95, start + draw(st.integers(1, 24)))
    return time(start // 4, start % 4 * 15), time(end // 4, end % 4 * 15)


@given(rich_situations())
@settings(max_examples=150)
def test_exactly_the_times_that_a_naive_search_finds_are_offered(situation):
    rules, busy, now = situation
    assert free_slots(rules, busy, now=now) == naive_slots(rules, busy, now, closed_days)


@given(rich_situations(), st.randoms(use_true_random=False))
def test_the_order_of_exceptions_does_not_matter(situation, random):
    rules, busy, now = situation
    shuffled = replace(rules, changes=tuple(random.sample(rules.changes, len(rules.changes))))
    assert free_slots(shuffled, busy, now=now) == free_slots(rules, busy, now=now)


@given(rich_situations(), quarters(), st.integers(0, 3))
def test_closing_never_adds_a_time_and_removes_exactly_what_lies_in_it(situation, part, ahead):
    rules, busy, now = situation
    day = now.astimezone(STOCKHOLM).date() + timedelta(days=ahead)
    shut = DayChange(day, *part)
    before = free_slots(rules, busy, now=now)
    after = free_slots(replace(rules, changes=(*rules.changes, shut)), busy, now=now)
    assert set(after) <= set(before)
    begins, ends = (datetime.combine(day, clock, STOCKHOLM) for clock in part)
    closed = Span(begins.astimezone(UTC), ends.astimezone(UTC))
    if begins.utcoffset() == ends.utcoffset() and not {begins.hour, ends.hour} & {2, 3}:  # no clock is moved there
        assert after == [slot for slot in before if not slot.overlaps(closed)]
    whole = free_slots(replace(rules, changes=(*rules.changes, DayChange(day))), busy, now=now)
    assert whole == [slot for slot in before if slot.start.astimezone(STOCKHOLM).date() != day]


@given(rich_situations())
def test_longer_meetings_start_only_where_shorter_ones_could(situation):
    rules, busy, now = situation
    longer = replace(rules, length=rules.length + timedelta(minutes=30))
    starts = {slot.start for slot in free_slots(rules, busy, now=now)}
    assert {slot.start for slot in free_slots(longer, busy, now=now)} <= starts


@given(rich_situations())
def test_booking_every_offered_time_in_turn_never_overlaps_and_keeps_the_daily_maximum(situation):
    rules, busy, now = situation
    booked: list[Span] = []
    while slots := free_slots(rules, [*busy, *booked], now=now):
        booked.append(rules.block(slots[0].start))
    assert not any(a.overlaps(b) for n, a in enumerate(booked) for b in [*booked[:n], *busy])
    for day in {block.start.astimezone(STOCKHOLM).date() for block in booked}:
        count = sum(block.start.astimezone(STOCKHOLM).date() == day for block in [*booked, *busy])
        assert rules.daily_maximum is None or count <= max(rules.daily_maximum, 1)


class TestDays:
    def test_a_holiday_that_the_node_keeps_open_has_its_ordinary_hours(self):
        rules = office(("09:00", "10:00"), notice=timedelta(0), horizon_days=2)
        now = wall("2026-12-23 07:00")
        assert {text[:10] for text in shown(free_slots(rules, [], now=now))} == {"2026-12-23"}
        opened = replace(rules, open_on=frozenset({date(2026, 12, 24)}))
        assert {text[:10] for text in shown(free_slots(opened, [], now=now))} == {"2026-12-23", "2026-12-24"}

    def test_a_day_that_the_node_closes_stays_closed_whatever_opens_it(self):
        day = date(2026, 11, 24)
        extra = DayChange(day, time(17), time(18), opens=True)
        rules = office(("09:00", "10:00"), notice=timedelta(0), horizon_days=1, changes=(extra,))
        now = wall("2026-11-24 00:00")
        assert [text[-5:] for text in shown(free_slots(rules, [], now=now))][:3] == ["09.00", "09.30", "17.00"]
        both = replace(rules, closed_on=frozenset({day}), open_on=frozenset({day}))
        assert {text[:10] for text in shown(free_slots(both, [], now=now))} == {"2026-11-25"}

    def test_extra_hours_do_not_open_a_holiday_by_themselves(self):
        extra = DayChange(date(2026, 12, 24), time(9), time(10), opens=True)
        rules = office(("09:00", "10:00"), notice=timedelta(0), horizon_days=1, changes=(extra,))
        assert {text[:10] for text in shown(free_slots(rules, [], now=wall("2026-12-23 00:00")))} == {"2026-12-23"}

    def test_a_closed_part_leaves_the_meetings_that_end_before_it(self):
        lunch = DayChange(date(2026, 11, 24), time(10), time(11))
        rules = office(("09:00", "12:00"), notice=timedelta(0), horizon_days=0, changes=(lunch,))
        free = shown(free_slots(rules, [], now=wall("2026-11-24 00:00")))
        assert [text[-5:] for text in free] == ["09.00", "09.30", "11.00", "11.30"]

    def test_a_full_day_offers_nothing_more(self):
        rules = office(("09:00", "12:00"), notice=timedelta(0), horizon_days=1, daily_maximum=1)
        busy = [rules.block(wall("2026-11-24 11:30"))]
        assert {text[:10] for text in shown(free_slots(rules, busy, now=wall("2026-11-24 00:00")))} == {"2026-11-25"}

    def test_week_53_is_an_ordinary_week(self):
        rules = office(("09:00", "09:30"), notice=timedelta(0), horizon_days=6)
        days = [text[:10] for text in shown(free_slots(rules, [], now=wall("2026-12-28 00:00")))]
        assert days == ["2026-12-28", "2026-12-29", "2026-12-30"]  # then New Year's Eve, New Year's Day, a weekend
        assert {date.fromisoformat(day).isocalendar().week for day in days} == {53}


@pytest.mark.parametrize("settings", [{"length": timedelta(0)}, {"step": timedelta(0)}, {"buffer": timedelta(-1)}])
def test_lengths_that_make_no_sense_are_refused(settings):
    with pytest.raises(ValueError, match="take time"):
        Rules((), **settings)


def test_exceptions_over_the_moved_clock_are_the_same_in_every_time_zone_of_the_server():
    program = (
        "from datetime import *; from api.booking.slots import *;"
        "days = [date(2026, 10, 25), date(2027, 3, 28)];"
        "for_all = tuple(DayChange(d, time(1, 30), time(2, 30)) for d in days)"
        " + tuple(DayChange(d, time(2), time(5), opens=True) for d in days);"
        "r = Rules((WeeklyHours(6, time(0), time(4)),), changes=for_all, open_on=frozenset(days), daily_maximum=3,"
        " notice=timedelta(0), horizon_days=1);"
        "print([s.start.isoformat() for now in (datetime(2026, 10, 24, 20, tzinfo=UTC),"
        " datetime(2027, 3, 27, 20, tzinfo=UTC)) for s in free_slots(r, [], now=now)])"
    )
    answers = {
        subprocess.run(
            [sys.executable, "-c", program], env=os.environ | {"TZ": zone}, capture_output=True, check=True
        ).stdout
        for zone in ("UTC", "Europe/Stockholm", "Pacific/Auckland")
    }
    assert len(answers) == 1
    assert answers != {b"[]\n"}

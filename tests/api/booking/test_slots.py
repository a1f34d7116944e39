"""Which times are free: the rule as properties, the two days when the clock is moved as tables."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.booking.slots import Rules, Span, WeeklyHours, free_slots, spread
from api.clock import STOCKHOLM
from api.working_days import closed_days

EVERY_DAY = tuple(range(7))


def wall(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=STOCKHOLM).astimezone(UTC)


def shown(slots: list[Span]) -> list[str]:
    return [f"{slot.start.astimezone(STOCKHOLM):%Y-%m-%d %H.%M}" for slot in slots]


def office(*hours: tuple[str, str], weekdays: tuple[int, ...] = (0, 1, 2, 3, 4), **settings) -> Rules:
    periods = tuple(
        WeeklyHours(weekday, time.fromisoformat(start), time.fromisoformat(end))
        for weekday in weekdays
        for start, end in hours
    )
    return Rules(periods, **settings)


# A start anywhere in two years, so that both clock changes, New Year, leap day and week 53 turn up.
moments = st.datetimes(datetime(2026, 1, 1), datetime(2028, 3, 31), timezones=st.just(UTC))  # noqa: DTZ001 - bounds are naive here


@st.composite
def weekly_hours(draw: st.DrawFn) -> WeeklyHours:
    quarters = sorted(draw(st.lists(st.integers(0, 95), min_size=2, max_size=2, unique=True)))
    start, end = (time(quarter // 4, quarter % 4 * 15) for quarter in quarters)
    return WeeklyHours(draw(st.integers(0, 6)), start, end)


@st.composite
def all_rules(draw: st.DrawFn) -> Rules:
    return Rules(
        hours=tuple(draw(st.lists(weekly_hours(), max_size=6))),
        length=timedelta(minutes=draw(st.sampled_from([15, 30, 45, 60]))),
        buffer=timedelta(minutes=draw(st.sampled_from([0, 10, 30]))),
        step=timedelta(minutes=draw(st.sampled_from([10, 15, 30, 45]))),
        notice=timedelta(hours=draw(st.integers(0, 48))),
        horizon_days=draw(st.integers(0, 20)),
    )


@st.composite
def situations(draw: st.DrawFn) -> tuple[Rules, list[Span], datetime]:
    now = draw(moments)
    busy = []
    taken = st.tuples(st.integers(0, 20 * 96), st.sampled_from([10, 40, 180]))
    for offset, minutes in draw(st.lists(taken, max_size=12)):
        start = now.replace(second=0, microsecond=0) + timedelta(minutes=15 * offset)
        busy.append(Span(start, start + timedelta(minutes=minutes)))
    return draw(all_rules()), busy, now


@given(situations())
def test_every_offered_time_keeps_every_rule(situation):
    rules, busy, now = situation
    for slot in free_slots(rules, busy, now=now):
        start, end = slot.start.astimezone(STOCKHOLM), slot.end.astimezone(STOCKHOLM)
        assert slot.end - slot.start == rules.length
        assert slot.start >= now + rules.notice
        assert (start.date() - now.astimezone(STOCKHOLM).date()).days <= rules.horizon_days
        assert start.date() not in closed_days(start.year)
        assert any(
            period.weekday == start.weekday() and period.start <= start.time() and end.time() <= period.end
            for period in rules.hours
        )
        assert not any(rules.block(slot.start).overlaps(block) for block in busy)


@given(situations())
def test_times_are_in_order_and_none_is_offered_twice(situation):
    rules, busy, now = situation
    slots = free_slots(rules, busy, now=now)
    assert slots == sorted(set(slots))
    assert len(set(shown(slots))) == len(slots)


@given(situations(), st.randoms(use_true_random=False))
def test_booking_removes_exactly_the_overlapping_times(situation, random):
    rules, busy, now = situation
    before = free_slots(rules, busy, now=now)
    if before:
        block = rules.block(random.choice(before).start)
        after = free_slots(rules, [*busy, block], now=now)
        assert after == [slot for slot in before if not rules.block(slot.start).overlaps(block)]


@given(situations(), st.randoms(use_true_random=False))
def test_the_order_of_hours_and_bookings_does_not_matter(situation, random):
    rules, busy, now = situation
    hours = list(rules.hours)
    random.shuffle(hours)
    shuffled = random.sample(busy, len(busy))
    assert free_slots(replace(rules, hours=tuple(hours)), shuffled, now=now) == free_slots(rules, busy, now=now)


@given(situations(), st.integers(0, 20), st.integers(1, 5))
def test_a_window_only_narrows(situation, first_day, days):
    rules, busy, now = situation
    window = Span(now + timedelta(days=first_day), now + timedelta(days=first_day + days))
    inside = [slot for slot in free_slots(rules, busy, now=now) if window.start <= slot.start < window.end]
    assert free_slots(rules, busy, now=now, window=window) == inside


@pytest.mark.parametrize(
    ("now", "hours", "expected"),
    [
        # The clock goes back at 03.00 on Sunday 25 October 2026: 02.00–03.00 happens twice and is offered once.
        (
            "2026-10-24 12:00",
            ("01:00", "04:00"),
            ["01.00", "01.30", "02.00", "02.30", "03.00", "03.30"],
        ),
        # The clock goes forward at 02.00 on Sunday 28 March 2027: 02.00–03.00 does not exist.
        ("2027-03-27 12:00", ("01:00", "04:00"), ["01.00", "01.30", "03.00", "03.30"]),
        # Hours that begin or end in the missing hour.
        ("2027-03-27 12:00", ("02:15", "04:00"), ["03.15"]),
        ("2027-03-27 12:00", ("01:00", "02:30"), ["01.00"]),
        # Hours that end in the doubled hour end the first time.
        ("2026-10-24 12:00", ("01:00", "02:30"), ["01.00", "01.30", "02.00"]),
        ("2026-10-24 12:00", ("08:00", "09:30"), ["08.00", "08.30", "09.00"]),
        ("2027-03-27 12:00", ("08:00", "09:30"), ["08.00", "08.30", "09.00"]),
    ],
)
def test_on_the_days_when_the_clock_is_moved(now, hours, expected):
    rules = office(hours, weekdays=(6,), notice=timedelta(0), horizon_days=1)
    # 28 March 2027 is Easter Day; the rule about the clock is tried without the one about holidays.
    slots = free_slots(rules, [], now=wall(now), closed=lambda year: frozenset())
    assert [text.partition(" ")[2] for text in shown(slots)] == expected
    assert all(slot.end - slot.start == timedelta(minutes=30) for slot in slots)


@pytest.mark.parametrize("sunday", [date(2026, 10, 25), date(2027, 3, 28)])
def test_wall_times_are_the_same_before_and_after_the_clock_is_moved(sunday):
    rules = office(("09:00", "12:00"), notice=timedelta(0), horizon_days=10)
    now = wall(f"{sunday - timedelta(days=4)} 00:00")
    days: dict[str, list[str]] = {}
    for text in shown(free_slots(rules, [], now=now)):
        day, _, clock = text.partition(" ")
        days.setdefault(day, []).append(clock)
    public = closed_days(2026) | closed_days(2027)
    assert len(days) >= 5
    assert all(clocks == ["09.00", "09.30", "10.00", "10.30", "11.00", "11.30"] for clocks in days.values())
    assert not {date.fromisoformat(day) for day in days} & public


def test_notice_is_counted_in_real_hours_over_the_moved_clock():
    # Saturday 20.00 summer time plus 18 real hours is Sunday 13.00 winter time, not 14.00.
    rules = office(("12:00", "15:00"), weekdays=EVERY_DAY, notice=timedelta(hours=18), horizon_days=1)
    assert shown(free_slots(rules, [], now=wall("2026-10-24 20:00")))[0] == "2026-10-25 13.00"


@pytest.mark.parametrize(
    "day", ["2026-06-19", "2026-12-24", "2026-12-31", "2026-12-25", "2027-01-06", "2027-03-26", "2027-05-06"]
)
def test_nobody_is_booked_on_holidays_and_their_eves(day):
    rules = office(("09:00", "12:00"), weekdays=EVERY_DAY, notice=timedelta(0), horizon_days=3)
    assert day not in {text[:10] for text in shown(free_slots(rules, [], now=wall(f"{day} 00:00") - timedelta(days=1)))}


def test_the_closed_days_of_a_year_are_known():
    """A newer `holidays` must not open or close a day unseen. Sundays, closed anyway, are left out."""
    assert sorted(str(day) for day in closed_days(2027) if day.weekday() != 6) == [
        "2027-01-01",
        "2027-01-06",
        "2027-03-26",
        "2027-03-29",
        "2027-05-01",
        "2027-05-06",
        "2027-06-25",
        "2027-06-26",
        "2027-11-06",
        "2027-12-24",
        "2027-12-25",
        "2027-12-31",
    ]


def test_the_buffer_comes_after_a_meeting_and_not_before():
    rules = office(("09:00", "12:00"), weekdays=EVERY_DAY, notice=timedelta(0), horizon_days=0)
    meeting = rules.block(wall("2026-11-23 10:00"))
    free = shown(free_slots(rules, [meeting], now=wall("2026-11-23 00:00")))
    # 9.30 would run its buffer into the meeting, 10.30 would begin in the meeting's buffer.
    assert [text[-5:] for text in free] == ["09.00", "11.00", "11.30"]


def test_the_horizon_counts_calendar_days():
    rules = office(("09:00", "10:00"), weekdays=EVERY_DAY, notice=timedelta(0), horizon_days=2)
    late = shown(free_slots(rules, [], now=wall("2026-11-23 23:30")))
    assert [text[:10] for text in late] == ["2026-11-24", "2026-11-24", "2026-11-25", "2026-11-25"]


def test_the_leap_day_and_the_turn_of_the_year_are_ordinary_days():
    rules = office(("09:00", "09:30"), weekdays=EVERY_DAY, notice=timedelta(0), horizon_days=3)
    assert shown(free_slots(rules, [], now=wall("2028-02-28 00:00")))[1] == "2028-02-29 09.00"
    assert shown(free_slots(rules, [], now=wall("2026-12-30 00:00"))) == ["2026-12-30 09.00", "2027-01-02 09.00"]


def test_the_time_zone_of_the_server_does_not_matter():
    program = (
        "from datetime import *; from api.booking.slots import *;"
        "r = Rules((WeeklyHours(0, time(9), time(12)), WeeklyHours(6, time(1), time(4))));"
        "print([s.start.isoformat() for s in free_slots(r, [], now=datetime(2026, 10, 20, tzinfo=UTC))])"
    )
    answers = {
        subprocess.run(
            [sys.executable, "-c", program], env=os.environ | {"TZ": zone}, capture_output=True, check=True
        ).stdout
        for zone in ("UTC", "Europe/Stockholm", "Pacific/Auckland")
    }
    assert len(answers) == 1


class TestSpread:
    def slots(self, *starts: str) -> list[Span]:
        return [Span(wall(start), wall(start) + timedelta(minutes=30)) for start in starts]

    def test_first_another_day_and_the_other_half_of_the_day_are_shown(self):
        slots = self.slots(
            "2026-11-24 09:00", "2026-11-24 09:30", "2026-11-24 13:00", "2026-11-25 09:00", "2026-11-26 13:00"
        )
        assert shown(spread(slots)) == ["2026-11-24 09.00", "2026-11-24 13.00", "2026-11-25 09.00"]

    def test_one_slot_can_be_both_another_day_and_the_other_half(self):
        slots = self.slots("2026-11-24 09:00", "2026-11-24 09:30", "2026-11-25 13:00", "2026-11-26 09:00")
        assert shown(spread(slots)) == ["2026-11-24 09.00", "2026-11-24 09.30", "2026-11-25 13.00"]

    @given(st.lists(st.integers(0, 2000), unique=True), st.integers(0, 5))
    def test_as_many_as_there_are_up_to_the_count_always_with_the_first(self, offsets, count):
        start = datetime(2026, 11, 23, 8, tzinfo=UTC)
        slots = [Span(start + timedelta(hours=n), start + timedelta(hours=n, minutes=30)) for n in offsets]
        picked = spread(slots, count)
        assert len(picked) == min(count, len(slots))
        assert picked == sorted(set(picked))
        if picked:
            assert picked[0] == min(slots)

"""Which free times are shown for a wish."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from api.booking.openings import Offer
from api.booking.selection import DAYS_SHOWN, days_with_times, select_offers
from api.booking.tables import Counsellor
from api.booking.times.reading import read_time
from api.booking.times.windows import Wish
from api.clock import STOCKHOLM, stockholm_date

MONDAY = date(2026, 11, 23)


def offers(days: int = 14, hours: tuple[int, ...] = (9, 10, 13, 15)) -> list[Offer]:
    """Half an hour at these hours on every weekday, Stockholm time."""
    somebody = Counsellor(slug="karlstad-1")
    found = []
    for step in range(days):
        day = MONDAY + timedelta(days=step)
        if day.weekday() < 5:
            for hour in hours:
                start = datetime(day.year, day.month, day.day, hour, tzinfo=STOCKHOLM).astimezone(UTC)
                found.append(Offer(start, start + timedelta(minutes=30), somebody))
    return found


def wish(text: str) -> Wish:
    reading = read_time(text, MONDAY)
    assert reading is not None
    return reading.wish


def shown(text: str, after: datetime | None = None) -> tuple[str, list[str]]:
    selection = select_offers(offers(), wish(text), after)
    return selection.lead, [f"{one.start.astimezone(STOCKHOLM):%d/%m %H}" for one in selection.shown]


def test_without_a_wish_three_spread_times_are_shown() -> None:
    selection = select_offers(offers(), None, None)
    starts = [one.start.astimezone(STOCKHOLM) for one in selection.shown]
    assert len(starts) == 3
    assert len({start.date() for start in starts}) > 1
    assert {start.hour < 12 for start in starts} == {True, False}
    assert (selection.lead, selection.more) == ("times", True)


@pytest.mark.parametrize(
    ("text", "lead", "times"),
    [
        ("på torsdag efter lunch", "times_wish", ["26/11 13", "26/11 15"]),
        ("10", "times_wish", ["24/11 10", "25/11 10", "23/11 10"]),
        ("lördag", "times_near", ["27/11 09", "27/11 10", "27/11 13"]),
        ("torsdag kl 14", "times_near", ["26/11 13", "26/11 15", "26/11 10"]),
        ("kväll", "times_evening", ["23/11 15", "24/11 15", "25/11 15"]),
        ("torsdag kväll", "times_evening", ["26/11 15"]),
        ("12/1", "times_far", ["04/12 10", "04/12 13", "04/12 15"]),
        ("så fort som möjligt", "times_soon", ["23/11 09", "23/11 10", "23/11 13"]),
        ("nästa torsdag", "times_both", ["26/11 09", "03/12 09", "26/11 13"]),
    ],
)
def test_times_are_inside_the_wish_or_the_nearest_and_the_lead_says_which(
    text: str, lead: str, times: list[str]
) -> None:
    found_lead, found = shown(text)
    assert found_lead == lead
    assert sorted(found) == sorted(times)


def test_when_the_wish_is_used_up_what_comes_after_is_shown_and_said_to_be() -> None:
    last = select_offers(offers(), wish("på torsdag efter lunch"), None).shown[-1].start
    lead, times = shown("på torsdag efter lunch", last)
    assert lead == "times_after_wish"
    assert times[0] == "27/11 09"


def test_days_come_a_working_week_at_a_time_with_their_number_of_times() -> None:
    days, more = days_with_times(offers(), None)
    assert len(days) == DAYS_SHOWN
    assert more
    assert {count for _, count in days} == {4}
    later, more = days_with_times(offers(), days[-1][0] + timedelta(days=1))
    assert later[0][0] == MONDAY + timedelta(days=7)
    assert not more


def test_what_is_shown_is_always_free() -> None:
    free = {one.start for one in offers()}
    for text in ("måndagar", "inte fredag", "v 49", "efter 15", "i morgon bitti", "v 53", "31/12"):
        selection = select_offers(offers(), wish(text), None)
        assert selection.shown, text
        assert {one.start for one in selection.shown} <= free
        assert selection.shown == sorted(selection.shown, key=lambda one: one.start)
        assert all(stockholm_date(one.start) >= MONDAY for one in selection.shown)

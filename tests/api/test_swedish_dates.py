"""Dates and times as Swedes write them, by the Stockholm clock."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from api.swedish_dates import day, long_time, short_time


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (date(2027, 1, 11), "11 januari 2027"),
        (date(2027, 2, 28), "28 februari 2027"),
        (date(2028, 2, 29), "29 februari 2028"),
        (date(2026, 12, 1), "1 december 2026"),
        (date(2026, 8, 31), "31 augusti 2026"),
    ],
)
def test_a_day_is_written_out(value, words):
    assert day(value) == words
    assert day(value, year=False) == words[:-5]


@pytest.mark.parametrize(
    ("start", "long", "short"),
    [
        (
            datetime(2026, 11, 26, 12, 0, tzinfo=UTC),
            "torsdag 26 november kl. 13.00–13.30",
            "tors 26 nov kl. 13.00–13.30",
        ),
        (datetime(2026, 11, 24, 8, 0, tzinfo=UTC), "tisdag 24 november kl. 09.00–09.30", "tis 24 nov kl. 09.00–09.30"),
        (datetime(2027, 6, 7, 7, 0, tzinfo=UTC), "måndag 7 juni kl. 09.00–09.30", "mån 7 juni kl. 09.00–09.30"),
        (datetime(2027, 3, 28, 0, 45, tzinfo=UTC), "söndag 28 mars kl. 01.45–03.15", "sön 28 mars kl. 01.45–03.15"),
        (datetime(2026, 10, 25, 0, 45, tzinfo=UTC), "söndag 25 oktober kl. 02.45–02.15", "sön 25 okt kl. 02.45–02.15"),
        (datetime(2026, 12, 31, 23, 15, tzinfo=UTC), "fredag 1 januari kl. 00.15–00.45", "fre 1 jan kl. 00.15–00.45"),
    ],
)
def test_a_time_is_swedish_wall_clock_in_winter_summer_and_between(start, long, short):
    end = start + timedelta(minutes=30)
    assert long_time(start, end) == long
    assert short_time(start, end) == short

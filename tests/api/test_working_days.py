"""What counts as a working day in Sweden."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from api.working_days import end_of_working_day, is_working_day, working_days_later


@pytest.mark.parametrize(
    ("day", "works"),
    [
        (date(2026, 11, 23), True),  # a Monday
        (date(2026, 11, 28), False),  # a Saturday
        (date(2026, 12, 24), False),  # Christmas Eve, no public holiday by law
        (date(2027, 1, 6), False),  # Epiphany
        (date(2027, 5, 6), False),  # Ascension Day, a Thursday
        (date(2027, 5, 7), True),  # the Friday after it
        (date(2027, 6, 25), False),  # Midsummer Eve
    ],
)
def test_weekends_holidays_and_their_eves_are_free(day: date, works: bool) -> None:
    assert is_working_day(day) is works


def test_days_are_counted_past_what_is_free() -> None:
    assert working_days_later(date(2026, 12, 23), 1) == date(2026, 12, 28)
    assert working_days_later(date(2026, 12, 26), 0) == date(2026, 12, 26)


def test_a_working_day_ends_at_five_in_stockholm_in_winter_and_summer() -> None:
    assert end_of_working_day(datetime(2026, 11, 23, 9, tzinfo=UTC), 1) == datetime(2026, 11, 24, 16, tzinfo=UTC)
    assert end_of_working_day(datetime(2027, 7, 5, 9, tzinfo=UTC), 1) == datetime(2027, 7, 6, 15, tzinfo=UTC)
    # Half past eleven in the evening in UTC is the next day in Sweden.
    assert end_of_working_day(datetime(2026, 11, 23, 23, 30, tzinfo=UTC), 1) == datetime(2026, 11, 25, 16, tzinfo=UTC)

"""An occasion moves to a later term by whole weeks."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.catalogue.keeping.copying import anchor_of, later, move_days, moved, moves
from api.catalogue.search_form import Term

DAYS = st.dates(date(2020, 1, 1), date(2060, 12, 31))


@pytest.mark.parametrize(
    ("day", "terms", "expected"),
    [
        (date(2027, 1, 11), 1, date(2027, 8, 23)),  # Monday of week 2 → Monday of week 34
        (date(2027, 8, 23), 1, date(2028, 1, 10)),  # and back into week 2 of the year after
        (date(2026, 8, 17), 1, date(2027, 1, 11)),  # over a year with 53 ISO weeks
        (date(2026, 8, 17), 2, date(2027, 8, 23)),  # week 34 a year later, after 53 weeks
        (date(2026, 12, 28), 2, date(2027, 12, 27)),  # week 53, which the year after does not have
        (date(2028, 2, 29), 2, date(2029, 2, 27)),  # leap day: Tuesday stays Tuesday
        (date(2028, 2, 29), 1, date(2028, 10, 10)),
        (date(2027, 6, 28), 1, date(2027, 12, 27)),  # week 26 + 32 would be in the next term
        (date(2027, 7, 5), 1, date(2028, 1, 3)),  # week 27 − 32 would be in the term before
        (date(2027, 1, 1), 1, date(2027, 8, 13)),  # in ISO week 53 of the year before
        (date(2024, 12, 30), 1, date(2025, 5, 19)),  # in ISO week 1 of the year after
    ],
)
def test_a_day_moves_to_the_week_that_corresponds(day: date, terms: int, expected: date) -> None:
    assert moved(day, terms) == expected


@given(DAYS, st.integers(1, 6))
def test_the_weekday_stays_and_the_term_is_the_one_asked_for(day: date, terms: int) -> None:
    found = moved(day, terms)
    assert found.weekday() == day.weekday()
    assert Term.of(found) == later(Term.of(day), terms)


@given(DAYS, st.integers(1, 3))
def test_whole_years_keep_the_time_of_the_year(day: date, years: int) -> None:
    assert abs((moved(day, 2 * years) - day).days - 365.25 * years) <= 8


@given(start=DAYS, length=st.integers(0, 900), before=st.integers(0, 200), today=DAYS)
def test_everything_moves_together_and_lands_after_today(start: date, length: int, before: int, today: date) -> None:
    days: dict[str, date | None] = {
        "start_date": start,
        "end_date": start + timedelta(days=length),
        "apply_from": None,
        "apply_to": start - timedelta(days=before),
    }
    first, second = moves(days, today)
    assert second.terms == first.terms + 1
    for move in (first, second):
        assert move.days % 7 == 0
        after = move_days(days, move)
        assert after["apply_from"] is None
        assert after["start_date"] == moved(start, move.terms) > today
        assert {name: day and (day - start) for name, day in days.items()} == {
            name: day and (day - after["start_date"]) for name, day in after.items()
        }
    assert first.terms == 1 or moved(start, first.terms - 1) <= today


def test_without_a_start_the_first_other_day_decides_and_without_days_there_is_nothing_to_move() -> None:
    assert anchor_of({"start_date": None, "end_date": date(2027, 6, 1), "apply_to": date(2027, 1, 4)}) == date(
        2027, 1, 4
    )
    assert moves({"start_date": None}, date(2026, 11, 23)) == []

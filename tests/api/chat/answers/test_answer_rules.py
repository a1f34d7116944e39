"""The rules behind the form of an answer."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.chat.answers.service import a_year_after, numbers


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Ring 112 nu.", {"112"}),
        ("1177, dygnet runt, eller 901 01", {"1177", "90101"}),
        ("Telefon 020-22 00 60.", {"020220060"}),
        ("3 av 10 svarar, 50 procent", set()),
        ("", set()),
    ],
)
def test_telephone_numbers_are_found_however_they_are_written(text: str, found: set[str]) -> None:
    assert numbers(text) == found


@given(st.dates(min_value=date(2000, 1, 1), max_value=date(2100, 1, 1)))
def test_a_year_after_is_within_what_an_answer_may_wait(day: date) -> None:
    assert timedelta(days=365) <= a_year_after(day) - day + timedelta(days=1) <= timedelta(days=367)
    assert a_year_after(day).month == day.month


def test_a_leap_day_has_no_next_year() -> None:
    assert a_year_after(date(2028, 2, 29)) == date(2029, 2, 28)

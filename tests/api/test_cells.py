"""What only forms read: telephone numbers and numbers with decimals."""

from __future__ import annotations

import pytest

from api.cells import BadCell, decimal, phone


@pytest.mark.parametrize("text", ["031-390 06 11", "+46 31 390 06 11", "112", "0771-12 34 56", "(031) 390", ""])
def test_telephone_numbers_as_people_write_them(text: str) -> None:
    if text.startswith("("):
        with pytest.raises(BadCell):
            phone(text, 30)
        return
    assert phone(f" {text} ", 30) == text


@pytest.mark.parametrize("text", ["ring", "12", "031-390x", "1234567890123456", "<b>112</b>"])
def test_what_is_no_telephone_number_is_refused(text: str) -> None:
    with pytest.raises(BadCell):
        phone(text, 30)


@pytest.mark.parametrize(("text", "number"), [("59,388", 59.388), ("59.388", 59.388), (" 60 ", 60.0), ("", None)])
def test_decimals_after_a_comma_or_a_point(text: str, number: float | None) -> None:
    assert decimal(text, 55, 70) == number


@pytest.mark.parametrize("text", ["54,9", "70,1", "-59", "nan", "5 9 ,3 8 8 x", "1e1", "59,3,8"])
def test_what_is_no_number_in_the_range_is_refused(text: str) -> None:
    with pytest.raises(BadCell):
        decimal(text, 55, 70)

"""What a visitor chose in the list of events: every choice can be read back from its address."""

from __future__ import annotations

from datetime import date
from urllib.parse import parse_qsl

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.events.pages.filters import KINDS, Filters, read_filters

months = st.dates(date(2000, 1, 1), date(2100, 12, 1)).map(lambda day: day.replace(day=1))
chosen = st.builds(
    Filters,
    kind=st.none() | st.sampled_from(sorted(KINDS)),
    municipality=st.none() | st.sampled_from(["Arvika", "Säffle", "Grums & Kil"]),
    month=st.none() | months,
    only_open=st.booleans(),
)


@given(chosen)
def test_an_address_says_what_was_chosen(filters):
    address = filters.address("/traffar")
    assert read_filters(dict(parse_qsl(address.partition("?")[2]))) == filters
    assert filters.any == ("?" in address)


@given(st.dictionaries(st.sampled_from(["typ", "kommun", "manad", "plats", "x"]), st.text(max_size=80)))
def test_no_address_is_an_error(parameters):
    read_filters(parameters)


@pytest.mark.parametrize("month", ["2026-13", "2026-1", "0000-01", "2026-12-01", "٢٠٢٦-12", "-026-12"])
def test_a_month_that_is_none_is_left_out(month):
    assert read_filters({"manad": month}) in (Filters(), Filters(month=date(2026, 12, 1)))

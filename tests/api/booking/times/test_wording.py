"""A wish said back in Swedish."""

from __future__ import annotations

from datetime import date

import pytest

from api.booking.times.reading import read_time
from api.booking.times.wording import days_named, describe

TUESDAY = date(2026, 11, 24)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("på torsdag efter lunch", "torsdag 26 november mellan kl. 13.00 och 17.00"),
        ("v 49", "vecka 49"),
        ("den här veckan", "vecka 48"),
        ("v 49-50", "30 november till 13 december"),
        ("måndagar", "på måndagar"),
        ("vardagar efter 14", "på vardagar från kl. 14.00"),
        ("inte fredag", "andra dagar än fredagar"),
        ("kl 9", "kl. 09.00"),
        ("senast 14", "senast kl. 14.00"),
        ("före 10", "före kl. 10.00"),
        ("torsdag kl 13 eller fredag kl 10", "torsdag 26 november kl. 13.00 eller fredag 27 november kl. 10.00"),
        ("29/2", "tisdag 29 februari 2028"),
        ("när som helst", ""),
        ("måndag eller tisdag eller onsdag eller torsdag", ""),
    ],
)
def test_it_is_said_as_a_person_would(text: str, said: str) -> None:
    reading = read_time(text, TUESDAY)
    assert reading is not None
    assert describe(reading.wish, TUESDAY) == said


def test_both_readings_are_named_by_their_dates() -> None:
    reading = read_time("nästa torsdag", TUESDAY)
    assert reading is not None
    assert days_named(reading.wish) == "torsdag 26 november eller torsdag 3 december"

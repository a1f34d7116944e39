"""The form of an event: local days and hours in, moments out, and back again."""

from __future__ import annotations

from datetime import UTC, date, datetime, time

import pytest

from api.cells import BadCell, clock_time
from api.events.pages.fields import EVENT, as_fields, columns, wrong_together
from api.events.tables import Event
from api.staff.editing.fields import of_row, submitted


def stored(**values) -> Event:
    moments = {"starts_at": datetime(2026, 7, 1, 11, tzinfo=UTC), "ends_at": datetime(2026, 7, 1, 13, 30, tzinfo=UTC)}
    texts = dict.fromkeys(("title", "host", "description", "contact", "street"), "Något")
    rest = {"kind": "information", "interpreter": ["ar", "kmr"], "step_free": "yes", "hearing_loop": "no"}
    own = {
        "municipality_id": 3,
        "contact_email": "a@example.org",
        "contact_phone": "",
        "for_whom": "",
        "place_name": "",
    }
    flags = {"women_only": True, "example": False, "online_url": ""}
    return Event(**(moments | texts | rest | own | flags | values))


def test_what_the_form_shows_gives_the_same_columns_back():
    for closes in (None, datetime(2026, 6, 30, 21, 59, tzinfo=UTC)):
        event = stored(signup_until=closes)
        fields = as_fields(event)
        assert (fields["day"], fields["starts"], fields["ends"]) == (date(2026, 7, 1), time(13), time(15, 30))
        form = of_row(EVENT, fields)
        again = submitted(EVENT, {**form.texts, "base": form.base}, fields)
        assert again.sound, again.errors
        for name, value in columns(again.values).items():
            assert value == getattr(event, name), name


@pytest.mark.parametrize(
    ("text", "value"), [("13", time(13)), ("9.05", time(9, 5)), ("kl. 13:30", time(13, 30)), ("", None)]
)
def test_a_clock_time_is_read_as_people_write_it(text, value):
    assert clock_time(text) == value


@pytest.mark.parametrize("text", ["24:00", "13:60", "1330", "tretton", "13:3", "-1"])
def test_what_is_no_clock_time_is_refused(text):
    with pytest.raises(BadCell):
        clock_time(text)


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"starts": time(13), "ends": time(13)}, "ends"),
        ({"signup_clock": time(12), "signup_day": None}, "signup_day"),
        ({"day": date(2026, 7, 1), "starts": time(13), "signup_day": date(2026, 7, 2)}, "signup_day"),
        (
            {"day": date(2026, 7, 1), "starts": time(13), "signup_day": date(2026, 7, 1), "signup_clock": time(14)},
            "signup_day",
        ),
        ({"place_name": "", "street": "", "online_url": ""}, "place_name"),
    ],
)
def test_what_is_wrong_together_stands_at_one_field(values, field):
    assert list(wrong_together(values)) == [field]


def test_sign_up_may_close_on_the_day_itself_without_a_clock_time():
    assert wrong_together({"day": date(2026, 7, 1), "starts": time(13), "signup_day": date(2026, 7, 1)}) == {}

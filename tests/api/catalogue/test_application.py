"""Whether one can apply, and when one can begin: every case of the rule on one day."""

from __future__ import annotations

from datetime import date

import pytest

from api.catalogue.application import Application, application, next_start
from api.catalogue.tables import OCCASION_STATUSES, Occasion

YESTERDAY, TODAY, TOMORROW = date(2026, 11, 22), date(2026, 11, 23), date(2026, 11, 24)


def make(**values) -> Occasion:
    return Occasion(**({"status": "published", "continuous": False} | values))


@pytest.mark.parametrize(
    ("values", "state", "days_left"),
    [
        ({}, "open", None),
        ({"apply_from": TODAY}, "open", None),
        ({"apply_to": TODAY}, "open", 0),
        ({"apply_to": TOMORROW}, "open", 1),
        ({"apply_from": YESTERDAY, "apply_to": date(2026, 12, 23)}, "open", 30),
        ({"apply_to": YESTERDAY}, "closed", None),
        ({"apply_from": TOMORROW}, "upcoming", None),
        ({"apply_from": TOMORROW, "apply_to": date(2026, 12, 23)}, "upcoming", None),
        ({"continuous": True}, "continuous", None),
        ({"continuous": True, "apply_from": TODAY}, "continuous", None),
        ({"continuous": True, "apply_from": TOMORROW}, "upcoming", None),
        ({"continuous": True, "apply_to": YESTERDAY}, "continuous", None),
        ({"continuous": True, "apply_to": TOMORROW}, "continuous", None),
        ({"continuous": True, "start_date": YESTERDAY}, "continuous", None),
        ({"continuous": True, "start_date": date(2026, 1, 12), "end_date": TODAY}, "continuous", None),
        ({"continuous": True, "start_date": date(2026, 1, 12), "end_date": YESTERDAY}, "closed", None),
        ({"status": "full", "apply_to": TOMORROW}, "full", None),
        ({"status": "full", "continuous": True}, "full", None),
        ({"status": "full", "apply_from": TOMORROW}, "full", None),
        ({"status": "cancelled", "apply_to": TOMORROW}, "cancelled", None),
        ({"status": "cancelled", "continuous": True}, "cancelled", None),
        ({"status": "draft", "apply_to": TOMORROW}, "closed", None),
        ({"status": "draft", "continuous": True}, "closed", None),
    ],
)
def test_where_the_application_stands(values, state, days_left):
    assert application(make(**values), TODAY) == Application(state, days_left)


@pytest.mark.parametrize(
    ("state", "is_open", "is_possible"),
    [
        ("open", True, True),
        ("continuous", True, True),
        ("upcoming", False, True),
        ("closed", False, False),
        ("full", False, False),
        ("cancelled", False, False),
    ],
)
def test_open_means_today_and_possible_means_today_or_later(state, is_open, is_possible):
    standing = Application(state)
    assert (standing.is_open, standing.is_possible) == (is_open, is_possible)


@pytest.mark.parametrize("status", OCCASION_STATUSES)
def test_one_can_apply_only_to_what_is_published(status):
    assert application(make(status=status), TODAY).is_possible is (status == "published")


@pytest.mark.parametrize(
    ("continuous", "start", "expected"),
    [
        (False, None, None),
        (False, TOMORROW, TOMORROW),
        (False, YESTERDAY, YESTERDAY),
        (True, None, None),
        (True, YESTERDAY, None),
        (True, TODAY, TODAY),
        (True, TOMORROW, TOMORROW),
    ],
)
def test_continuous_training_that_has_begun_has_no_start_to_wait_for(continuous, start, expected):
    assert next_start(make(continuous=continuous, start_date=start), TODAY) == expected

"""The machine of `model.py` on both databases, and proof that it would notice."""

from __future__ import annotations

from functools import partial

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from api.booking import holds, mails, moves, service
from tests.api.booking.model import BookingMachine
from tests.planted import mutate

SETTINGS = settings(max_examples=20, stateful_step_count=25, deadline=None, suppress_health_check=list(HealthCheck))
HUNT = settings(
    SETTINGS, max_examples=400, stateful_step_count=30, derandomize=True, database=None, phases=[Phase.generate]
)

planted = partial(mutate, also=(holds, moves, service))


def play(database, how: settings) -> None:
    run_state_machine_as_test(type("Machine", (BookingMachine,), {"database": database}), settings=how)


def test_whatever_people_and_staff_do_nothing_goes_wrong(database):
    play(database, SETTINGS)


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
class TestTheMachineNotices:
    """Planted bugs. One database is enough: what is tried is the machine."""

    def test_a_missing_update_trigger(self, database):
        with database.engine.begin() as connection:
            connection.execute(text("DROP TRIGGER meeting_no_overlap_update"))
        with pytest.raises(AssertionError, match="the database let two meetings overlap"):
            play(database, HUNT)

    def test_a_sequence_that_does_not_rise_at_cancel(self, database, monkeypatch):
        planted(monkeypatch, service, "cancel", "meeting.sequence += 1", "meeting.sequence += 0")
        with pytest.raises((AssertionError, IntegrityError)):  # the outbox may refuse the same revision twice
            play(database, HUNT)

    def test_an_old_address_that_hears_nothing(self, database, monkeypatch):
        mutate(monkeypatch, mails, "readdressed", "if desk.has_heard(before):", "if False:")
        with pytest.raises(AssertionError):
            play(database, HUNT)

    def test_holds_that_never_expire(self, database, monkeypatch):
        mutate(
            monkeypatch, holds, "expire_holds", "Meeting.held_until <= now", "Meeting.held_until != Meeting.held_until"
        )
        with pytest.raises(AssertionError):
            play(database, HUNT)

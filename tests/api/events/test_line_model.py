"""The machine of `line_model.py` on both databases, and proof that its checks would notice."""

from __future__ import annotations

from functools import partial

import pytest
from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test

from api.events import changes, line, seats, service
from tests.api.events.line_model import LineMachine
from tests.planted import mutate

SETTINGS = settings(max_examples=20, stateful_step_count=25, deadline=None, suppress_health_check=list(HealthCheck))

planted = partial(mutate, also=(changes, line, service))


def test_whatever_happens_the_waiting_list_is_fair_and_full(database):
    run_state_machine_as_test(type("Machine", (LineMachine,), {"database": database}), settings=SETTINGS)


class Nth:
    """Stands in for Hypothesis where a step chooses a person: the one who signed up as number `index`."""

    def __init__(self, machine: LineMachine, index: int) -> None:
        self.key = list(machine.seen)[index - 1]

    def draw(self, _: object) -> object:
        return self.key


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
class TestTheChecksNotice:
    """Planted bugs, each with the shortest walk that meets it. One database is enough: what is tried is the machine."""

    @pytest.fixture
    def walk(self, database):
        machine = type("Machine", (LineMachine,), {"database": database})()

        def walk(*, hours: int = 80, come: int = 3, after: int = 0) -> None:
            """One place: some come, the first one leaves, another one comes, and time passes."""
            machine.begin(capacity=1, hours=hours)
            for number in range(1, come + 1):
                machine.joins(number=number)
            machine.leaves(data=Nth(machine, 1))
            machine.joins(number=9)
            machine.time_passes(minutes=after, worker=True)
            machine.says_yes(data=Nth(machine, 2))

        return walk

    @pytest.mark.parametrize("hours", [3, 80])
    @pytest.mark.parametrize("after", [0, 60, 24 * 60])
    def test_but_not_where_nothing_is_wrong(self, walk, hours, after):
        walk(hours=hours, after=after)

    def test_that_the_last_one_is_offered_the_place(self, walk, monkeypatch):
        planted(monkeypatch, line, "_waiting", "EventSignup.number", "EventSignup.number.desc()")
        with pytest.raises(AssertionError, match="somebody was passed"):
            walk()

    def test_that_a_held_offer_is_not_counted_as_taken(self, walk, monkeypatch):
        monkeypatch.setattr(seats, "TAKING", ("signed", "attended", "absent"))
        with pytest.raises(AssertionError):
            walk()

    def test_that_a_newcomer_passes_those_who_wait(self, walk, monkeypatch):
        passes = property(lambda self: self.left is None or self.left > 0)
        monkeypatch.setattr(seats.Seats, "open_to_newcomers", passes)
        with pytest.raises(AssertionError, match="somebody was passed"):
            walk(hours=3)

    def test_that_a_freed_place_is_offered_to_nobody(self, walk, monkeypatch):
        call = "    move_on(session, event, now, office)\n    return signup"
        planted(monkeypatch, service, "cancel_signup", call, "    return signup")
        with pytest.raises(AssertionError, match="a place is free and somebody waits"):
            walk()

    def test_that_an_offer_outlives_its_deadline(self, walk, monkeypatch):
        planted(monkeypatch, line, "_lapse", "EventSignup.offered_until <= now", "EventSignup.number < 0")
        with pytest.raises(AssertionError, match="outlived its deadline"):
            walk(after=25 * 60)

    def test_that_nobody_hears_of_a_place_it_is_too_late_to_hold(self, walk, monkeypatch):
        planted(monkeypatch, line, "_tell_free", "for signup in told:", "for signup in told[:0]:")
        with pytest.raises(AssertionError, match="nobody was told"):
            walk(hours=3)

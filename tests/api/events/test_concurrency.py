"""People leave, others come, and the worker runs, all at the same moment."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from sqlalchemy import select

from api.events import line, service
from api.events.errors import OfferGone
from api.events.seats import lock_event
from api.events.tables import EventSignup
from tests.api.events.signups import OFFICE, add_event, check_line, join, leave, person

PLACES = 10


def at_once(work: list[Callable[[], str]]) -> Counter[str]:
    """The answers of all, begun together."""
    barrier = Barrier(len(work))

    def one(do: Callable[[], str]) -> str:
        barrier.wait()
        try:
            return do()
        except Exception as error:  # what must never happen is counted, not hidden in a traceback
            return f"error: {type(error).__name__}"

    with ThreadPoolExecutor(len(work)) as pool:
        return Counter(pool.map(one, work))


def test_ten_leave_while_ten_come_and_the_worker_runs(database, now):
    """Every freed place is held for one of the ten who waited longest, and nobody who has just come has one."""
    with database.transaction() as session:
        event = add_event(session, capacity=PLACES)
        ids = [join(session, event, now, number).id for number in range(1, 2 * PLACES + 1)]

    def leaves(key) -> str:
        with database.transaction() as session:
            return leave(session, service.signup_of(session, key), now).status

    def comes(number: int) -> str:
        with database.transaction() as session:
            return join(session, event, now, number).status

    def worker() -> str:
        with database.transaction() as session:
            line.move_on(session, lock_event(session, event.id), now, OFFICE)
        return "moved"

    work: list[Callable[[], str]] = [
        *(lambda key=key: leaves(key) for key in ids[:PLACES]),
        *(lambda number=number: comes(number) for number in range(101, 101 + PLACES)),
        *[worker] * 5,
    ]
    assert at_once(work) == {"cancelled": PLACES, "waiting": PLACES, "moved": 5}
    with database.transaction() as session:
        check_line(session, event)
        rows = session.scalars(select(EventSignup.status).order_by(EventSignup.number)).all()
    assert rows == ["cancelled"] * PLACES + ["offered"] * PLACES + ["waiting"] * PLACES


def test_the_last_place_is_taken_once_when_everybody_says_yes_at_once(database, now):
    """Too late to hold it: ten who wait press the button in the same moment."""
    with database.transaction() as session:
        event = add_event(session, capacity=1, starts_at=now.replace(hour=11))
        first, *others = [join(session, event, now, number).id for number in range(1, 12)]
    with database.transaction() as session:
        leave(session, service.signup_of(session, first), now)

    def says_yes(key) -> str:
        with database.transaction() as session:
            try:
                return service.accept_offer(session, service.signup_of(session, key), now=now, office=OFFICE).status
            except OfferGone:
                return "gone"

    assert at_once([lambda key=key: says_yes(key) for key in others]) == {"signed": 1, "gone": 9}


def test_the_same_person_in_many_tabs_has_one_place(database, now):
    with database.transaction() as session:
        event = add_event(session, capacity=PLACES)

    def signs_up() -> str:
        with database.transaction() as session:
            done = service.sign_up(session, event.id, person(1), now=now, office=OFFICE)
            return str(done.signup.number)

    assert at_once([signs_up] * 10) == {"1": 10}

"""A hundred people in four processes want twenty places."""

from __future__ import annotations

from collections import Counter

from sqlalchemy import select

from api.events.tables import EventSignup
from api.outbox.tables import Outbox
from tests.api.events.signups import add_event
from tests.at_once import ask_processes

PROCESSES, THREADS, PEOPLE, PLACES = 4, 5, 100, 20


def sign_up_at_once(database, event_id, now, people: list[int]) -> list[tuple[str, int]]:
    """The answers that all people got, asked from several processes that begin together."""
    url = database.engine.url.render_as_string(hide_password=False)
    task = {"database": url, "now": now.isoformat(), "event": str(event_id), "threads": THREADS}
    tasks = [task | {"people": people[number::PROCESSES]} for number in range(PROCESSES)]
    return [tuple(answer) for answers in ask_processes("tests.api.events.signers", tasks) for answer in answers]


def test_exactly_as_many_have_a_place_as_there_are_and_the_others_wait_in_order(database, now):
    with database.transaction() as session:
        event_id = add_event(session, capacity=PLACES).id
    answers = sign_up_at_once(database, event_id, now, list(range(PEOPLE)))
    assert Counter(status for status, _ in answers) == {"signed": PLACES, "waiting": PEOPLE - PLACES}
    assert sorted(number for _, number in answers) == list(range(1, PEOPLE + 1))
    with database.transaction() as session:
        rows = session.scalars(select(EventSignup).order_by(EventSignup.number)).all()
        assert [row.status for row in rows] == ["signed"] * PLACES + ["waiting"] * (PEOPLE - PLACES)
        mails = Counter(session.scalars(select(Outbox.kind)))
        assert mails == {"SIGNUP": PLACES, "EVENTREMINDER": PLACES, "WAITING": PEOPLE - PLACES}


def test_one_person_who_presses_a_hundred_times_has_one_place(database, now):
    with database.transaction() as session:
        event_id = add_event(session, capacity=PLACES).id
    answers = sign_up_at_once(database, event_id, now, [1] * PEOPLE)
    assert Counter(answers) == {("signed", 1): PEOPLE}

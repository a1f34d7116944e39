"""A hundred people at once: never two in the same time, and nobody gets another answer than "taken"."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from threading import Barrier

import pytest
from sqlalchemy import select, text, update

from api.booking import holds
from api.booking.errors import SlotTaken
from api.booking.limits import OPEN_MEETINGS
from api.booking.locks import lock_counsellors
from api.booking.places import guarded
from api.booking.tables import Counsellor, Meeting
from api.database import Database
from api.errors import ApiError
from api.outbox.tables import Outbox
from api.privacy.secret_links import new_reference
from tests.api.booking.conftest import confirm_held

THREADS = 25
EACH = 4
START = datetime(2026, 11, 26, 12, tzinfo=UTC)

pytestmark = pytest.mark.usefixtures("counsellors")


def at_once(work: Callable[[int], str]) -> Counter[str]:
    """Answers of THREADS × EACH calls, begun together in every thread."""
    barrier = Barrier(THREADS)

    def one_thread(thread: int) -> list[str]:
        barrier.wait()
        return [work(thread * EACH + number) for number in range(EACH)]

    with ThreadPoolExecutor(THREADS) as pool:
        return Counter(answer for answers in pool.map(one_thread, range(THREADS)) for answer in answers)


def assert_no_overlap(database: Database) -> int:
    with database.transaction() as session:
        rows = session.execute(
            select(Meeting.counsellor_id, Meeting.block_from, Meeting.block_to)
            .where(Meeting.status.in_(("held", "confirmed")))
            .order_by(Meeting.counsellor_id, Meeting.block_from)
        ).all()
    for before, after in pairwise(rows):
        assert before.counsellor_id != after.counsellor_id or before.block_to <= after.block_from
    return len(rows)


def test_a_hundred_people_booking_overlapping_times(database, new_person, now, office):
    with database.transaction() as session:  # 45 minutes every 10: each start overlaps up to ten others
        session.execute(update(Counsellor).values(meeting_minutes=45, slot_step_minutes=10))
    people = [new_person() for _ in range(THREADS * EACH)]

    def book(number: int) -> str:
        person = people[number]
        start = START + timedelta(minutes=number * 7 % 13 * 10)
        slot_id = f"karlstad-1@{start:%Y%m%dT%H%MZ}"
        try:
            with database.transaction() as session:
                meeting = holds.hold(session, slot_id, "phone", person.conversation_id, now)
            with database.transaction() as session:
                confirm_held(session, meeting, person, str(number), now, office)
        except ApiError as error:
            return error.code
        return "booked"

    answers = at_once(book)
    assert set(answers) == {"booked", "slot_taken"}
    assert assert_no_overlap(database) == answers["booked"]
    with database.transaction() as session:
        assert len(session.scalars(select(Outbox).where(Outbox.kind != "REMINDER")).all()) == 2 * answers["booked"]


def test_writers_that_forget_the_lock_meet_the_guard(database, now):
    """Mixed lengths and starts, straight into the table: no overlap, and no error but the guard's."""

    def insert(number: int) -> str:
        start = START + timedelta(minutes=number * 7 % 12 * 10)
        end = start + timedelta(minutes=(30, 45)[number % 2])
        try:
            with database.transaction() as session:
                lock_counsellors(session, {1})
                with guarded(session):
                    session.add(
                        Meeting(
                            reference=new_reference(),
                            counsellor_id=1,
                            meeting_type="phone",
                            starts_at=start,
                            ends_at=end,
                            block_from=start,
                            block_to=end,
                            status="confirmed",
                            created_at=now,
                        )
                    )
        except SlotTaken:
            return "slot_taken"
        return "booked"

    answers = at_once(insert)
    assert set(answers) == {"booked", "slot_taken"}
    assert assert_no_overlap(database) == answers["booked"]


def test_one_person_in_many_tabs_never_gets_past_the_limit(database, new_person, now, office):
    people = [new_person(email="same@example.org") for _ in range(THREADS * EACH)]

    def book(number: int) -> str:
        person = people[number]
        day = START.replace(hour=8) + timedelta(days=(0, 1, 4, 5, 6)[number % 5], minutes=number // 5 % 3 * 60)
        slug = ("karlstad-1", "karlstad-2", "arvika-1")[number % 3]
        try:
            with database.transaction() as session:
                meeting = holds.hold(session, f"{slug}@{day:%Y%m%dT%H%MZ}", "phone", person.conversation_id, now)
            with database.transaction() as session:
                confirm_held(session, meeting, person, str(number), now, office)
        except ApiError as error:
            return error.code
        return "booked"

    answers = at_once(book)
    assert answers["booked"] == OPEN_MEETINGS
    assert set(answers) <= {"booked", "slot_taken", "meeting_limit"}


def test_the_same_request_twice_at_once_books_once(database, new_person, now, office):
    person = new_person()
    with database.transaction() as session:
        meeting = holds.hold(session, "karlstad-1@20261126T1200Z", "phone", person.conversation_id, now)

    def confirm(_: int) -> str:
        with database.transaction() as session:
            booked = confirm_held(session, meeting, person, "same", now, office)
            return booked.meeting.reference

    assert at_once(confirm) == {meeting.reference: THREADS * EACH}
    with database.transaction() as session:
        assert len(session.scalars(select(Outbox).where(Outbox.kind != "REMINDER")).all()) == 2


# SQLite lets in one writer at a time, so there these two can only follow each other.
@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_giving_a_time_back_while_it_is_being_confirmed_loses_no_confirmed_meeting(database, new_person, now, office):
    person = new_person()
    with database.transaction() as session:
        meeting = holds.hold(session, "karlstad-1@20261126T1200Z", "phone", person.conversation_id, now)

    def release() -> None:
        with database.transaction() as session:
            holds.release(session, meeting.id, person.conversation_id)

    with ThreadPoolExecutor(1) as pool:
        with database.transaction() as session:
            confirm_held(session, meeting, person, "k", now, office)
            releasing = pool.submit(release)  # sees the meeting still held, as nothing is committed yet
            wait_until_somebody_waits_for_a_lock(database)
        releasing.result()
    with database.transaction() as session:
        assert session.get_one(Meeting, meeting.id).status == "confirmed"


def wait_until_somebody_waits_for_a_lock(database: Database) -> None:
    for _ in range(1000):
        with database.transaction(read_only=True) as session:
            if session.scalar(text("SELECT count(*) FROM pg_locks WHERE NOT granted")):
                return
        time.sleep(0.01)
    raise AssertionError("nobody waited for a lock")

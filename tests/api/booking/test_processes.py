"""A hundred people in several processes, and an api process that is killed again and again."""

from __future__ import annotations

import json
import subprocess
import sys
from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select, update

from api.booking.tables import Counsellor, Meeting
from api.outbox.tables import Outbox
from api.staff.tables import Audit
from tests.api.booking.test_concurrency import assert_no_overlap
from tests.at_once import ask_processes

PROCESSES, THREADS, PEOPLE = 4, 5, 100
KILLS = 40
DAY = datetime(2026, 11, 26, tzinfo=UTC)

pytestmark = pytest.mark.usefixtures("counsellors")


def url_of(database) -> str:
    return database.engine.url.render_as_string(hide_password=False)


def book_at_once(database, now, people: list[dict]) -> Counter[str]:
    """The answers that all people got, asked from several processes that begin together."""
    task = {"database": url_of(database), "now": now.isoformat(), "threads": THREADS}
    tasks = [task | {"people": people[number::PROCESSES]} for number in range(PROCESSES)]
    return sum(map(Counter, ask_processes("tests.api.booking.bookers", tasks)), Counter())


def wishes(new_person, slots) -> list[dict]:
    people = [new_person() for _ in range(PEOPLE)]
    return [
        {"conversation_id": str(one.conversation_id), "token": one.email, "slots": slots(number)}
        for number, one in enumerate(people)
    ]


def booked_rows(database) -> int:
    """How many are booked, each with its invitation."""
    with database.transaction() as session:
        invited = select(func.count()).select_from(Outbox).where(Outbox.kind == "REQUEST")
        booked = select(func.count()).select_from(Meeting).where(Meeting.status == "confirmed")
        assert session.scalar(invited) == session.scalar(booked)
    return assert_no_overlap(database)


def test_exactly_as_many_are_booked_as_there_are_times(database, new_person, now):
    """24 times on one day and a hundred people: each time is given once, to whoever is free, and none stays empty."""
    with database.transaction() as session:
        session.execute(update(Counsellor).values(buffer_minutes=0))
    starts = [DAY + timedelta(hours=hour, minutes=half) for hour in (8, 9, 10, 12, 13, 14) for half in (0, 30)]
    slots = [f"karlstad@{start:%Y%m%dT%H%MZ}" for start in starts]
    answers = book_at_once(database, now, wishes(new_person, lambda number: [slots[number * 7 % len(slots)]]))
    assert answers == {"booked": 24, "slot_taken": 76}
    assert booked_rows(database) == 24


def test_overlapping_times_of_mixed_lengths_never_overlap(database, new_person, now):
    """Starts every ten minutes, meetings of 30 and 45 minutes: each start lies over many others."""
    with database.transaction() as session:
        session.execute(update(Counsellor).values(slot_step_minutes=10))
        session.execute(update(Counsellor).where(Counsellor.slug == "karlstad-2").values(meeting_minutes=45))

    def slots(number: int) -> list[str]:
        start = DAY + timedelta(hours=12, minutes=number * 7 % 14 * 10)
        return [f"{('karlstad', 'karlstad-1', 'karlstad-2')[number % 3]}@{start:%Y%m%dT%H%MZ}"]

    answers = book_at_once(database, now, wishes(new_person, slots))
    assert set(answers) <= {"booked", "slot_taken", "slot_unknown"}
    assert booked_rows(database) == answers["booked"] > 0


def test_an_api_process_that_is_killed_at_any_moment_leaves_no_booking_without_its_mails(database, now, tmp_path):
    """kill -9, forty times, in the middle of booking and cancelling. What somebody was told is there."""
    task = {"database": url_of(database), "now": now.isoformat(), "kills": KILLS, "folder": str(tmp_path)}
    command = [sys.executable, "-m", "tests.api.booking.killing"]
    done = subprocess.run(command, input=json.dumps(task), capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert told["kills"] == KILLS
    with database.transaction() as session:
        meetings = session.scalars(select(Meeting).where(Meeting.ical_uid.is_not(None))).unique().all()
        mails: dict = {}
        for mail in session.scalars(select(Outbox)):
            mails.setdefault(mail.meeting_id, []).append(mail)
        trail = Counter(session.scalars(select(Audit.subject + ":" + Audit.action)))
    assert {one.reference for one in meetings} >= set(told["booked"])
    assert {one.reference for one in meetings if one.status == "cancelled"} >= set(told["cancelled"])
    assert mails.keys() == {one.id for one in meetings}
    assert len(meetings) > KILLS
    for one in meetings:
        kinds = Counter(mail.kind for mail in mails[one.id])
        assert (kinds["REQUEST"], kinds["CONFIRMATION"]) == (1, 1)
        assert all(mail.message_id.startswith(one.ical_uid.partition("@")[0]) for mail in mails[one.id])
        waiting = [mail for mail in mails[one.id] if mail.superseded_at is None and mail.kind == "REQUEST"]
        assert len(waiting) == (one.status == "confirmed"), "an invitation to a cancelled meeting would go out"
        assert trail[f"meeting:{one.id}:meeting.confirmed"] == 1
        assert trail[f"meeting:{one.id}:meeting.cancelled"] == (one.status == "cancelled")
    assert_no_overlap(database)

"""Reminders of meetings and events as the worker sends them: their date, and one that cannot be written."""

from __future__ import annotations

import asyncio
from collections import Counter
from datetime import timedelta
from email import message_from_bytes, policy
from email.utils import parsedate_to_datetime

import pytest
from sqlalchemy import select

from api.booking import reminders
from api.booking.tables import Meeting, MeetingLink
from api.outbox.delivery import FileMailer
from api.outbox.tables import Outbox
from api.settings import Settings
from api.worker import jobs
from tests.api.booking.mailing import THURSDAY, book, new
from tests.api.events.signups import STARTS, add_event, join

DAY = timedelta(days=1)
pytestmark = pytest.mark.usefixtures("counsellors")


@pytest.fixture
def post(database, clock, tmp_path):
    """Lets the worker send what is due; gives (kind, message) of each new mail."""
    settings, folder, seen = Settings(data_dir=tmp_path), tmp_path / "mail", set()
    every = jobs(database, settings, FileMailer(folder), object(), clock)
    (job,) = (one for one in every if one.name == "outbox")

    def run():
        asyncio.run(job.run())
        fresh = sorted(set(folder.glob("*.eml")) - seen) if folder.is_dir() else []
        seen.update(fresh)
        return [
            (path.stem.rpartition("-")[2], message_from_bytes(path.read_bytes(), policy=policy.default))
            for path in fresh
        ]

    return run


def kinds(mails) -> Counter[str]:
    return Counter(kind for kind, _ in mails)


def unwritten(caplog) -> list[str]:
    return [record.error for record in caplog.records if record.message == "reminder not written"]


def test_a_reminder_is_dated_when_it_was_to_leave_not_when_somebody_booked(database, office, clock, post):
    with database.transaction() as session:
        book(session, new(session), office, clock())
        join(session, add_event(session), clock())
    booked_at = clock()
    assert {parsedate_to_datetime(mail["Date"]) for _, mail in post()} == {booked_at}
    for kind, starts in (("REMINDER", THURSDAY), ("EVENTREMINDER", STARTS)):
        clock.now = starts - DAY + timedelta(minutes=20)
        ((sent, mail),) = post()
        assert (sent, parsedate_to_datetime(mail["Date"])) == (kind, starts - DAY)


class TestOneThatCannotBeWritten:
    @pytest.fixture
    def broken(self, database, office, clock, post) -> Meeting:
        """Of two meetings and an event on one day, a meeting with a contact that no text knows."""
        with database.transaction() as session:
            broken = new(session)
            for meeting in (broken, new(session, counsellor="karlstad-2", email="alex@example.org")):
                book(session, meeting, office, clock())
            join(session, add_event(session, starts_at=THURSDAY), clock())
        post()
        with database.transaction() as session:
            session.get_one(Meeting, broken.id).contact_kind = "fax"
        clock.now = THURSDAY - DAY
        return broken

    def test_is_logged_by_its_errors_class_and_all_others_leave(self, broken, post, caplog):
        assert kinds(post()) == {"REMINDER": 1, "EVENTREMINDER": 1}
        assert unwritten(caplog) == ["KeyError"]
        assert "Kim" not in caplog.text

    def test_keeps_its_place_and_is_tried_again_after_a_pause(self, database, clock, broken, post, caplog):
        post()
        clock.move(minutes=14)
        assert post() == []
        assert len(unwritten(caplog)) == 1
        with database.transaction() as session:
            row = session.scalars(select(Outbox).where(Outbox.draft, Outbox.superseded_at.is_(None))).one()
            assert (row.meeting_id, row.attempts, row.last_error) == (broken.id, 0, "KeyError")
            session.get_one(Meeting, broken.id).contact_kind = "email"
        clock.move(minutes=1)
        assert kinds(post()) == {"REMINDER": 1}

    def test_leaves_no_link_behind(self, database, broken, post):
        def links() -> int:
            with database.transaction(read_only=True) as session:
                return len(session.scalars(select(MeetingLink).where(MeetingLink.meeting_id == broken.id)).all())

        before = links()
        post()
        assert links() == before

    def test_goes_when_the_meeting_begins(self, database, clock, broken, post):
        post()
        clock.now = THURSDAY
        assert post() == []
        with database.transaction() as session:
            row = session.scalars(select(Outbox).where(Outbox.meeting_id == broken.id, Outbox.kind == "REMINDER")).one()
            assert (row.draft, row.superseded_at) == (False, THURSDAY)


def test_whatever_keeps_reminders_from_being_written_mails_leave(database, office, clock, post, caplog, monkeypatch):
    def fail(*_: object) -> int:
        raise RuntimeError("Kim")

    with database.transaction() as session:
        book(session, new(session), office, clock())
        join(session, add_event(session, starts_at=THURSDAY), clock())
    post()
    clock.now = THURSDAY - DAY
    with database.transaction() as session:
        book(session, new(session, counsellor="karlstad-2", at=THURSDAY + 7 * DAY), office, clock())
    monkeypatch.setattr(reminders, "write_due", fail)
    assert kinds(post()) == {"EVENTREMINDER": 1, "REQUEST": 1, "CONFIRMATION": 1}
    assert [record.error for record in caplog.records if record.message == "reminders not written"] == ["RuntimeError"]
    assert "Kim" not in caplog.text

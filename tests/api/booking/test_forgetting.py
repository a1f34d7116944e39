"""Thirty days after a meeting nothing tells whose it was: not the row, not a mail, not a file."""

from __future__ import annotations

import os
from datetime import timedelta
from pathlib import Path

import httpx
import pytest
from sqlalchemy import inspect, select, text

from api.booking.tables import Meeting, MeetingLink
from api.chat.bot import BotClient
from api.outbox import files, oversight, service
from api.outbox.delivery import make_mailer
from api.outbox.tables import Outbox
from api.settings import Settings
from api.staff.tables import Audit
from api.worker import jobs
from tests.api.booking.mailing import PERSON, THURSDAY, book, cancel, move, new

pytestmark = pytest.mark.usefixtures("counsellors")

PRIVATE = ("Kim Öberg", PERSON, "svetsare och studiemedel", "kom med en vän", "/mote/")


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(data_dir=tmp_path)


@pytest.fixture
def work(database, settings, clock):
    """Runs a job of the worker by its name."""
    bot = BotClient(settings, httpx.MockTransport(lambda _: httpx.Response(204)))
    every = {job.name: job for job in jobs(database, settings, make_mailer(settings), bot, clock)}

    async def run(name: str) -> None:
        await every[name].run()

    return run


def everything(database, settings) -> str:
    """All that is stored about anybody, as one text."""
    with database.transaction(read_only=True) as session:
        tables = [name for name in inspect(session.get_bind()).get_table_names() if name != "alembic_version"]
        rows = [str(row) for name in tables for row in session.execute(text(f'SELECT * FROM "{name}"'))]
    files = [path.read_text("utf-8") for path in sorted(settings.mail_dir.glob("*"))]
    return "\n".join(rows + files)


def a_busy_meeting(database, office, now) -> Meeting:
    """Booked, moved, with every field filled, and a reminder ahead."""
    with database.transaction() as session:
        meeting = new(
            session,
            asked_about="svetsare och studiemedel",
            counsellor_note="kom med en vän",
            interpreter_language="arabiska",
            wants_easy=True,
        )
        book(session, meeting, office, now)
        move(session, meeting, office, now, hours=1)
    return meeting


async def test_after_thirty_days_nothing_tells_who_it_was(database, office, settings, clock, now, work):
    meeting = a_busy_meeting(database, office, now)
    await work("outbox")
    assert len(list(settings.mail_dir.glob("*.eml"))) == 2
    clock.now = meeting.ends_at + timedelta(days=30)
    await work("retention")
    found = everything(database, settings)
    assert all(word in found for word in ("Kim Öberg", PERSON, "svetsare och studiemedel", "kom med en vän"))
    clock.move(seconds=1)
    await work("retention")
    found = everything(database, settings)
    assert [word for word in PRIVATE if word in found] == []
    assert list(settings.mail_dir.glob("*.eml")) == []


async def test_what_counts_people_stays(database, office, clock, now, work):
    meeting = a_busy_meeting(database, office, now)
    clock.now = meeting.ends_at + timedelta(days=31)
    await work("retention")
    with database.transaction() as session:
        row = session.get_one(Meeting, meeting.id)
        assert (row.status, row.meeting_type, row.interpreter_language) == ("confirmed", "phone", "arabiska")
        assert row.counsellor.node.slug == "karlstad"
        assert row.starts_at == THURSDAY + timedelta(hours=1)
        assert session.scalars(select(MeetingLink)).all() == []
        assert session.scalars(select(Outbox)).all() == []
        for entry in session.scalars(select(Audit)):
            assert not any(word in str(entry.details) for word in PRIVATE)


async def test_the_days_are_a_setting_and_it_is_on_by_default(database, office, tmp_path, clock, now):
    assert Settings().retention_contact_days == 30
    short = Settings(data_dir=tmp_path, retention_contact_days=1)
    meeting = a_busy_meeting(database, office, now)
    bot = BotClient(short, httpx.MockTransport(lambda _: httpx.Response(204)))
    every = {job.name: job for job in jobs(database, short, make_mailer(short), bot, clock)}
    clock.now = meeting.ends_at + timedelta(days=1, seconds=1)
    await every["retention"].run()
    assert "Kim Öberg" not in everything(database, short)


async def test_a_cancelled_meeting_is_forgotten_too_and_a_mail_given_up_as_well(
    database, office, settings, clock, now, work
):
    with database.transaction() as session:
        meeting = new(session)
        book(session, meeting, office, now)
        for claim in service.claim(session, now):
            service.mark_failed(session, claim, now, error="550", permanent=True, jitter=0)
        cancel(session, meeting, office, now, by_person=False, message="kom med en vän")
    clock.now = THURSDAY + timedelta(days=31)
    await work("retention")
    assert [word for word in PRIVATE if word in everything(database, settings)] == []


async def test_a_mail_that_ends_while_its_person_is_forgotten_does_no_harm(database, office, now):
    with database.transaction() as session:
        book(session, new(session), office, now)
    with database.transaction() as session:
        first, second = service.claim(session, now)
    with database.transaction() as session:
        session.execute(Outbox.__table__.delete())
    with database.transaction() as session:
        service.mark_sent(session, first.id, now)
        assert service.mark_failed(session, second, now, error="451", permanent=False, jitter=0) is None


def test_notices_of_no_meeting_are_erased_when_they_are_old(database, now):
    plain = {"from": "", "reply_to": None, "subject": "", "text": "", "html": "", "ics": None, "ics_method": None}
    with database.transaction() as session:
        for number in range(2):
            name = f"{number}@example.org"
            service.enqueue(session, kind="UNDELIVERED", recipient=name, message_id=name, payload=plain, now=now)
    with database.transaction() as session:
        (sent, _) = service.claim(session, now)
        service.mark_sent(session, sent.id, now)
    with database.transaction() as session:
        assert oversight.erase_ended(session, now + timedelta(days=30), days=30) == 0
        assert oversight.erase_ended(session, now + timedelta(days=30, seconds=1), days=30) == 1
        assert session.scalars(select(Outbox.recipient)).one() == "1@example.org", "what still waits stays"


def test_only_files_of_mails_are_erased(database, settings, now):
    settings.mail_dir.mkdir()
    (settings.mail_dir / "anteckning.txt").write_text("min egen fil")
    (settings.mail_dir / "20261001T090000Z-7-REQUEST.eml").write_text("Subject: x\n\n")
    with database.transaction() as session:
        assert files.erase_forgotten(session, settings.mail_dir, now, days=30) == 1
    assert [path.name for path in settings.mail_dir.iterdir()] == ["anteckning.txt"]


def test_what_a_killed_process_left_half_written_is_erased_and_what_is_being_written_is_not(database, settings, now):
    settings.mail_dir.mkdir()
    for name, written in ((".old.part", now - timedelta(hours=2)), (".new.part", now)):
        (settings.mail_dir / name).write_text("To: kim@example.org")
        os.utime(settings.mail_dir / name, (written.timestamp(), written.timestamp()))
    with database.transaction() as session:
        assert files.erase_forgotten(session, settings.mail_dir, now, days=30) == 1
    assert [path.name for path in settings.mail_dir.iterdir()] == [".new.part"]

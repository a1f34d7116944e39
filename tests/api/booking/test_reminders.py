"""Reminders: the day before at a decent hour, once, never of a meeting that is cancelled, moved or over."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from api.booking import reminders
from api.clock import STOCKHOLM
from api.outbox import service as outbox
from api.outbox import sms
from api.outbox.delivery import FileMailer
from api.outbox.office import Office
from api.outbox.reminding import reminder_time
from api.outbox.sending import Senders, send_due
from api.outbox.tables import Outbox
from api.settings import Settings
from tests.api.booking.mailing import PERSON, THURSDAY, book, cancel, move, new, take


def wall(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=STOCKHOLM).astimezone(UTC)


@pytest.mark.parametrize(
    ("meeting", "reminder"),
    [
        ("2026-11-26T13:00", "2026-11-25T13:00"),
        ("2026-11-26T08:00", "2026-11-25T09:00"),
        ("2026-11-26T18:30", "2026-11-25T17:00"),
        ("2026-11-30T10:00", "2026-11-29T10:00"),  # on a Sunday: the day before is when people look ahead
        ("2027-01-01T10:00", "2026-12-31T10:00"),
        ("2027-03-28T10:00", "2027-03-27T10:00"),
        ("2027-03-29T10:00", "2027-03-28T10:00"),
        ("2026-10-25T10:00", "2026-10-24T10:00"),
        ("2028-03-01T10:00", "2028-02-29T10:00"),
    ],
)
def test_people_are_reminded_the_day_before(meeting, reminder):
    assert reminder_time(wall(meeting)) == wall(reminder)


@given(st.datetimes(datetime(2026, 1, 1), datetime(2029, 1, 1)).map(lambda at: at.replace(tzinfo=UTC)))  # noqa: DTZ001
def test_never_in_the_night_and_always_the_day_before(start):
    local = reminder_time(start).astimezone(STOCKHOLM)
    assert (9, 0) <= (local.hour, local.minute) <= (17, 0)
    assert local.date() == start.astimezone(STOCKHOLM).date() - timedelta(days=1)


@pytest.mark.usefixtures("counsellors")
class TestByMail:
    @pytest.fixture
    def meeting(self, database, office, now):
        with database.transaction() as session:
            meeting = new(session)
            book(session, meeting, office, now)
            take(session, now)
        return meeting

    def remind(self, database, office, at):
        with database.transaction() as session:
            reminders.write_due(session, office, at)
            return take(session, at)

    def test_the_person_is_reminded_once_with_a_link_that_works(self, database, office, meeting, client_page):
        before, due = THURSDAY - timedelta(days=1, seconds=1), THURSDAY - timedelta(days=1)
        assert self.remind(database, office, before) == {}
        mail = self.remind(database, office, due)[PERSON]
        assert mail.kind == "REMINDER"
        assert "torsdag 26 november kl. 13.00–13.30" in mail.text
        assert mail.message.get_content_type() == "multipart/alternative", "the meeting is in the calendar already"
        assert meeting.reference in client_page(mail.text)
        assert self.remind(database, office, due + timedelta(hours=1)) == {}

    def test_until_then_nothing_of_it_is_stored(self, database, meeting):
        with database.transaction() as session:
            row = session.scalars(select(Outbox).where(Outbox.kind == "REMINDER")).one()
        assert (row.payload, row.draft) == ({}, True)

    def test_a_cancelled_meeting_is_not_recalled(self, database, office, meeting, now):
        with database.transaction() as session:
            cancel(session, session.merge(meeting), office, now)
            take(session, now)
        assert self.remind(database, office, THURSDAY - timedelta(days=1)) == {}

    def test_a_moved_meeting_is_recalled_at_its_new_time(self, database, office, meeting, now):
        with database.transaction() as session:
            move(session, session.merge(meeting), office, now, hours=24)
            take(session, now)
        assert self.remind(database, office, THURSDAY - timedelta(days=1)) == {}
        assert "fredag 27 november" in self.remind(database, office, THURSDAY)[PERSON].text

    def test_after_a_night_without_a_server_it_still_comes_but_not_once_the_meeting_has_begun(
        self, database, office, meeting
    ):
        with database.transaction() as session:
            reminders.write_due(session, office, THURSDAY - timedelta(days=1))
            for claim in outbox.claim(session, THURSDAY - timedelta(days=1)):
                at = THURSDAY - timedelta(days=1)
                outbox.mark_failed(session, claim, at, error="unreached SMTPConnectError", permanent=False, jitter=0)
        with database.transaction() as session:
            assert [claim.kind for claim in outbox.claim(session, THURSDAY - timedelta(hours=3))] == ["REMINDER"]
        with database.transaction() as session:
            assert outbox.claim(session, THURSDAY) == []
            assert session.scalars(select(Outbox.payload).where(Outbox.kind == "REMINDER")).one() == {}

    def test_who_books_for_tomorrow_is_not_recalled_at_once(self, database, office):
        now = THURSDAY - timedelta(hours=30)
        with database.transaction() as session:
            book(session, new(session), office, now)
            assert "REMINDER" not in set(session.scalars(select(Outbox.kind)))


@pytest.fixture
def client_page(app):
    """Opens the link of a mail as its reader does; gives the page's text."""
    import re

    import httpx

    async def fetch(path: str) -> str:
        transport = httpx.ASGITransport(app=app)
        async with httpx.AsyncClient(transport=transport, base_url="https://x.example.org") as client:
            return (await client.get(path)).text

    def show(text: str) -> str:
        path = re.search(r"https://vagledning\.example\.org(/mote/\S+)", text)
        assert path
        return asyncio.run(fetch(path[1]))

    return show


class Recording:
    """A provider of text messages that only notes what it was given."""

    def __init__(self) -> None:
        self.sent: list[tuple[str, str, str]] = []

    async def send(self, number: str, text: str, *, message_id: str) -> None:
        self.sent.append((number, text, message_id))


@pytest.mark.usefixtures("counsellors")
class TestByTextMessage:
    DUE = THURSDAY - timedelta(days=1)

    def test_it_is_off_unless_somebody_chose_a_provider(self, database, office, now):
        assert not Office.of(Settings()).sms
        assert sms.make_sms(Settings()) is None
        with database.transaction() as session:
            book(session, new(session, email=None), office, now)
            assert list(session.scalars(select(Outbox.kind))) == ["REQUEST"]

    def test_an_unknown_provider_is_refused_at_start(self):
        with pytest.raises(ValueError, match="IV_SMS_PROVIDER"):
            sms.make_sms(Settings(sms_provider="nobody"))

    async def test_with_a_provider_who_left_a_number_is_reminded(self, database, now, monkeypatch, tmp_path):
        recording = Recording()
        monkeypatch.setitem(sms.PROVIDERS, "recording", lambda settings: recording)
        settings = Settings(sms_provider="recording")
        office = Office.of(settings)
        with database.transaction() as session:
            meeting = new(session, email=None)
            book(session, meeting, office, now)
        with database.transaction() as session:
            reminders.write_due(session, office, self.DUE)
        await send_due(database, Senders(FileMailer(tmp_path), sms.make_sms(settings)), lambda: self.DUE)
        ((number, text, message_id),) = recording.sent
        assert number == "0701740635"
        assert "torsdag 26 november kl. 13.00–13.30" in text
        assert meeting.reference in text
        assert "Kim" not in text
        assert message_id.endswith(".reminder@example.org")

    async def test_switched_off_later_nothing_pretends_to_be_sent(self, database, now, tmp_path):
        office = Office("Industrivägledaren <boka@example.org>", "https://x.example.org", sms=True)
        with database.transaction() as session:
            book(session, new(session, email=None), office, now)
        with database.transaction() as session:
            reminders.write_due(session, office, self.DUE)
        await send_due(database, Senders(FileMailer(tmp_path)), lambda: self.DUE)
        with database.transaction() as session:
            row = session.scalars(select(Outbox).where(Outbox.channel == "sms")).one()
        assert (row.sent_at, row.dead_at, row.last_error) == (None, self.DUE, "NoSmsProvider")

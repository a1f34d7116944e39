"""Nobody's enquiry is forgotten before it is answered, and everybody's is forgotten after."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from api.chat import erasing
from api.chat.tables import Conversation
from api.contact.enquiries import forgetting, reminders, service
from api.contact.enquiries.office import Promise
from api.contact.enquiries.tables import Enquiry, EnquiryLink, EnquiryNote
from api.database import Database
from api.outbox import service as outbox
from api.outbox.tables import Outbox
from api.settings import Settings
from api.staff.tables import Audit
from tests.api.contact.enquiries.conftest import TRAINING, mails, route
from tests.conftest import MovableClock


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(data_dir=tmp_path, retention_conversation_days=90)


def run(database: Database, promise: Promise, clock: MovableClock, days: int) -> list[tuple[datetime, str]]:
    """The worker looks three times a day; when reminders were written, and to whom."""
    for _ in range(days * 3):
        clock.move(hours=8)
        with database.transaction() as session:
            if reminders.any_due(session, clock()):
                reminders.remind(session, promise, clock())
    with database.transaction(read_only=True) as session:
        return [(mail.created_at, mail.recipient) for mail in mails(session, "OVERDUE")]


def test_the_function_is_reminded_twice_and_then_the_default_route(
    database: Database, promise: Promise, clock: MovableClock
) -> None:
    with database.transaction() as session:
        route(session, "Alla", clock())
        route(session, "Utbildning", clock(), matter="training")
        service.send(session, TRAINING, promise, clock())  # Monday 23 November, due on Monday 30
    found = run(database, promise, clock, 40)
    assert [(f"{at:%m-%d}", to) for at, to in found] == [
        ("11-30", "utbildning@example.org"),
        ("12-03", "utbildning@example.org"),
        ("12-08", "alla@example.org"),
    ]
    with database.transaction(read_only=True) as session:
        assert "påmint Utbildning två gånger" in mails(session, "OVERDUE")[-1].payload["text"]


def test_a_function_that_is_the_default_itself_is_reminded_three_times_in_the_same_words(
    database: Database, promise: Promise, clock: MovableClock
) -> None:
    with database.transaction() as session:
        route(session, "Alla", clock())
        service.send(session, TRAINING, promise, clock())
    assert [to for _, to in run(database, promise, clock, 40)] == ["alla@example.org"] * 3
    with database.transaction(read_only=True) as session:
        assert not any("två gånger" in mail.payload["text"] for mail in mails(session, "OVERDUE"))


def test_a_reminder_names_neither_sender_nor_message(database: Database, promise: Promise, clock: MovableClock) -> None:
    with database.transaction() as session:
        service.send(session, TRAINING, promise, clock())
    run(database, promise, clock, 8)
    with database.transaction(read_only=True) as session:
        (mail,) = mails(session, "OVERDUE")
    for word in ("Kim", "Exempelverkstaden", "personal@", "montörer"):
        assert word not in mail.payload["text"] + mail.payload["html"]


def test_whoever_has_taken_it_is_reminded_too_and_nobody_after_the_answer(
    database: Database, promise: Promise, clock: MovableClock
) -> None:
    with database.transaction() as session:
        enquiry = service.send(session, TRAINING, promise, clock()).enquiry
        service.take(session, enquiry.id, clock(), "staff:1")
    assert len(run(database, promise, clock, 8)) == 1
    with database.transaction() as session:
        service.answer(session, enquiry.id, "Ja, det går bra.", promise, clock(), "staff:1")
    assert len(run(database, promise, clock, 30)) == 1


def test_a_worker_that_was_away_for_a_month_reminds_once(
    database: Database, promise: Promise, clock: MovableClock
) -> None:
    with database.transaction() as session:
        service.send(session, TRAINING, promise, clock())
    clock.move(days=30)
    assert len(run(database, promise, clock, 3)) == 1


def test_an_enquiry_is_erased_with_all_that_belongs_to_it_when_its_time_is_over(
    database: Database, promise: Promise, clock: MovableClock
) -> None:
    with database.transaction() as session:
        enquiry = service.send(session, TRAINING, promise, clock()).enquiry
        service.answer(session, enquiry.id, "Ja, det går bra.", promise, clock(), "staff:1")
        service.close(session, enquiry.id, clock(), "staff:1")
    clock.move(days=180)
    with database.transaction() as session:
        assert forgetting.forget(session, clock(), days=180) == 0
    clock.move(seconds=1)
    with database.transaction() as session:
        assert forgetting.forget(session, clock(), days=180) == 1
        for table in (Enquiry, EnquiryNote, EnquiryLink, Outbox):
            assert session.scalar(select(func.count()).select_from(table)) == 0


def test_one_that_was_answered_but_never_closed_is_erased_after_the_answer(
    database: Database, promise: Promise, clock: MovableClock
) -> None:
    with database.transaction() as session:
        enquiry = service.send(session, TRAINING, promise, clock()).enquiry
        service.answer(session, enquiry.id, "Ja, det går bra.", promise, clock(), "staff:1")
    clock.move(days=181)
    with database.transaction() as session:
        assert forgetting.forget(session, clock(), days=180) == 1


def test_one_that_nobody_has_answered_goes_the_same_time_after_its_last_day_and_leaves_a_trace(
    database: Database, promise: Promise, clock: MovableClock
) -> None:
    with database.transaction() as session:
        due = service.send(session, TRAINING, promise, clock()).enquiry.due_at
    clock.now = due
    clock.move(days=180)
    with database.transaction() as session:
        assert forgetting.forget(session, clock(), days=180) == 0
    clock.move(seconds=1)
    with database.transaction() as session:
        assert forgetting.forget(session, clock(), days=180) == 1
        assert session.scalar(select(func.count()).select_from(Enquiry)) == 0
        assert "enquiry.never_answered" in session.scalars(select(Audit.action)).all()


def talk(session: Session, now: datetime) -> UUID:
    """A conversation."""
    conversation_id = uuid4()
    session.add(Conversation(id=conversation_id, token_hash=uuid4().hex * 2, created_at=now, active_at=now))
    session.flush()
    return conversation_id


def reached(session: Session, now: datetime) -> None:
    """Everything in the outbox has left."""
    while claims := outbox.claim(session, now):
        for claim in claims:
            outbox.mark_sent(session, claim.id, now)


@pytest.mark.parametrize("state", ["new", "taken", "answered", "unsent"])
def test_what_was_asked_in_the_chat_goes_when_somebody_erases_the_conversation_and_the_function_is_told(
    database: Database, promise: Promise, settings: Settings, now: datetime, state: str
) -> None:
    with database.transaction() as session:
        conversation_id = talk(session, now)
        asked = service.send(session, replace(TRAINING, conversation_id=conversation_id), promise, now).enquiry
        if state != "unsent":
            reached(session, now)
        if state == "taken":
            service.take(session, asked.id, now, "staff:1")
        if state == "answered":
            service.answer(session, asked.id, "Ja, det går bra.", promise, now, "staff:1")
            reached(session, now)
        service.send(session, replace(TRAINING, message="Från sidan."), promise, now)
    with database.transaction() as session:
        erasing.erase(session, session.get_one(Conversation, conversation_id), settings, now)
    with database.transaction() as session:
        forgetting.forget(session, now + timedelta(hours=1), days=180)
        assert [one.conversation_id for one in session.scalars(select(Enquiry))] == [None]
        withdrawn = mails(session, "WITHDRAWN")
        assert [mail.recipient for mail in withdrawn] == [asked.function_email] * (state in ("new", "taken"))
        for mail in withdrawn:
            assert "tagit tillbaka" in mail.payload["text"]
            assert asked.reference in mail.payload["text"]
            assert asked.name not in mail.payload["text"]
        sent_now = {claim.kind for claim in outbox.claim(session, now)}
        assert ("WITHDRAWN" in sent_now) == bool(withdrawn)
        assert not session.scalars(select(Outbox).where(Outbox.thread == asked.id)).all()
        assert "enquiry.forgotten" in session.scalars(select(Audit.action)).all()


@pytest.mark.parametrize("answered", [False, True])
def test_a_conversation_whose_time_is_over_leaves_what_was_asked_in_it_to_be_answered(
    database: Database, promise: Promise, settings: Settings, clock: MovableClock, answered: bool
) -> None:
    """What the page says of an enquiry, 180 days, holds for those from the chat too."""
    with database.transaction() as session:
        new = replace(TRAINING, conversation_id=talk(session, clock()))
        enquiry_id = service.send(session, new, promise, clock()).enquiry.id
        if answered:
            service.answer(session, enquiry_id, "Ja, det går bra.", promise, clock(), "staff:1")
    clock.move(days=settings.retention_conversation_days, seconds=1)
    with database.transaction() as session:
        assert len(erasing.retire(session, settings, clock())) == 1
        forgetting.forget(session, clock(), days=180)
    with database.transaction() as session:
        assert session.scalar(select(func.count()).select_from(Conversation)) == 0
        kept = session.get_one(Enquiry, enquiry_id)
        assert (kept.conversation_id, kept.name) == (None, TRAINING.name)
        assert mails(session, "ENQUIRY")
        if not answered:
            assert service.answer(session, enquiry_id, "Ja, det går bra.", promise, clock(), "staff:1")
    clock.move(days=181)
    with database.transaction() as session:
        assert forgetting.forget(session, clock(), days=180) == 1

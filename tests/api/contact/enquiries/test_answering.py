"""Staff take an enquiry, answer, and are done; the sender can take it back."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from api.contact.enquiries import service
from api.contact.enquiries.errors import EnquiryDone
from api.contact.enquiries.office import Promise
from api.contact.enquiries.tables import EnquiryNote
from api.database import Database
from api.privacy.contacts import Contact
from api.staff.tables import Audit
from tests.api.contact.enquiries.conftest import TRAINING, mails

ACTOR, COLLEAGUE = "staff:1", "counsellor:2"


def test_an_answer_is_mailed_from_the_function_to_the_sender(
    database: Database, promise: Promise, now: datetime
) -> None:
    with database.transaction() as session:
        enquiry = service.send(session, TRAINING, promise, now).enquiry
        assert service.answer(session, enquiry.id, "Ja, vi har en kurs i mars.", promise, now, ACTOR)
        (mail,) = mails(session, "ANSWER")
        assert mail.recipient == TRAINING.contact.value
        assert mail.payload["reply_to"] == enquiry.function_email
        assert "> Ja, vi har en kurs i mars." in mail.payload["text"]
        assert (enquiry.status, enquiry.answered_at, enquiry.taken_by) == ("answered", now, ACTOR)
        (note,) = session.scalars(select(EnquiryNote))
        assert (note.kind, note.text) == ("answer", "Ja, vi har en kurs i mars.")


def test_mails_about_one_enquiry_leave_in_order(database: Database, promise: Promise, now: datetime) -> None:
    with database.transaction() as session:
        enquiry = service.send(session, TRAINING, promise, now).enquiry
        service.answer(session, enquiry.id, "Ett första svar.", promise, now, ACTOR)
        service.reopen(session, enquiry.id, promise, now, ACTOR)
        service.answer(session, enquiry.id, "Ett svar till.", promise, now, ACTOR)
        rows = mails(session)
    assert [row.sequence for row in rows] == [0, 1, 2, 3]
    assert len({row.message_id for row in rows}) == 4
    assert {row.thread for row in rows} == {enquiry.id}


def test_what_was_answered_by_telephone_is_marked_without_a_mail(
    database: Database, promise: Promise, now: datetime
) -> None:
    with database.transaction() as session:
        enquiry = service.send(session, replace(TRAINING, contact=Contact("phone", "0701740605")), promise, now).enquiry
        assert not service.answer(session, enquiry.id, "", promise, now, ACTOR, mail=False)
        assert enquiry.status == "answered"
        assert not mails(session, "ANSWER")


def test_a_colleague_can_take_over_and_is_not_put_out_by_answering(
    database: Database, promise: Promise, now: datetime
) -> None:
    with database.transaction() as session:
        enquiry = service.send(session, TRAINING, promise, now).enquiry
        service.take(session, enquiry.id, now, ACTOR)
        service.take(session, enquiry.id, now, COLLEAGUE)
        service.answer(session, enquiry.id, "Vi hörs på torsdag.", promise, now, ACTOR)
        assert enquiry.taken_by == COLLEAGUE


@pytest.mark.parametrize("done", ["answered", "closed"])
def test_what_is_done_is_neither_taken_nor_answered_again_until_it_is_opened(
    database: Database, promise: Promise, now: datetime, done: str
) -> None:
    with database.transaction() as session:
        enquiry = service.send(session, TRAINING, promise, now).enquiry
        if done == "answered":
            service.answer(session, enquiry.id, "Ja, det går bra.", promise, now, ACTOR)
        else:
            service.close(session, enquiry.id, now, ACTOR)
        with pytest.raises(EnquiryDone):
            service.take(session, enquiry.id, now, ACTOR)
        with pytest.raises(EnquiryDone):
            service.answer(session, enquiry.id, "En gång till.", promise, now, ACTOR)
        later = now + timedelta(days=40)
        service.reopen(session, enquiry.id, promise, later, ACTOR)
        assert enquiry.status == ("taken" if done == "answered" else "new")
        assert enquiry.due_at > later
        assert (enquiry.remind_at, enquiry.closed_at, enquiry.answered_at) == (enquiry.due_at, None, None)


def test_a_sender_takes_it_back_and_the_function_hears_of_it_once(
    database: Database, promise: Promise, now: datetime
) -> None:
    with database.transaction() as session:
        sent = service.send(session, TRAINING, promise, now)
        token = sent.own_url.rpartition("/")[2]
        service.take_back(session, token, promise, now)
        service.take_back(session, token, promise, now)
        (mail,) = mails(session, "WITHDRAWN")
        assert mail.recipient == sent.enquiry.function_email
        assert "personal@verkstad" not in mail.payload["text"]
        assert (sent.enquiry.status, sent.enquiry.taken_back) == ("closed", True)
        with pytest.raises(EnquiryDone):
            service.reopen(session, sent.enquiry.id, promise, now, ACTOR)


def test_a_function_that_has_answered_is_not_told_that_it_need_not(
    database: Database, promise: Promise, now: datetime
) -> None:
    with database.transaction() as session:
        sent = service.send(session, TRAINING, promise, now)
        service.answer(session, sent.enquiry.id, "Ja, det går bra.", promise, now, ACTOR)
        service.take_back(session, sent.own_url.rpartition("/")[2], promise, now)
        assert not mails(session, "WITHDRAWN")


def test_a_note_is_for_colleagues_and_mailed_to_nobody(database: Database, promise: Promise, now: datetime) -> None:
    with database.transaction() as session:
        enquiry = service.send(session, TRAINING, promise, now).enquiry
        before = len(mails(session))
        service.note(session, enquiry.id, "Ringde, inget svar.", now, ACTOR)
        assert len(mails(session)) == before
        assert enquiry.status == "new"


def test_the_trail_holds_who_did_what_and_no_words(database: Database, promise: Promise, now: datetime) -> None:
    with database.transaction() as session:
        enquiry = service.send(session, TRAINING, promise, now).enquiry
        service.take(session, enquiry.id, now, ACTOR)
        service.note(session, enquiry.id, "Hemlig anteckning här.", now, ACTOR)
        service.answer(session, enquiry.id, "Hemligt svar i mejlet.", promise, now, ACTOR)
        service.close(session, enquiry.id, now, ACTOR)
        rows = session.scalars(select(Audit).order_by(Audit.id)).all()
    done = [row.action for row in rows]
    assert done == [f"enquiry.{what}" for what in ("sent", "taken", "noted", "answered", "closed")]
    assert "Hemlig" not in str([row.details for row in rows])


def test_two_who_answer_at_the_same_moment_send_one_answer(database: Database, promise: Promise, now: datetime) -> None:
    with database.transaction() as session:
        enquiry = service.send(session, TRAINING, promise, now).enquiry

    def answers(actor: str) -> bool:
        try:
            with database.transaction() as session:
                return service.answer(session, enquiry.id, "Ja, det går bra.", promise, now, actor)
        except EnquiryDone:
            return False

    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(answers, (ACTOR, COLLEAGUE, ACTOR, COLLEAGUE))) == [False, False, False, True]
    with database.transaction(read_only=True) as session:
        assert len(mails(session, "ANSWER")) == 1

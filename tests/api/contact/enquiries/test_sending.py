"""An enquiry reaches the function that answers, once, and its sender knows what happens."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select

from api.cells import BadCell
from api.contact.enquiries import service
from api.contact.enquiries.errors import EnquiryIncomplete, EnquiryLimit, EnquiryNotFound
from api.contact.enquiries.office import Promise
from api.contact.enquiries.service import A_DAY
from api.contact.enquiries.tables import Enquiry
from api.database import Database
from api.privacy.contacts import Contact
from api.staff.tables import Audit
from tests.api.contact.enquiries.conftest import TRAINING, mails, place, route


def test_the_function_gets_a_mail_that_can_be_answered_and_the_sender_a_receipt(
    database: Database, promise: Promise, now: datetime
) -> None:
    with database.transaction() as session:
        route(session, "Vägledningen", now, municipality=place(session, "Arvika"))
        sent = service.send(session, replace(TRAINING, municipality_id=place(session, "Arvika")), promise, now)
        to_function, receipt = mails(session)
    assert (to_function.recipient, receipt.recipient) == ("vägledningen@example.org", "personal@verkstad.example.org")
    assert to_function.payload["reply_to"] == "personal@verkstad.example.org"
    assert receipt.payload["reply_to"] == "vägledningen@example.org"
    for part in ("MIG/MAG-svetsning", "Antal deltagare: 8", "Hos oss", "Arvika", "Kim", "Vi vill lära våra montörer"):
        assert part in to_function.payload["text"]
    assert "måndag 30 november" in to_function.payload["text"]
    assert f"https://exempel.example.org/personal/arenden/{sent.enquiry.id}" in to_function.payload["text"]
    assert "Vägledningen svarar dig senast måndag 30 november" in receipt.payload["text"]
    assert sent.own_url in receipt.payload["text"]
    assert sent.enquiry.reference in receipt.payload["subject"]


def test_nothing_that_the_sender_wrote_is_in_the_receipt_or_in_any_subject(
    database: Database, promise: Promise, now: datetime
) -> None:
    words = ("Reklamnamn", "Reklambolaget", "Köp nu hos oss", "reklamkurs")
    advert = replace(TRAINING, name=words[0], organisation=words[1], message=words[2], details={"skill": words[3]})
    with database.transaction() as session:
        service.send(session, advert, promise, now)
        to_function, receipt = mails(session)
    for word in words:
        assert word not in receipt.payload["text"] + receipt.payload["html"]
        assert word not in receipt.payload["subject"] + to_function.payload["subject"]


def test_what_is_sent_twice_with_one_key_is_one_enquiry_and_changed_words_another(
    database: Database, promise: Promise, now: datetime
) -> None:
    with database.transaction() as session:
        first = service.send(session, TRAINING, promise, now, client_key="page-1")
        again = service.send(session, TRAINING, promise, now, client_key="page-1")
        other = service.send(session, replace(TRAINING, message="En annan sak."), promise, now, client_key="page-1")
        assert (again.enquiry.id, again.repeated) == (first.enquiry.id, True)
        assert other.enquiry.id != first.enquiry.id
        assert len(mails(session)) == 4
        for url in (first.own_url, again.own_url):
            assert service.by_link(session, url.rpartition("/")[2]).id == first.enquiry.id


def test_a_form_sent_many_times_at_the_same_moment_is_one_enquiry(
    database: Database, promise: Promise, now: datetime
) -> None:
    def send(_: int) -> str:
        with database.transaction() as session:
            return str(service.send(session, TRAINING, promise, now, client_key="page-1").enquiry.id)

    with ThreadPoolExecutor(6) as pool:
        assert len(set(pool.map(send, range(6)))) == 1
    with database.transaction(read_only=True) as session:
        assert session.scalar(select(func.count()).select_from(Enquiry)) == 1
        assert len(mails(session)) == 2


def test_somebody_who_leaves_only_a_telephone_number_gets_no_mail(
    database: Database, promise: Promise, now: datetime
) -> None:
    with database.transaction() as session:
        service.send(session, replace(TRAINING, contact=Contact("phone", "0701740605")), promise, now)
        (only,) = mails(session)
    assert "0701740605" in only.payload["text"]
    assert only.payload["reply_to"] is None
    assert "Ring den som frågar" in only.payload["text"]


def test_identity_numbers_are_stored_nowhere(database: Database, promise: Promise, now: datetime) -> None:
    number = "19811218-9876"
    hidden = replace(
        TRAINING,
        message=f"Mitt nummer är {number}.",
        organisation=f"Bolag {number}",
        details={"skill": f"tig {number}"},
    )
    with database.transaction() as session:
        sent = service.send(session, hidden, promise, now).enquiry
        stored = f"{sent.message} {sent.organisation} {sent.details} {mails(session)[0].payload}"
    assert number not in stored
    assert stored.count("[personnummer]") >= 6


@pytest.mark.parametrize(
    ("sent_at", "due"),
    [
        (datetime(2026, 11, 23, 9, tzinfo=UTC), datetime(2026, 11, 30, 16, tzinfo=UTC)),  # a Monday
        (datetime(2026, 11, 27, 23, 30, tzinfo=UTC), datetime(2026, 12, 4, 16, tzinfo=UTC)),  # Saturday in Sweden
        (datetime(2026, 12, 22, 9, tzinfo=UTC), datetime(2027, 1, 4, 16, tzinfo=UTC)),  # over Christmas and New Year
        (datetime(2027, 6, 21, 9, tzinfo=UTC), datetime(2027, 6, 29, 15, tzinfo=UTC)),  # over midsummer, summer time
    ],
)
def test_an_answer_is_promised_for_the_end_of_the_fifth_working_day(
    database: Database, promise: Promise, sent_at: datetime, due: datetime
) -> None:
    with database.transaction() as session:
        assert service.send(session, TRAINING, promise, sent_at).enquiry.due_at == due


def test_one_contact_cannot_have_us_mail_it_without_end(database: Database, promise: Promise, now: datetime) -> None:
    with database.transaction() as session:
        for number in range(A_DAY):
            service.send(session, replace(TRAINING, message=f"Fråga {number}."), promise, now)
        with pytest.raises(EnquiryLimit):
            service.send(session, replace(TRAINING, message="Och en till."), promise, now)
        service.send(session, replace(TRAINING, contact=Contact("email", "annan@example.org")), promise, now)
        service.send(session, TRAINING, promise, now + timedelta(days=1, minutes=1))


@pytest.mark.parametrize(
    "details", [{}, {"skill": "svets", "group_size": 0}, {"skill": "svets", "where": "moon"}, {"skill": "s", "x": 1}]
)
def test_details_that_do_not_fit_the_matter_are_refused(
    database: Database, promise: Promise, now: datetime, details: dict[str, object]
) -> None:
    with database.transaction() as session, pytest.raises(EnquiryIncomplete):
        service.send(session, replace(TRAINING, details=details), promise, now)


@pytest.mark.parametrize(
    "message", ["https://example.org/kop", "se www.example.org nu", "bra pris " + "https://example.org " * 4]
)
def test_a_message_of_links_alone_is_refused(database: Database, promise: Promise, now: datetime, message: str) -> None:
    with database.transaction() as session, pytest.raises(BadCell):
        service.send(session, replace(TRAINING, message=message), promise, now)


def test_a_link_with_words_around_it_is_welcome(database: Database, promise: Promise, now: datetime) -> None:
    message = "Vi söker svetsare, läs mer på https://example.org/jobb"
    with database.transaction() as session:
        assert service.send(session, replace(TRAINING, message=message), promise, now).enquiry.message == message


def test_a_link_that_was_not_given_finds_nothing(database: Database, promise: Promise, now: datetime) -> None:
    with database.transaction() as session:
        service.send(session, TRAINING, promise, now)
        with pytest.raises(EnquiryNotFound):
            service.by_link(session, "gissning")


def test_the_trail_says_what_came_from_where_and_nobody(database: Database, promise: Promise, now: datetime) -> None:
    with database.transaction() as session:
        service.send(session, replace(TRAINING, municipality_id=place(session, "Arvika")), promise, now)
        (row,) = session.scalars(select(Audit))
    assert (row.action, row.actor) == ("enquiry.sent", "visitor")
    assert row.details == {"matter": "training", "municipality": "0006"}

"""Mails that do not arrive: who is told, what staff can do, and what a server that comes back finds."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from api.booking import reminders
from api.outbox import oversight, service
from api.outbox.delivery import SmtpMailer
from api.outbox.errors import AddressHasIt, AddressInvalid, MailNotFailed
from api.outbox.notices import Notices
from api.outbox.sending import send_due
from api.outbox.tables import Outbox
from api.staff.tables import Audit
from tests.api.booking.mailing import COUNSELLOR, PERSON, book, cancel, move, new, take
from tests.api.outbox.conftest import payload

NODE = "vagledning.karlstad@example.org"
NOTICES = Notices("Industrivägledaren <boka@example.org>", "https://vagledning.example.org")

pytestmark = pytest.mark.usefixtures("counsellors")


@pytest.fixture
def meeting(database, office, now):
    with database.transaction() as session:
        meeting = new(session)
        book(session, meeting, office, now)
    return meeting


def rows(database) -> dict[tuple[str, str], Outbox]:
    with database.transaction() as session:
        return {(row.kind, row.recipient): row for row in session.scalars(select(Outbox).order_by(Outbox.id))}


def give_up(database, kind: str, now, error: str = "550") -> int:
    """Claim everything that is due and give one kind up; the others are sent."""
    with database.transaction() as session:
        for claim in service.claim(session, now):
            if claim.kind == kind:
                dead = service.mark_failed(session, claim, now, error=error, permanent=True, jitter=0)
                assert dead is not None
                NOTICES.tell(session, dead, now)
                found = dead.id
            else:
                service.mark_sent(session, claim.id, now)
    return found


class TestNotice:
    async def test_the_nodes_mailbox_is_told_which_booking_but_not_who(self, database, meeting, mailbox, smtp_url, now):
        mailbox.refused = {PERSON}
        await send_due(database, SmtpMailer(smtp_url), lambda: now, notices=NOTICES)
        (notice,) = [mail for mail in mailbox.mails if mail["To"] == NODE]
        text = notice.get_body(("plain",)).get_content()
        assert notice["Subject"] == f"Ett mejl kom inte fram – bokning {meeting.reference}"
        assert "bekräftelse till den som bokade" in text
        assert "torsdag 26 november kl. 13.00–13.30" in text
        assert "https://vagledning.example.org/personal/utskick" in text
        assert "Adressen kan vara fel" in text
        for private in ("Kim", PERSON, "telefon. Du"):
            assert private not in notice.as_string()
        assert rows(database)["CONFIRMATION", PERSON].dead_at == now
        assert rows(database)["REQUEST", COUNSELLOR].sent_at == now

    async def test_after_48_hours_without_a_server_as_well(self, database, meeting, now):
        mailer = SmtpMailer("smtp://127.0.0.1:1", timeout_seconds=1)
        at = now
        for _ in range(40):
            await send_due(database, mailer, lambda: at, notices=NOTICES)  # noqa: B023 - called at once
            at += timedelta(hours=3)
        found = rows(database)
        assert found["REQUEST", COUNSELLOR].dead_at is not None
        assert timedelta(hours=48) <= found["REQUEST", COUNSELLOR].dead_at - now <= timedelta(hours=57)
        assert ("UNDELIVERED", NODE) in found

    def test_one_notice_is_enough_while_it_waits_and_none_is_about_a_notice(self, database, meeting, now):
        with database.transaction() as session:
            for claim in service.claim(session, now):
                dead = service.mark_failed(session, claim, now, error="550", permanent=True, jitter=0)
                NOTICES.tell(session, dead, now)
        with database.transaction() as session:
            (claim,) = service.claim(session, now)
            assert (claim.kind, claim.recipient) == ("UNDELIVERED", NODE)
            dead = service.mark_failed(session, claim, now, error="550", permanent=True, jitter=0)
            assert NOTICES.tell(session, dead, now) is None
            assert oversight.count_failed(session) == 3

    def test_another_mailbox_can_be_set(self, database, office, now):
        with database.transaction() as session:
            book(session, new(session), replace(office, failed_to="drift@example.org"), now)
        give_up(database, "REQUEST", now)
        assert ("UNDELIVERED", "drift@example.org") in rows(database)


class TestTryAgain:
    def test_a_mail_given_up_is_sent_after_all(self, database, meeting, now):
        mail_id = give_up(database, "CONFIRMATION", now)
        later = now + timedelta(days=3)
        with database.transaction() as session:
            oversight.try_again(session, mail_id, later, "staff:1")
            assert oversight.count_failed(session) == 0
        with database.transaction() as session:
            assert take(session, later)[PERSON].kind == "CONFIRMATION"
            entry = session.scalars(select(Audit).where(Audit.action == "mail.retried")).one()
            assert (entry.actor, entry.subject, entry.details) == (
                "staff:1",
                f"mail:{mail_id}",
                {"kind": "CONFIRMATION"},
            )

    def test_and_has_48_hours_again(self, database, meeting, now):
        mail_id = give_up(database, "CONFIRMATION", now)
        later = now + timedelta(days=3)
        with database.transaction() as session:
            oversight.try_again(session, mail_id, later, "staff:1")
        with database.transaction() as session:
            (claim,) = (claim for claim in service.claim(session, later) if claim.id == mail_id)
            assert service.mark_failed(session, claim, later, error="451", permanent=False, jitter=0) is None

    def test_what_was_sent_dropped_or_is_being_sent_cannot_be(self, database, meeting, now):
        with database.transaction() as session:
            first, second = (claim.id for claim in service.claim(session, now))
            reminder = session.scalars(select(Outbox.id).where(Outbox.kind == "REMINDER")).one()
        with database.transaction() as session:
            service.mark_sent(session, first, now)
        for mail_id in (first, second, reminder, 10**6):
            with pytest.raises(MailNotFailed), database.transaction() as session:
                oversight.try_again(session, mail_id, now, "staff:1")


class TestElsewhere:
    OTHER = "kim.ratt@example.org"

    def elsewhere(self, database, mail_id, now, address=OTHER):
        with database.transaction() as session:
            return oversight.send_elsewhere(session, mail_id, address, now, "staff:1").id

    def test_the_mail_goes_to_the_new_address_with_the_same_message_id(self, database, meeting, now):
        mail_id = give_up(database, "CONFIRMATION", now)
        new_id = self.elsewhere(database, mail_id, now)
        found = rows(database)
        old, other = found["CONFIRMATION", PERSON], found["CONFIRMATION", self.OTHER]
        assert (other.id, other.message_id) == (new_id, old.message_id)
        assert (old.superseded_at, old.payload, old.redirected_to) == (now, {}, self.OTHER)
        with database.transaction() as session:
            assert take(session, now)[self.OTHER].kind == "CONFIRMATION"
            entry = session.scalars(select(Audit).where(Audit.action == "mail.redirected")).one()
            assert "@" not in str(entry.details) + entry.subject

    def test_later_mails_about_the_meeting_follow(self, database, office, meeting, now):
        self.elsewhere(database, give_up(database, "CONFIRMATION", now), now)
        with database.transaction() as session:
            take(session, now)
            move(session, session.merge(meeting), office, now, hours=24)
            assert set(take(session, now)) == {COUNSELLOR, self.OTHER}
        due = now + timedelta(days=3, hours=3)
        with database.transaction() as session:
            reminders.write_due(session, office, due)
            assert {to: mail.kind for to, mail in take(session, due).items()} == {self.OTHER: "REMINDER"}
            cancel(session, session.merge(meeting), office, due)
            assert set(take(session, due)) == {COUNSELLOR, self.OTHER}

    def test_an_invitation_sent_elsewhere_is_also_cancelled_there(self, database, office, meeting, now):
        self.elsewhere(database, give_up(database, "REQUEST", now), now, "vikarie@example.org")
        with database.transaction() as session:
            take(session, now)
            cancel(session, session.merge(meeting), office, now)
            sent = take(session, now)
        assert {to: mail.kind for to, mail in sent.items()} == {PERSON: "CANCELLATION", "vikarie@example.org": "CANCEL"}

    @pytest.mark.parametrize(
        "address",
        [
            "",
            "kim",
            "kim@",
            "@example.org",
            "kim@example",
            "åsa@example.org",
            "kim@example.org\r\nBcc: x@example.org",
            "kim@example.org, x@example.org",
            "Kim <kim@example.org>",
            "kim @example.org",
            f"{'k' * 250}@example.org",
        ],
    )
    def test_only_one_plain_address_is_taken(self, database, meeting, now, address):
        mail_id = give_up(database, "CONFIRMATION", now)
        with pytest.raises(AddressInvalid):
            self.elsewhere(database, mail_id, now, address)

    def test_an_address_that_gets_the_mail_anyway_is_refused(self, database, meeting, now):
        mail_id = give_up(database, "CONFIRMATION", now)
        with pytest.raises(AddressHasIt):
            self.elsewhere(database, mail_id, now, PERSON)


class TestBackAfterANight:
    async def test_the_first_mail_that_is_taken_hurries_those_that_found_nobody(
        self, database, meeting, mailbox, smtp_url, now
    ):
        nobody = SmtpMailer("smtp://127.0.0.1:1", timeout_seconds=1)
        at = now
        for _ in range(60):  # a night: the pauses have grown to hours
            await send_due(database, nobody, lambda: at)  # noqa: B023 - called at once
            at += timedelta(minutes=11)
        waits = [row.next_try for row in rows(database).values() if row.kind != "REMINDER"]
        assert max(waits) > at + timedelta(minutes=30)
        with database.transaction() as session:
            plain = payload(ics=None, ics_method=None)
            service.enqueue(
                session, kind="X", recipient="x@example.org", message_id="x@example.org", payload=plain, now=at
            )
        await send_due(database, SmtpMailer(smtp_url), lambda: at)
        assert {str(mail["To"]) for mail in mailbox.mails} == {"x@example.org", COUNSELLOR, PERSON}

    async def test_what_was_cancelled_meanwhile_is_never_heard_of(
        self,
        database,
        office,
        meeting,
        mailbox,
        smtp_url,
        now,
    ):
        with database.transaction() as session:
            cancel(session, session.merge(meeting), office, now)
        await send_due(database, SmtpMailer(smtp_url), lambda: now + timedelta(hours=12))
        assert mailbox.mails == []

    async def test_what_may_have_arrived_is_cancelled_and_only_that(
        self,
        database,
        office,
        meeting,
        mailbox,
        smtp_url,
        now,
    ):
        with database.transaction() as session:
            (claim, *_) = service.claim(session, now, limit=1)
            service.mark_failed(session, claim, now, error="SMTPReadTimeoutError", permanent=False, jitter=0)
            assert claim.recipient == COUNSELLOR
        with database.transaction() as session:
            cancel(session, session.merge(meeting), office, now + timedelta(hours=1))
        await send_due(database, SmtpMailer(smtp_url), lambda: now + timedelta(hours=12))
        ((_, recipients),) = mailbox.envelopes
        assert recipients == [COUNSELLOR]
        (part,) = (part for part in mailbox.mails[0].walk() if part.get_content_type() == "text/calendar")
        assert part.get_param("method") == "CANCEL"


def test_a_worker_whose_lease_ran_out_undoes_nothing_that_another_does(database, meeting, now):
    with database.transaction() as session:
        (mine, *_) = service.claim(session, now, limit=1)
    later = now + service.LEASE + timedelta(seconds=1)
    with database.transaction() as session:
        (theirs, *_) = service.claim(session, later, limit=1)
        assert theirs.id == mine.id
    with database.transaction() as session:
        assert service.mark_failed(session, mine, later, error="550", permanent=True, jitter=0) is None
    with database.transaction() as session:
        row = session.get_one(Outbox, mine.id)
        assert (row.dead_at, row.claimed_until) == (None, theirs.lease)

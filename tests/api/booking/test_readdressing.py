"""A counsellor's address changes: what stands in the old calendar leaves it, and what is to come is in the new one."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from api.booking import desk, mails, moves, readdressing
from api.booking.tables import Counsellor, Meeting
from api.outbox import oversight
from api.outbox import service as outbox
from api.outbox.tables import Outbox
from api.privacy.contacts import Contact
from api.staff.tables import Audit
from tests.api.booking.conftest import counsellor, utc
from tests.api.booking.mailing import COUNSELLOR, PERSON, THURSDAY, book, cancel, move, new, other_counsellor, take
from tests.api.booking.test_mails import assert_by_the_rules
from tests.api.staff.conftest import (
    Browser,
    House,
    build,  # noqa: F401 - a fixture that `house` asks for
    house,  # noqa: F401 - a fixture
)
from tests.api.staff.desk import send

NEW, OTHER = "syv.ny@example.org", "syv.karlstad-2@example.org"
pytestmark = pytest.mark.usefixtures("counsellors")


@pytest.fixture
def staff(house: House) -> Browser:  # noqa: F811
    return house.signed_in(house.account())


def readdress(session, office, now, *, to: str = NEW) -> int:
    """Give karlstad-1 another address, as its page does."""
    row = counsellor(session, "karlstad-1")
    before, row.email = row.email, to
    return readdressing.tell_addresses(session, row, before, now, "staff:1", office)


def path_of(database) -> str:
    with database.transaction(read_only=True) as session:
        return f"/personal/orter/vagledare/{counsellor(session, 'karlstad-1').id}"


class TestWhoHears:
    def test_the_old_calendar_lets_go_of_the_meeting_and_the_new_one_takes_it(self, database, office, now):
        with database.transaction() as session:
            meeting = new(session)
            book(session, meeting, office, now)
            first = take(session, now)
            assert readdress(session, office, now) == 1
            sent = take(session, now)
        assert {to: mail.kind for to, mail in sent.items()} == {COUNSELLOR: "CANCEL", NEW: "REQUEST"}
        assert_by_the_rules(sent[COUNSELLOR], method="CANCEL", sequence=1)
        assert_by_the_rules(sent[NEW], method="REQUEST", sequence=1)
        assert {mail.event["UID"] for mail in sent.values()} == {first[COUNSELLOR].event["UID"]}
        assert sent[NEW].event["DTSTART"].dt == first[COUNSELLOR].event["DTSTART"].dt
        assert PERSON in sent[NEW].text
        for private in ("Kim", PERSON):
            assert private not in sent[COUNSELLOR].text + sent[COUNSELLOR].event.to_ical().decode()
        assert "inte avbokat" in sent[COUNSELLOR].text

    @pytest.mark.parametrize(
        ("what", "heard"),
        [
            ("cancelled", {NEW: "CANCEL"}),
            ("moved", {NEW: "REQUEST"}),
            ("handed over", {NEW: "CANCEL", OTHER: "REQUEST"}),
        ],
    )
    def test_afterwards_only_the_new_one_hears_and_always(self, database, office, now, what, heard):
        with database.transaction() as session:
            meeting = new(session)
            book(session, meeting, office, now)
            take(session, now)
            readdress(session, office, now)
            take(session, now)
            if what == "cancelled":
                cancel(session, meeting, office, now)
            else:
                more = {} if what == "moved" else {"hours": 0, "counsellor": other_counsellor(session)}
                move(session, meeting, office, now, **more)
            sent = {to: mail.kind for to, mail in take(session, now).items() if to != PERSON}
        assert sent == heard

    def test_an_address_that_was_sent_nothing_hears_nothing_and_what_waits_for_the_person_still_leaves(
        self, database, office, now
    ):
        with database.transaction() as session:
            meeting = new(session)
            book(session, meeting, office, now)
            readdress(session, office, now)
            sent = take(session, now)
            assert {to: mail.kind for to, mail in sent.items()} == {NEW: "REQUEST", PERSON: "CONFIRMATION"}
            assert sent[NEW].message["Subject"].startswith("Bokat:")
            reminder = session.scalars(select(Outbox).where(Outbox.kind == "REMINDER", outbox.is_open(Outbox))).one()
            assert reminder.draft

    def test_back_again_before_a_mail_has_left_the_invitation_comes_last(self, database, office, now):
        with database.transaction() as session:
            book(session, new(session), office, now)
            take(session, now)
            readdress(session, office, now)
            readdress(session, office, now, to=COUNSELLOR)
            rounds = []
            while claims := outbox.claim(session, now):
                rounds.append([(claim.recipient, claim.kind) for claim in claims])
                for claim in claims:
                    outbox.mark_sent(session, claim.id, now)
        assert rounds == [[(COUNSELLOR, "CANCEL")], [(COUNSELLOR, "REQUEST")]]

    def test_what_was_refused_at_the_old_address_is_nobodys_business_any_more(self, database, office, now):
        with database.transaction() as session:
            book(session, new(session), office, now)
            for claim in outbox.claim(session, now):
                if claim.recipient == COUNSELLOR:
                    outbox.mark_failed(session, claim, now, error="550", permanent=True, jitter=0)
            assert len(oversight.failed(session)) == 1
            readdress(session, office, now)
            assert oversight.failed(session) == []

    def test_who_was_sent_the_mails_elsewhere_already_is_told_nothing_twice(self, database, office, now):
        with database.transaction() as session:
            meeting = new(session)
            book(session, meeting, office, now)
            row = session.scalars(select(Outbox).where(Outbox.recipient == COUNSELLOR)).one()
            oversight.send_elsewhere(session, row.id, NEW, now, "staff:1")
            take(session, now)
            assert readdress(session, office, now) == 0
            assert take(session, now) == {}
            cancel(session, meeting, office, now)
            assert take(session, now)[NEW].kind == "CANCEL"

    def test_capital_letters_make_no_other_mailbox(self, database, office, now):
        with database.transaction() as session:
            meeting = new(session)
            book(session, meeting, office, now)
            take(session, now)
            assert readdress(session, office, now, to=COUNSELLOR.upper()) == 0
            cancel(session, meeting, office, now)
            assert take(session, now)[COUNSELLOR.upper()].kind == "CANCEL"


class TestWhichMeetings:
    def test_those_that_are_booked_and_to_come(self, database, office, now):
        with database.transaction() as session:
            coming = new(session)
            rest = [
                new(session, at=THURSDAY + timedelta(days=1), status="cancelled"),
                new(session, at=now - timedelta(days=3)),
                new(session, at=now),
                new(session, counsellor="karlstad-2"),
            ]
            for meeting in (coming, *rest):
                book(session, meeting, office, now - timedelta(days=4))
            assert readdress(session, office, now) == 1
            assert coming.sequence == 1
            assert [meeting.sequence for meeting in rest] == [0, 0, 0, 0]
            trail = [row.subject for row in session.scalars(select(Audit)) if row.action == "meeting.readdressed"]
        assert trail == [f"meeting:{coming.id}"]

    def test_the_person_may_move_it_as_often_as_before(self, database, office, now):
        with database.transaction() as session:
            meeting = new(session)
            book(session, meeting, office, now)
            readdress(session, office, now)
            assert meeting.own_moves == 0


class TestAddressesReadBeforeTheLock:
    """Somebody else changed the address while this one waited for the counsellor."""

    def changed_meanwhile(self, session, slug: str) -> None:
        change = update(Counsellor).where(Counsellor.slug == slug).values(email=NEW)
        session.execute(change.execution_options(synchronize_session=False))

    def recipients(self, session) -> set[str]:
        return set(session.scalars(select(Outbox.recipient).where(Outbox.kind == "REQUEST")))

    def test_a_meeting_that_staff_book(self, database, office, now):
        with database.transaction() as session:
            row = counsellor(session, "karlstad-1")
            self.changed_meanwhile(session, "karlstad-1")
            desk.book_for(
                session,
                row,
                utc("2026-11-26 12:00"),
                "phone",
                name="Sam",
                contact=Contact("phone", "0701740605"),
                now=now,
                by="staff:1",
                office=office,
                idempotency_key="k",
            )
            assert self.recipients(session) == {NEW}

    @pytest.mark.parametrize("slug", ["karlstad-1", "karlstad-2"])
    def test_a_meeting_that_is_moved_or_handed_over(self, database, office, now, slug):
        with database.transaction() as session:
            meeting, taker = new(session), counsellor(session, slug)
            self.changed_meanwhile(session, slug)
            moves.move(session, meeting, utc("2026-11-26 14:00"), now, "staff:1", office, counsellor=taker)
            assert self.recipients(session) == {NEW}

    def test_a_meeting_that_the_person_moves(self, database, office, now):
        with database.transaction() as session:
            meeting = new(session)
            assert meeting.counsellor.email == COUNSELLOR
            self.changed_meanwhile(session, "karlstad-1")
            moves.move_to_slot(session, meeting, "karlstad-1@20261126T1300Z", now, "link", office)
            assert self.recipients(session) == {NEW}


class TestOnThePage:
    async def test_a_new_address_takes_the_meetings_along_and_undo_brings_them_back(self, database, office, now, staff):
        with database.transaction() as session:
            meeting = new(session)
            book(session, meeting, office, now)
            take(session, now)
        answer = await send(staff, path_of(database), email=NEW)
        assert answer.status_code == 303
        with database.transaction() as session:
            assert {to: mail.kind for to, mail in take(session, now).items()} == {COUNSELLOR: "CANCEL", NEW: "REQUEST"}
        page = await staff.get(answer.headers["location"])
        batch = page.text.partition("/personal/angra/")[2].partition('"')[0]
        await staff.post(f"/personal/angra/{batch}")
        with database.transaction() as session:
            assert {to: mail.kind for to, mail in take(session, now).items()} == {NEW: "CANCEL", COUNSELLOR: "REQUEST"}
            assert session.get_one(Meeting, meeting.id).sequence == 2
        seen = await staff.get(f"/personal/moten/{meeting.id}")
        assert seen.text.count("Inbjudan är skickad till en ny adress") == 2

    async def test_history_puts_an_old_address_back_with_its_meetings(self, database, office, now, staff):
        with database.transaction() as session:
            book(session, new(session), office, now)
            take(session, now)
        await send(staff, path_of(database), email=NEW)
        with database.transaction() as session:
            take(session, now)
        number = path_of(database).rpartition("/")[2]
        history = f"/personal/historik/counsellor/{number}"
        change = (await staff.get(history)).text.partition(f'action="{history}/')[2].partition('"')[0]
        assert (await staff.post(f"{history}/{change}")).status_code == 303
        with database.transaction() as session:
            assert {to: mail.kind for to, mail in take(session, now).items()} == {NEW: "CANCEL", COUNSELLOR: "REQUEST"}

    async def test_what_else_is_changed_sends_nothing(self, database, office, now, staff):
        with database.transaction() as session:
            meeting = new(session)
            book(session, meeting, office, now)
            take(session, now)
        await send(staff, path_of(database), phone="031-390 06 60")
        with database.transaction() as session:
            assert take(session, now) == {}
            assert session.get_one(Meeting, meeting.id).sequence == 0


class TestASharedMailbox:
    """Two counsellors read the same mailbox."""

    def share(self, session) -> None:
        other_counsellor(session).email = COUNSELLOR
        session.flush()

    def test_a_hand_over_there_is_one_invitation_with_a_raised_sequence_and_no_cancellation(
        self, database, office, now
    ):
        with database.transaction() as session:
            self.share(session)
            meeting = new(session)
            book(session, meeting, office, now)
            first = take(session, now)
            move(session, meeting, office, now, hours=0, counsellor=other_counsellor(session))
            kinds = session.scalars(select(Outbox.kind).where(Outbox.recipient == COUNSELLOR, Outbox.sequence == 1))
            assert kinds.all() == ["REQUEST"]
            sent = take(session, now)
        assert_by_the_rules(sent[COUNSELLOR], method="REQUEST", sequence=1)
        assert sent[COUNSELLOR].event["UID"] == first[COUNSELLOR].event["UID"]
        assert "Hade mötet: Studie- och yrkesvägledare 1, Karlstad" in sent[COUNSELLOR].text
        assert "Tar mötet: Studie- och yrkesvägledare 2, Karlstad" in sent[COUNSELLOR].text

    def test_it_is_told_of_a_cancellation_after_that(self, database, office, now):
        with database.transaction() as session:
            self.share(session)
            meeting = new(session)
            book(session, meeting, office, now)
            take(session, now)
            move(session, meeting, office, now, hours=0, counsellor=other_counsellor(session))
            take(session, now)
            cancel(session, meeting, office, now)
            assert take(session, now)[COUNSELLOR].kind == "CANCEL"

    def test_a_mailbox_that_staff_chose_for_the_mails_counts(self, database, office, now):
        with database.transaction() as session:
            meeting = new(session)
            book(session, meeting, office, now)
            row = session.scalars(select(Outbox).where(Outbox.recipient == COUNSELLOR)).one()
            oversight.send_elsewhere(session, row.id, OTHER, now, "staff:1")
            take(session, now)
            assert mails.same_mailbox(session, meeting, COUNSELLOR, OTHER)
            move(session, meeting, office, now, hours=0, counsellor=other_counsellor(session))
            assert take(session, now)[OTHER].kind == "REQUEST"

"""Moving, reassigning and what staff do at their desk, through the services that pages and chat call."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from api.booking import desk, forgetting, moves, service
from api.booking.errors import (
    CounsellorUnknown,
    IdempotencyConflict,
    MeetingAhead,
    MeetingNotFound,
    MeetingPassed,
    MoveLimit,
    SlotTaken,
    SlotUnknown,
)
from api.booking.tables import Counsellor, Meeting
from api.privacy.contacts import Contact, typed_contact
from api.privacy.errors import ContactInvalid
from api.staff.tables import Audit
from tests.api.booking.conftest import counsellor, offered, utc

ONE, TWO, NODE = (f"{slug}@20261126T1200Z" for slug in ("karlstad-1", "karlstad-2", "karlstad"))
LATER = "karlstad@20261126T1300Z"

pytestmark = pytest.mark.usefixtures("counsellors")


class TestMoving:
    def test_a_move_keeps_uid_and_counsellor_and_raises_the_sequence(self, database, book, person, now, office):
        booked = book(person, TWO)
        with database.transaction() as session:
            row = session.get_one(Meeting, booked.id)
            moves.move_to_slot(session, row, LATER, now, "link", office)
        with database.transaction() as session:
            row = session.get_one(Meeting, booked.id)
            assert (row.counsellor.slug, row.starts_at) == ("karlstad-2", utc("2026-11-26 13:00"))
            assert (row.ical_uid, row.sequence) == (booked.ical_uid, 1)
            (moved,) = session.scalars(select(Audit).where(Audit.action == "meeting.moved"))
            assert moved.details["from_starts_at"] == "2026-11-26T12:00:00+00:00"
            assert moved.actor == "link"
            assert session.scalar(select(func.count()).select_from(Meeting)) == 1

    def test_when_the_counsellor_is_taken_then_somebody_else_takes_over(self, database, book, new_person, now, office):
        booked = book(new_person(), ONE)
        book(new_person(), "karlstad-1@20261126T1300Z")
        with database.transaction() as session:
            row = moves.move_to_slot(session, session.get_one(Meeting, booked.id), LATER, now, "chat", office)
            assert row.counsellor.slug == "karlstad-2"

    def test_into_its_own_time_a_meeting_may_be_pushed_a_little(self, database, book, person, now, office):
        with database.transaction() as session:
            for row in session.scalars(select(Counsellor)).unique():
                row.slot_step_minutes = 10
        booked = book(person, ONE)
        with database.transaction() as session:
            row = session.get_one(Meeting, booked.id)
            moves.move_to_slot(session, row, "karlstad-1@20261126T1210Z", now, "link", office)
            assert row.starts_at == utc("2026-11-26 12:10")

    def test_a_refused_move_offers_the_nearest_times_and_changes_nothing(self, database, book, new_person, now, office):
        booked = book(new_person(), ONE)
        for slug in ("karlstad-1", "karlstad-2"):
            book(new_person(), f"{slug}@20261126T1300Z")
        with pytest.raises(SlotTaken) as error, database.transaction() as session:
            moves.move_to_slot(session, session.get_one(Meeting, booked.id), LATER, now, "link", office)
        # 13.00–13.30 is the meeting's own time, and 13.30 would run its buffer into the next.
        assert offered(error) == ["2026-11-26T11:30", "2026-11-26T15:00", "2026-11-26T15:30"]
        with database.transaction() as session:
            assert session.get_one(Meeting, booked.id).sequence == 0

    @pytest.mark.parametrize("slot", ["arvika@20261126T1300Z", "nowhere@20261126T1300Z", "karlstad@20261126T1105Z"])
    def test_only_times_at_the_same_node_that_are_offered(self, database, book, person, now, office, slot):
        booked = book(person)
        with pytest.raises(SlotUnknown), database.transaction() as session:
            moves.move_to_slot(session, session.get_one(Meeting, booked.id), slot, now, "link", office)

    def test_a_person_cannot_move_one_meeting_without_end(self, database, book, person, now, office):
        booked = book(person)
        with database.transaction() as session:
            row = session.get_one(Meeting, booked.id)
            for number in range(moves.MOVES):
                moves.move_to_slot(session, row, (LATER, NODE)[number % 2], now, "link", office)
            with pytest.raises(MoveLimit):
                moves.move_to_slot(session, row, LATER, now, "link", office)

    def test_what_staff_do_uses_up_none_of_the_persons_moves(self, database, book, person, now, office):
        booked = book(person, ONE)
        with database.transaction() as session:
            row = session.get_one(Meeting, booked.id)
            for number in range(moves.MOVES):
                moves.move(session, row, utc(f"2026-11-26 1{3 + number % 2}:00"), now, "staff:1", office)
            assert (row.sequence, row.own_moves) == (moves.MOVES, 0)
            moves.move_to_slot(session, row, NODE, now, "link", office)
            assert (row.sequence, row.own_moves) == (moves.MOVES + 1, 1)

    def test_what_has_begun_or_is_cancelled_is_not_moved(self, database, book, new_person, now, office):
        first, second = book(new_person(), ONE), book(new_person(), TWO)
        with database.transaction() as session:
            service.cancel(session, session.get_one(Meeting, second.id), now, "chat", office)
        with pytest.raises(MeetingPassed), database.transaction() as session:
            moves.move_to_slot(session, session.get_one(Meeting, first.id), LATER, first.starts_at, "link", office)
        with pytest.raises(MeetingNotFound), database.transaction() as session:
            moves.move_to_slot(session, session.get_one(Meeting, second.id), LATER, now, "link", office)

    def test_staff_move_a_meeting_outside_the_hours_but_only_knowingly_onto_another(
        self, database, book, new_person, now, office
    ):
        booked, other = book(new_person(), ONE), book(new_person(), "karlstad-1@20261126T1300Z")
        with database.transaction() as session:
            row = moves.move(session, session.get_one(Meeting, booked.id), utc("2026-11-26 17:15"), now, "s:1", office)
            assert (row.starts_at, row.staff_override) == (utc("2026-11-26 17:15"), False)
        with pytest.raises(SlotTaken), database.transaction() as session:
            moves.move(session, session.get_one(Meeting, booked.id), other.starts_at, now, "s:1", office)
        with database.transaction() as session:
            row = session.get_one(Meeting, booked.id)
            assert moves.move(session, row, other.starts_at, now, "s:1", office, override=True).staff_override
            details = session.scalars(select(Audit.details).order_by(Audit.id.desc())).first()
            assert details["double_booking"] is True
        with database.transaction() as session:  # and the mark goes when it lies alone again
            row = session.get_one(Meeting, booked.id)
            assert not moves.move(session, row, utc("2026-11-26 14:00"), now, "s:1", office).staff_override

    def test_a_meeting_is_given_to_a_colleague_at_the_same_time(self, database, book, person, now, office):
        booked = book(person, ONE)
        with database.transaction() as session:
            row = session.get_one(Meeting, booked.id)
            moves.reassign(session, row, counsellor(session, "karlstad-2"), now, "staff:1", office)
            assert (row.counsellor.slug, row.starts_at, row.sequence) == ("karlstad-2", booked.starts_at, 1)
        with database.transaction() as session:
            row, far_away = session.get_one(Meeting, booked.id), counsellor(session, "arvika-1")
            with pytest.raises(CounsellorUnknown):
                moves.reassign(session, row, far_away, now, "staff:1", office)

    @pytest.mark.parametrize("who", ["staff", "the person"])
    def test_the_note_stays_with_the_counsellor_and_goes_when_another_one_takes_over(
        self, database, book, new_person, now, office, who
    ):
        booked = book(new_person(), ONE)
        book(new_person(), "karlstad-1@20261126T1300Z")
        with database.transaction() as session:
            row = session.get_one(Meeting, booked.id)
            desk.write_note(session, row, "Frågade om svets.", now, "counsellor:1")
            moves.move(session, row, utc("2026-11-26 14:00"), now, "staff:1", office)
            assert row.counsellor_note == "Frågade om svets."
            if who == "staff":
                moves.reassign(session, row, counsellor(session, "karlstad-2"), now, "staff:1", office)
            else:
                moves.move_to_slot(session, row, LATER, now, "link", office)
            assert row.counsellor.slug == "karlstad-2"
        with database.transaction() as session:
            assert session.get_one(Meeting, booked.id).counsellor_note is None

    def test_a_refused_hand_over_keeps_the_note(self, database, book, new_person, now, office):
        booked, _ = book(new_person(), ONE), book(new_person(), TWO)
        with database.transaction() as session:
            row = session.get_one(Meeting, booked.id)
            desk.write_note(session, row, "Frågade om svets.", now, "counsellor:1")
            with pytest.raises(SlotTaken):
                moves.reassign(session, row, counsellor(session, "karlstad-2"), now, "staff:1", office)
        with database.transaction() as session:
            assert session.get_one(Meeting, booked.id).counsellor_note == "Frågade om svets."


class TestDesk:
    def book_for(self, session, slug: str, start: str, now, office, *, key: str = "k", **more) -> Meeting:
        return desk.book_for(
            session,
            counsellor(session, slug),
            utc(start),
            more.pop("meeting_type", "phone"),
            name="Sam",
            contact=Contact("phone", "0701740605"),
            now=now,
            by="staff:1",
            office=office,
            idempotency_key=key,
            **more,
        ).meeting

    def test_staff_book_for_somebody_and_a_second_press_books_once(self, database, now, office):
        for _ in range(2):
            with database.transaction() as session:
                row = self.book_for(session, "karlstad-1", "2026-11-23 17:00", now, office)
                assert (row.status, row.staff_override) == ("confirmed", False)
        with database.transaction() as session:
            assert session.scalar(select(func.count()).select_from(Meeting)) == 1
            assert [row.action for row in session.scalars(select(Audit))] == ["meeting.booked_for"]
        with pytest.raises(IdempotencyConflict), database.transaction() as session:
            self.book_for(session, "karlstad-1", "2026-11-23 18:00", now, office)

    def test_a_double_booking_is_made_only_when_asked_for(self, database, book, person, now, office):
        book(person, ONE)
        with pytest.raises(SlotTaken), database.transaction() as session:
            self.book_for(session, "karlstad-1", "2026-11-26 12:15", now, office)
        with database.transaction() as session:
            row = self.book_for(session, "karlstad-1", "2026-11-26 12:15", now, office, override=True)
            assert row.staff_override

    def test_a_time_that_is_over_and_a_wrong_way_to_meet_are_refused(self, database, now, office):
        with pytest.raises(SlotUnknown), database.transaction() as session:
            self.book_for(session, "karlstad-1", "2026-11-23 08:00", now, office)
        with pytest.raises(CounsellorUnknown), database.transaction() as session:
            self.book_for(session, "karlstad-2", "2026-11-26 12:00", now, office, meeting_type="video")

    @pytest.mark.parametrize(
        ("typed", "contact"),
        [
            ("070-174 06 05", Contact("phone", "0701740605")),
            (" kim@example.org ", Contact("email", "kim@example.org")),
            ("", None),
        ],
    )
    def test_a_typed_contact_is_read(self, typed, contact):
        assert typed_contact(typed) == contact

    @pytest.mark.parametrize("typed", ["Kim", "070-174 06 05 kim@example.org", "ring 070-174 06 05"])
    def test_what_is_no_contact_is_refused(self, typed):
        with pytest.raises(ContactInvalid):
            typed_contact(typed)

    def test_who_did_not_come_is_noted_after_the_meeting_and_can_be_taken_back(self, database, book, person, now):
        booked = book(person)
        with pytest.raises(MeetingAhead), database.transaction() as session:
            desk.mark_no_show(session, session.get_one(Meeting, booked.id), now, "staff:1")
        after = booked.ends_at
        for missed in (True, True, False):
            with database.transaction() as session:
                row = desk.mark_no_show(session, session.get_one(Meeting, booked.id), after, "staff:1", missed=missed)
                assert row.no_show is missed
        with database.transaction() as session:
            changes = [row.details["missed"] for row in session.scalars(select(Audit)) if "no_show" in row.action]
            assert changes == [True, False]

    def test_a_note_is_the_counsellors_own_and_goes_with_the_person(self, database, book, person, now):
        booked = book(person)
        with database.transaction() as session:
            desk.write_note(session, session.get_one(Meeting, booked.id), " Frågade om svets. ", now, "counsellor:1")
        with database.transaction() as session:
            assert session.get_one(Meeting, booked.id).counsellor_note == "Frågade om svets."
            assert "svets" not in str([row.details for row in session.scalars(select(Audit))])
            forgetting.forget_people(session, booked.ends_at + timedelta(seconds=1))
        with database.transaction() as session:
            assert session.get_one(Meeting, booked.id).counsellor_note is None

"""Whose turn it is, holding a time, and how much one person may book."""

from __future__ import annotations

from datetime import timedelta

import pytest

from api.booking import holds, limits
from api.booking.errors import (
    HoldExpired,
    HoldExtended,
    HoldLimit,
    MeetingLimit,
    SlotTaken,
    SlotTooShort,
)
from api.booking.openings import node_slots
from api.booking.slots import Span
from api.booking.tables import Meeting
from api.chat.tables import Conversation
from tests.api.booking.conftest import confirm_held, offered, utc

ONE, TWO, NODE = (f"{slug}@20261126T1200Z" for slug in ("karlstad-1", "karlstad-2", "karlstad"))
LATER = "karlstad@20261126T1300Z"

pytestmark = pytest.mark.usefixtures("counsellors")


class TestWhoseTurn:
    def test_a_nodes_time_goes_to_the_next_one_who_is_free_in_the_same_request(self, hold, new_person):
        assert [hold(new_person(), NODE).counsellor.slug for _ in range(2)] == ["karlstad-1", "karlstad-2"]
        with pytest.raises(SlotTaken):
            hold(new_person(), NODE)

    def test_meetings_are_shared_equally(self, book, new_person):
        slots = [f"karlstad@202611{day}T{hour:02}00Z" for day in (25, 26, 27) for hour in (8, 9, 12, 13)]
        whose = [book(new_person(), slot).counsellor.slug for slot in slots]
        assert whose == ["karlstad-1", "karlstad-2"] * 6

    def test_a_chosen_counsellor_is_not_exchanged(self, hold, new_person):
        hold(new_person(), ONE)
        with pytest.raises(SlotTaken) as error:
            hold(new_person(), ONE)
        assert offered(error) == ["2026-11-26T11:30", "2026-11-26T14:00", "2026-11-26T14:30"], "the chosen one's others"

    def test_only_the_chosen_counsellors_times_are_shown_when_one_is_asked_for(self, database, hold, new_person, now):
        hold(new_person(), TWO)
        with database.transaction() as session:
            offers = node_slots(session, "karlstad", "phone", now, counsellor="karlstad-2")
        assert {offer.counsellor.slug for offer in offers} == {"karlstad-2"}
        assert TWO not in {offer.id for offer in offers}
        assert all(offer.id.startswith("karlstad-2@") for offer in offers)

    def test_a_window_narrows_what_is_shown(self, database, now):
        window = Span(utc("2026-11-26 12:00"), utc("2026-11-26 13:00"))
        with database.transaction() as session:
            offers = node_slots(session, "karlstad", "phone", now, window=window)
        assert [offer.id for offer in offers] == [NODE, "karlstad@20261126T1230Z"]


class TestHolding:
    def test_a_hold_is_made_longer_once(self, database, hold, person, now):
        held = hold(person)
        with database.transaction() as session:
            longer = holds.extend(session, held.id, person.conversation_id, now + timedelta(minutes=9))
            assert longer.held_until == now + 2 * holds.HOLD_TIME
        with pytest.raises(HoldExtended), database.transaction() as session:
            holds.extend(session, held.id, person.conversation_id, now + timedelta(minutes=12))
        with pytest.raises(HoldExpired), database.transaction() as session:
            holds.extend(session, held.id, person.conversation_id, now + timedelta(minutes=20))

    def test_an_interpreter_makes_the_held_meeting_longer_and_shorter_again(self, database, hold, person, now):
        held = hold(person)
        with database.transaction() as session:
            row = holds.set_interpreter(session, held.id, person.conversation_id, "arabiska", now)
            assert row.ends_at - row.starts_at == timedelta(minutes=60)
            assert row.block_to - row.ends_at == timedelta(minutes=10)
        with database.transaction() as session:
            row = holds.set_interpreter(session, held.id, person.conversation_id, None, now)
            assert row.ends_at - row.starts_at == timedelta(minutes=30)

    def test_where_a_longer_meeting_has_no_room_others_are_offered_and_the_hold_stays(
        self, database, hold, new_person, now
    ):
        person = new_person()
        held = hold(person)
        hold(new_person(), "karlstad-1@20261126T1300Z")
        with pytest.raises(SlotTooShort) as error, database.transaction() as session:
            holds.set_interpreter(session, held.id, person.conversation_id, "arabiska", now)
        assert len(offered(error)) == 3
        with database.transaction() as session:
            row = session.get_one(Meeting, held.id)
            assert (row.status, row.ends_at - row.starts_at) == ("held", timedelta(minutes=30))

    def test_somebody_else_takes_the_longer_meeting_unless_the_counsellor_was_chosen(
        self, database, hold, new_person, now
    ):
        person = new_person()
        held = hold(person, NODE)
        hold(new_person(), "karlstad-1@20261126T1300Z")
        with database.transaction() as session:
            row = holds.set_interpreter(session, held.id, person.conversation_id, "somaliska", now)
            assert row.counsellor.slug == "karlstad-2"

    def test_a_meeting_with_an_interpreter_is_held_in_one_step_too(self, hold, person):
        held = hold(person, interpreter_language="arabiska")
        assert held.ends_at - held.starts_at == timedelta(minutes=60)


class TestLimits:
    def test_whether_one_more_may_be_booked_is_told_before_a_time_is_chosen(self, database, book, person, now):
        with database.transaction() as session:
            assert limits.may_book(session, person.conversation_id, now).allowed
        book(person)
        book(person, "karlstad-1@20261127T1200Z")
        with database.transaction() as session:
            answer = limits.may_book(session, person.conversation_id, now)
            assert (answer.allowed, answer.limit, len(answer.meetings)) == (False, 2, 2)

    def test_a_contact_counts_over_conversations_without_showing_others_meetings(self, database, book, new_person, now):
        for slot in (ONE, "karlstad-1@20261127T1200Z"):
            book(new_person(email="same@example.org"), slot)
        with database.transaction() as session:
            answer = limits.may_book(session, new_person().conversation_id, now, contact_value="same@example.org")
            assert (answer.allowed, answer.meetings) == (False, ())

    def test_one_conversation_cannot_go_through_the_calendar(self, hold, person):
        for number in range(limits.HOLDS_AN_HOUR):
            hold(person, f"karlstad-1@2026112{5 + number % 3}T0{8 + number // 3 % 2}00Z")
        with pytest.raises(HoldLimit):
            hold(person)

    def test_an_hour_later_it_may_choose_again(self, hold, person, now):
        for _ in range(limits.HOLDS_AN_HOUR):
            hold(person)
        assert hold(person, at=now + timedelta(hours=1, seconds=1))

    def test_one_address_cannot_hold_everything_by_many_conversations(self, database, hold, new_person, monkeypatch):
        monkeypatch.setattr(limits, "HOLDS_AT_ONCE", 3)
        people = [new_person() for _ in range(6)]
        with database.transaction() as session:
            for one in people[:5]:
                session.get_one(Conversation, one.conversation_id).origin = "the same"
        slots = [f"karlstad-1@20261126T{clock}Z" for clock in ("0800", "0900", "1000", "1200", "1300")]
        for one, slot in zip(people[:3], slots, strict=False):
            hold(one, slot)
        with pytest.raises(HoldLimit):
            hold(people[3], slots[3])
        with database.transaction() as session:  # leaving the conversation behind does not help
            session.delete(session.get_one(Conversation, people[0].conversation_id))
        with pytest.raises(HoldLimit):
            hold(people[4], slots[3])
        assert hold(people[2], slots[4]), "whoever holds one may change to another"
        assert hold(people[5], slots[3]), "others are not stopped"


def test_a_meeting_limit_is_still_checked_when_it_is_confirmed(book, hold, new_person, database, now, office):
    for slot in (ONE, "karlstad-1@20261127T1200Z"):
        book(new_person(email="same@example.org"), slot)
    third = new_person(email="same@example.org")
    held = hold(third, TWO)
    with pytest.raises(MeetingLimit), database.transaction() as session:
        confirm_held(session, held, third, "k", now, office)

"""The booking form, step by step, through the real actions to the real api."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import select

from actions.booking.steps import MEMORY, STEPS
from api.booking.tables import Meeting
from api.database import Database
from tests.actions.booking import PHONE, NewConversation, SafeText, asked, book_one, booked, until
from tests.actions.conftest import Recorder
from tests.actions.conversation import Conversation
from tests.conftest import MovableClock

QUESTIONED = [step for step in STEPS if step not in {"booking_errand", "booking_share"}]
"""Steps that everybody is asked; the other two have tests of their own in test_booking_again.py."""


def confirmations(wire: Recorder) -> list[str]:
    return [r.headers["idempotency-key"] for r in wire.requests if r.url.path.endswith("/confirm")]


class TestTheStraightWay:
    async def test_seven_steps_lead_to_a_booked_meeting(
        self, talk: Conversation, safe_text: SafeText, store: Database
    ) -> None:
        await talk.book("boka tid")
        assert asked(talk) == "booking_node"
        await talk.press("Karlstad")
        assert asked(talk) == "booking_type"
        await talk.press("Telefon")
        assert asked(talk) == "booking_time"
        assert len(talk.said[-1]["custom"]["data"]["items"]) == 3
        await talk.press(talk.buttons[0]["title"])
        assert "åt dig i 10 minuter" in talk.text
        assert talk.said[-1]["response"] == "utter_booking_ask_name"
        await talk.book("jag heter Kim", "nlu_fallback", confidence=0.2)
        assert talk.text == "utter_booking_ask_contact"
        await talk.book(safe_text(talk, f"ring {PHONE}"), "nlu_fallback", confidence=0.2)
        assert asked(talk) == "booking_interpreter"
        await talk.press("Nej, ingen tolk")
        assert asked(talk) == "booking_confirmed"
        assert "Namn: Kim" in talk.text
        assert "•••• 35" in talk.text
        await talk.press("Ja, boka")
        assert talk.form is None
        data = talk.said[0]["custom"]["data"]
        assert talk.said[0]["custom"]["kind"] == "booking"
        assert data["manage_url"].startswith("https://vagledning.example.org/mote/")
        (meeting,) = booked(store)
        assert (meeting.person_name, meeting.contact_value) == ("Kim", "0701740635")
        assert meeting.reference == data["reference"]

    async def test_everything_can_be_typed(self, talk: Conversation, safe_text: SafeText, store: Database) -> None:
        await talk.book("boka tid")
        await talk.book("i Karlstad", "node_detail", entities={"place": "Karlstad", "follow_up": "yes"})
        assert asked(talk) == "booking_type"
        await talk.book("ring mig", "human_contact", confidence=0.4)
        assert asked(talk) == "booking_time"
        await talk.press(talk.buttons[1]["title"])
        await talk.book("Kim", "greet", confidence=0.7)
        await talk.book(safe_text(talk, "kim@example.org"), "nlu_fallback", confidence=0.2)
        await talk.book("nej tack", "deny")
        await talk.book("ja det stämmer", "affirm")
        assert [meeting.contact_value for meeting in booked(store)] == ["kim@example.org"]

    async def test_what_the_first_message_says_is_not_asked_again(self, talk: Conversation) -> None:
        await talk.book("boka telefonmöte i Karlstad", entities={"place": "Karlstad"})
        assert asked(talk) == "booking_time"

    async def test_a_place_without_counsellors_leads_to_the_nearest(self, talk: Conversation) -> None:
        await talk.book("boka i Kil", entities={"place": "Kil"})
        assert asked(talk) == "booking_node"
        await talk.book("Kil", "nlu_fallback", entities={"place": "Kil", "follow_up": "yes"}, confidence=0.3)
        assert talk.slots["booking_node"] == "karlstad"

    async def test_every_node_of_the_catalogue_can_be_booked(self, talk: Conversation) -> None:
        await talk.book("boka tid")
        titles = [button["title"] for button in talk.buttons]
        assert len(titles) == 6
        for title in titles:
            await talk.book("/book_meeting", entities={"booking_change": "node"})
            await talk.press(title)
            assert asked(talk) == "booking_type", title

    async def test_when_it_is_over_the_bot_holds_nothing_of_the_booking(
        self, talk: Conversation, safe_text: SafeText
    ) -> None:
        await book_one(talk, safe_text)
        assert {name: value for name, value in talk.slots.items() if name.startswith("booking_") and value} == {}

    async def test_no_contact_data_reaches_the_actions(
        self, talk: Conversation, safe_text: SafeText, wire: Recorder
    ) -> None:
        await book_one(talk, safe_text)
        digits = PHONE.replace("-", "").replace(" ", "")
        assert not any(digits.encode() in request.content or digits in str(request.url) for request in wire.requests)
        assert digits not in repr(talk.slots)


class TestQuestionsInBetween:
    @pytest.mark.parametrize("step", QUESTIONED)
    async def test_a_question_is_answered_and_the_same_step_is_asked_again(
        self, talk: Conversation, safe_text: SafeText, step: str
    ) -> None:
        await until(talk, step, safe_text)
        assert asked(talk) == step
        before = dict(talk.slots)
        await talk.book("vad kostar utbildningen egentligen?", "cost")
        assert talk.said[0]["custom"]["topic"] == "cost"
        assert len(talk.said) >= 2
        assert asked(talk) == step
        assert {s: talk.slots[s] for s in STEPS} == {s: before[s] for s in STEPS}

    @pytest.mark.parametrize("step", QUESTIONED)
    async def test_what_is_not_understood_gets_a_word_and_the_step_is_asked_again(
        self, talk: Conversation, safe_text: SafeText, step: str
    ) -> None:
        await until(talk, step, safe_text)
        await talk.book("?????", "nlu_fallback", confidence=0.1)
        assert talk.text
        assert asked(talk) == step

    async def test_after_a_question_the_booking_can_be_finished(
        self, talk: Conversation, safe_text: SafeText, store: Database
    ) -> None:
        await until(talk, "booking_confirmed", safe_text)
        await talk.book("vad händer på mötet egentligen?", "meeting_info")
        await talk.press("Ja, boka")
        assert len(booked(store)) == 1


class TestTimes:
    async def test_more_times_are_later_ones(self, talk: Conversation, safe_text: SafeText) -> None:
        await until(talk, "booking_time", safe_text)
        first = [item["start"] for item in talk.said[-1]["custom"]["data"]["items"]]
        await talk.press("Fler tider")
        later = [item["start"] for item in talk.said[-1]["custom"]["data"]["items"]]
        assert min(later) > max(first)
        assert asked(talk) == "booking_time"

    async def test_more_times_can_be_asked_for_in_words_again_and_again(
        self, talk: Conversation, safe_text: SafeText
    ) -> None:
        await until(talk, "booking_time", safe_text)
        shown = [item["start"] for item in talk.said[-1]["custom"]["data"]["items"]]
        for text in ("har ni fler tider", "senare"):
            await talk.book(text, "book_meeting", confidence=0.5)
            later = [item["start"] for item in talk.said[-1]["custom"]["data"]["items"]]
            assert min(later) > max(shown)
            shown = later

    async def test_words_instead_of_a_button_are_met_with_help_and_the_times(
        self, talk: Conversation, safe_text: SafeText
    ) -> None:
        await until(talk, "booking_time", safe_text)
        await talk.book("hm, svårt att säga", "nlu_fallback", confidence=0.2)
        assert talk.said[0]["response"] == "utter_booking_choose_button"
        assert talk.said[-1]["custom"]["kind"] == "slots"

    async def test_a_time_can_be_chosen_in_words(self, talk: Conversation, safe_text: SafeText) -> None:
        await until(talk, "booking_time", safe_text)
        second = talk.said[-1]["custom"]["data"]["items"][1]["id"]
        await talk.book("den andra", "nlu_fallback", confidence=0.2)
        assert talk.slots["booking_time"] == second
        assert asked(talk) == "booking_name"

    async def test_a_time_that_somebody_else_took_is_replaced_by_others_once(
        self, talk: Conversation, new_conversation: NewConversation, safe_text: SafeText
    ) -> None:
        await until(talk, "booking_time", safe_text)
        other = new_conversation()
        await until(other, "booking_time", safe_text)
        payload = talk.buttons[0]["payload"]
        await other.press_payload(payload)
        assert asked(other) == "booking_name"
        await talk.press_payload(payload)
        assert asked(talk) == "booking_time"
        assert [m["custom"]["kind"] for m in talk.said] == ["slots"]
        assert "hann någon annan ta" in talk.text
        await talk.press(talk.buttons[0]["title"])
        assert asked(talk) == "booking_name"

    async def test_a_time_that_never_was_is_refused(self, talk: Conversation, safe_text: SafeText) -> None:
        await until(talk, "booking_time", safe_text)
        await talk.press_payload('/book_meeting{"booking_time": "karlstad@20261128T0300Z"}')
        assert talk.said
        assert asked(talk) == "booking_time"

    async def test_a_hold_that_has_run_out_before_everything_is_read_back_leads_to_new_times(
        self, talk: Conversation, safe_text: SafeText, clock: MovableClock, store: Database
    ) -> None:
        await until(talk, "booking_interpreter", safe_text)
        clock.now += timedelta(minutes=11)
        await talk.press("Nej, ingen tolk")
        assert "inte reserverad längre" in talk.text
        assert talk.slots["booking_time"] is None
        assert booked(store) == []

    async def test_a_hold_that_has_run_out_at_the_last_step_leads_to_new_times_and_then_to_a_booking(
        self, talk: Conversation, safe_text: SafeText, clock: MovableClock, store: Database
    ) -> None:
        await until(talk, "booking_confirmed", safe_text)
        clock.now += timedelta(minutes=11)
        await talk.press("Ja, boka")
        assert "inte reserverad längre" in talk.text
        assert asked(talk) == "booking_time"
        assert booked(store) == []
        await talk.press(talk.buttons[0]["title"])
        assert asked(talk) == "booking_confirmed"
        await talk.press("Ja, boka")
        assert len(booked(store)) == 1


class TestChangingOnesMind:
    async def test_no_asks_what_to_change_and_does_not_read_everything_back_at_once(
        self, talk: Conversation, safe_text: SafeText
    ) -> None:
        await until(talk, "booking_confirmed", safe_text)
        await talk.book("nej", "deny")
        assert talk.text == "utter_booking_what_to_change"
        assert asked(talk) == "booking_confirmed"

    async def test_yes_to_what_to_change_books_nothing_and_reads_everything_back_again(
        self, talk: Conversation, safe_text: SafeText, store: Database
    ) -> None:
        await until(talk, "booking_confirmed", safe_text)
        await talk.book("nej", "deny")
        await talk.book("ja", "affirm")
        assert booked(store) == []
        assert asked(talk) == "booking_confirmed"
        assert [m["custom"]["kind"] for m in talk.said] == ["confirm"]
        await talk.book("ja", "affirm")
        assert len(booked(store)) == 1

    @pytest.mark.parametrize(
        ("what", "step"),
        [
            ("time", "booking_time"),
            ("node", "booking_node"),
            ("type", "booking_type"),
            ("name", "booking_name"),
            ("contact", "booking_contact"),
        ],
    )
    async def test_what_is_changed_is_asked_again_and_nothing_else_is_lost(
        self, talk: Conversation, safe_text: SafeText, what: str, step: str
    ) -> None:
        await until(talk, "booking_confirmed", safe_text)
        before = dict(talk.slots)
        await talk.press_payload(f'/book_meeting{{"booking_change": "{what}"}}')
        assert asked(talk) == step
        kept = {"booking_name", "booking_contact"} - {step}
        assert {name: talk.slots[name] for name in kept} == {name: before[name] for name in kept}

    async def test_a_new_name_is_read_back_before_it_is_booked(
        self, talk: Conversation, safe_text: SafeText, store: Database
    ) -> None:
        await until(talk, "booking_confirmed", safe_text)
        await talk.press_payload('/book_meeting{"booking_change": "name"}')
        await talk.book("Robin", "nlu_fallback", confidence=0.2)
        assert "Namn: Robin" in talk.text
        await talk.press("Ja, boka")
        assert [meeting.person_name for meeting in booked(store)] == ["Robin"]

    async def test_another_time_lets_go_of_the_first(
        self, talk: Conversation, safe_text: SafeText, store: Database
    ) -> None:
        await until(talk, "booking_confirmed", safe_text)
        await talk.press("Ändra tid")
        await talk.press(talk.buttons[1]["title"])
        assert asked(talk) == "booking_confirmed"
        await talk.press("Ja, boka")
        with store.transaction(read_only=True) as session:
            assert sorted(session.scalars(select(Meeting.status))) == ["confirmed", "expired"]

    async def test_contact_data_that_cannot_be_read_is_asked_for_again(
        self, talk: Conversation, safe_text: SafeText
    ) -> None:
        await until(talk, "booking_contact", safe_text)
        await talk.book(safe_text(talk, "070-12"), "nlu_fallback", confidence=0.2)
        assert talk.said[0]["response"] == "utter_booking_contact_invalid"
        assert asked(talk) == "booking_contact"

    async def test_contact_data_at_the_name_step_is_not_taken_for_a_name(
        self, talk: Conversation, safe_text: SafeText
    ) -> None:
        await until(talk, "booking_name", safe_text)
        await talk.book(safe_text(talk, "kim@example.org"), "nlu_fallback", confidence=0.2)
        assert asked(talk) == "booking_name"

    async def test_somebody_elses_contact_token_is_refused(
        self, talk: Conversation, new_conversation: NewConversation, safe_text: SafeText, store: Database
    ) -> None:
        await until(talk, "booking_contact", safe_text)
        await talk.book(safe_text(new_conversation(), PHONE), "nlu_fallback", confidence=0.2)
        await talk.press("Nej, ingen tolk")
        assert "utter_booking_contact_invalid" in talk.text
        assert talk.slots["booking_contact"] is None

    @pytest.mark.parametrize("step", QUESTIONED)
    async def test_starting_over_ends_the_booking_at_any_step(
        self, talk: Conversation, safe_text: SafeText, store: Database, step: str
    ) -> None:
        await until(talk, step, safe_text)
        talk.slots["occupation"] = "svetsare"
        talk.said = []
        await talk.run("action_restart", "avbryt", "restart")
        assert talk.text == "utter_booking_stopped"
        assert talk.form is None
        assert {talk.slots[name] for name in (*STEPS, *MEMORY, "requested_slot")} == {None}
        assert talk.slots["occupation"] == "svetsare"
        assert booked(store) == []
        with store.transaction(read_only=True) as session:
            assert session.scalars(select(Meeting).where(Meeting.status == "held")).all() == []

    @pytest.mark.parametrize("step", ["booking_node", "booking_type", "booking_name", "booking_contact"])
    async def test_a_bare_no_says_how_to_stop_and_asks_again(
        self, talk: Conversation, safe_text: SafeText, step: str
    ) -> None:
        await until(talk, step, safe_text)
        await talk.book("nej", "deny", confidence=0.9)
        assert "utter_booking_go_on" in talk.text
        assert asked(talk) == step


class TestBooking:
    async def test_a_repeat_has_the_same_key_and_books_once(
        self, talk: Conversation, safe_text: SafeText, wire: Recorder, store: Database
    ) -> None:
        await until(talk, "booking_confirmed", safe_text)
        before = dict(talk.slots)
        await talk.press("Ja, boka")
        reference = talk.said[0]["custom"]["data"]["reference"]
        talk.slots, talk.form = before, "booking_form"
        await talk.book("/affirm", "affirm")
        assert talk.said[0]["custom"]["data"]["reference"] == reference
        first, second = confirmations(wire)
        assert first == second
        assert len(booked(store)) == 1

    async def test_two_bookings_have_different_keys(
        self, talk: Conversation, safe_text: SafeText, wire: Recorder, store: Database
    ) -> None:
        await book_one(talk, safe_text)
        await book_one(talk, safe_text)
        assert len(set(confirmations(wire))) == 2
        assert len(booked(store)) == 2

    async def test_a_third_open_booking_is_refused_before_a_time_is_chosen(
        self, talk: Conversation, safe_text: SafeText, store: Database
    ) -> None:
        await book_one(talk, safe_text)
        await book_one(talk, safe_text)
        await talk.book("boka tid")
        assert "redan 2 bokade tider" in talk.text
        assert not any("en till" in button["title"] for button in talk.buttons), "told before a time is chosen"
        assert len(booked(store)) == 2

    async def test_the_limit_holds_for_a_contact_over_conversations(
        self, new_conversation: NewConversation, safe_text: SafeText, store: Database
    ) -> None:
        for _ in range(2):
            await book_one(new_conversation(), safe_text)
        third = new_conversation()
        await book_one(third, safe_text)
        assert "redan 2 bokade tider" in third.text
        assert third.form is None
        assert len(booked(store)) == 2

    async def test_a_booked_meeting_is_shown_and_can_be_cancelled_by_its_button(
        self, talk: Conversation, safe_text: SafeText, store: Database
    ) -> None:
        await book_one(talk, safe_text)
        talk.said = []
        await talk.run("action_my_meeting", "när är min tid", "my_meeting")
        assert talk.said[0]["custom"]["kind"] == "booking"
        meeting = str(booked(store)[0].id)
        talk.said = []
        await talk.run("action_cancel_meeting", "avboka", "cancel_meeting")
        assert booked(store), "nothing is cancelled before it is chosen"
        talk.said = []
        await talk.run(
            "action_cancel_meeting", "/cancel_meeting", "cancel_meeting", entities={"booking_meeting": meeting}
        )
        assert "är avbokad" in talk.text
        assert booked(store) == []

    async def test_nobody_cancels_somebody_elses_meeting(
        self, talk: Conversation, new_conversation: NewConversation, safe_text: SafeText, store: Database
    ) -> None:
        await book_one(talk, safe_text)
        other = new_conversation()
        meeting: UUID = booked(store)[0].id
        await other.run("action_cancel_meeting", "/x", "cancel_meeting", entities={"booking_meeting": str(meeting)})
        assert other.text
        assert len(booked(store)) == 1

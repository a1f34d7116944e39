"""What only some meet: an interpreter, a summary, more time, easy Swedish, and a meeting that is booked already."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import select

from api.booking.tables import Meeting
from api.chat.tables import Message
from api.database import Database
from tests.actions.booking import PHONE, NewConversation, SafeText, asked, book_one, booked, until
from tests.actions.conversation import Conversation
from tests.conftest import NOW, MovableClock


def has_asked(store: Database, talk: Conversation, *topics: str, **query: str) -> None:
    """The gateway has stored answers on these topics."""
    with store.transaction() as session:
        for position, topic in enumerate(topics):
            session.add(
                Message(
                    conversation_id=UUID(talk.sender),
                    turn=1,
                    position=position,
                    sender="bot",
                    text="…",
                    topic=topic,
                    data={"query": query},
                    created_at=NOW,
                )
            )


class TestInterpreter:
    async def test_a_language_makes_the_held_time_longer(
        self, talk: Conversation, safe_text: SafeText, store: Database
    ) -> None:
        await until(talk, "booking_interpreter", safe_text)
        await talk.press("Tigrinja")
        assert "Med tolk blir mötet längre" in talk.text
        assert "Tolk: tigrinja" in talk.text
        await talk.press("Ja, boka")
        (meeting,) = booked(store)
        assert meeting.interpreter_language == "tigrinja"
        assert meeting.ends_at - meeting.starts_at == timedelta(minutes=60)

    @pytest.mark.parametrize(
        ("text", "language"),
        [
            ("jag behöver tolk på somaliska", "somaliska"),
            ("dari", "dari"),
            ("arabika", "arabiska"),
            ("mongoliska", "mongoliska"),
        ],
    )
    async def test_any_language_can_be_written(
        self, talk: Conversation, safe_text: SafeText, text: str, language: str
    ) -> None:
        await until(talk, "booking_interpreter", safe_text)
        await talk.book(text, "nlu_fallback", confidence=0.2)
        assert talk.slots["booking_interpreter"] == language
        assert asked(talk) == "booking_confirmed"

    @pytest.mark.parametrize("text", ["nej", "nej tack", "behövs inte, jag talar svenska"])
    async def test_none_is_needed(self, talk: Conversation, safe_text: SafeText, text: str) -> None:
        await until(talk, "booking_interpreter", safe_text)
        await talk.book(text, "deny")
        assert talk.slots["booking_interpreter"] == "none"

    async def test_a_yes_is_followed_by_which_language(self, talk: Conversation, safe_text: SafeText) -> None:
        await until(talk, "booking_interpreter", safe_text)
        await talk.book("ja tack", "affirm")
        assert talk.text == "utter_booking_which_language"
        await talk.book("persiska", "nlu_fallback", confidence=0.2)
        assert asked(talk) == "booking_confirmed"

    async def test_said_while_choosing_a_time_it_is_not_asked_and_the_times_are_longer(
        self, talk: Conversation, safe_text: SafeText
    ) -> None:
        await until(talk, "booking_time", safe_text)
        await talk.book("jag behöver tolk på arabiska", "nlu_fallback", confidence=0.3)
        items = talk.said[-1]["custom"]["data"]["items"]
        assert {item["end"][11:16] > item["start"][11:16] for item in items} == {True}
        await talk.press(talk.buttons[0]["title"])
        await talk.book("Kim", "nlu_fallback", confidence=0.2)
        await talk.book(safe_text(talk, PHONE), "nlu_fallback", confidence=0.2)
        assert asked(talk) == "booking_confirmed"

    async def test_a_time_that_is_too_short_for_an_interpreter_leads_to_longer_ones(
        self, talk: Conversation, new_conversation: NewConversation, safe_text: SafeText
    ) -> None:
        await talk.book("boka tid")
        await talk.press("Arvika")
        await talk.press("Telefon")
        await talk.book("på torsdag kl 11.30", "nlu_fallback", confidence=0.2)
        await talk.press(talk.buttons[0]["title"])
        await talk.book("Kim", "nlu_fallback", confidence=0.2)
        await talk.book(safe_text(talk, PHONE), "nlu_fallback", confidence=0.2)
        await talk.press("Arabiska")
        if asked(talk) == "booking_time":
            assert "får inte plats" in talk.text
            await talk.press(talk.buttons[0]["title"])
        assert asked(talk) == "booking_confirmed"
        assert "Tolk: arabiska" in talk.text


class TestWhatTheCounsellorMayKnow:
    async def test_it_is_shown_and_sent_only_after_a_yes(
        self, talk: Conversation, safe_text: SafeText, store: Database
    ) -> None:
        has_asked(store, talk, "cost", "csn", "crisis", "greet", occupation="svetsare", place="Arvika")
        await until(talk, "booking_confirmed", safe_text)
        assert asked(talk) == "booking_share"
        assert "Frågor om: " in talk.text
        assert "Yrke: svetsare" in talk.text
        assert "kris" not in talk.text.casefold(), "a crisis is never passed on"
        await talk.press("Ja, berätta det")
        assert "Vägledaren får veta" in talk.text
        await talk.press("Ja, boka")
        (meeting,) = booked(store)
        assert meeting.asked_about is not None
        assert "Ort: Arvika" in meeting.asked_about

    @pytest.mark.parametrize(("text", "topic"), [("nej", "deny"), ("nej helst inte", "deny")])
    async def test_a_no_sends_nothing(
        self, talk: Conversation, safe_text: SafeText, store: Database, text: str, topic: str
    ) -> None:
        has_asked(store, talk, "cost")
        await until(talk, "booking_confirmed", safe_text)
        await talk.book(text, topic)
        assert "Vägledaren får veta" not in talk.text
        await talk.press("Ja, boka")
        assert [meeting.asked_about for meeting in booked(store)] == [None]

    async def test_nothing_asked_is_nothing_to_ask_about(self, talk: Conversation, safe_text: SafeText) -> None:
        await until(talk, "booking_confirmed", safe_text)
        assert asked(talk) == "booking_confirmed"


class TestTheHeldTime:
    async def test_how_long_it_is_held_is_said_in_text_and_data(self, talk: Conversation, safe_text: SafeText) -> None:
        await until(talk, "booking_name", safe_text)
        assert "i 10 minuter, till kl. 10.10" in talk.text
        assert talk.said[0]["custom"]["data"]["held_until"] == "2026-11-23T10:10:00+01:00"

    async def test_it_can_be_held_longer_once(self, talk: Conversation, safe_text: SafeText) -> None:
        await until(talk, "booking_confirmed", safe_text)
        await talk.press("Mer tid att svara")
        assert "till kl. 10.20" in talk.text
        assert "Mer tid att svara" not in [button["title"] for button in talk.buttons]
        await talk.book("mer tid", "nlu_fallback", confidence=0.2)
        assert "redan förlängd" in talk.text
        assert asked(talk) == "booking_confirmed"

    async def test_run_out_it_keeps_what_was_typed_and_offers_the_nearest(
        self, talk: Conversation, safe_text: SafeText, clock: MovableClock, store: Database
    ) -> None:
        await until(talk, "booking_confirmed", safe_text)
        clock.now += timedelta(minutes=11)
        await talk.book("ja", "affirm")
        assert "Det du har skrivit finns kvar" in talk.text
        assert len(talk.slots["booking_shown"]) == 3
        await talk.book("den första", "nlu_fallback", confidence=0.2)
        assert "Namn: Kim" in talk.text
        await talk.book("ja", "affirm")
        assert len(booked(store)) == 1


class TestBookedAlready:
    async def test_somebody_with_a_meeting_is_asked_what_they_want(
        self, talk: Conversation, safe_text: SafeText
    ) -> None:
        await book_one(talk, safe_text)
        await talk.book("boka tid")
        assert asked(talk) == "booking_errand"
        titles = [button["title"].split(",")[0].split(" ")[0] for button in talk.buttons]
        assert titles == ["Byt", "Avboka", "Boka", "Gör"]

    @pytest.mark.parametrize("how", ["button", "words", "at once"])
    async def test_a_meeting_is_moved_in_the_same_row(
        self, talk: Conversation, safe_text: SafeText, store: Database, how: str
    ) -> None:
        await book_one(talk, safe_text)
        (before,) = booked(store)
        if how == "at once":
            await talk.book("jag vill byta tid", "reschedule_meeting")
        else:
            await talk.book("boka tid")
            await (talk.press("Byt tid") if how == "button" else talk.book("byt tid", "reschedule_meeting"))
        assert asked(talk) == "booking_time"
        assert "Din gamla tid gäller" in talk.text
        await talk.book("på torsdag efter lunch", "nlu_fallback", confidence=0.2)
        await talk.press(talk.buttons[0]["title"])
        assert "Du byter från" in talk.text
        assert booked(store)[0].starts_at == before.starts_at, "nothing is moved before the yes"
        await talk.book("ja", "affirm")
        assert talk.form is None
        (after,) = booked(store)
        assert (after.id, after.reference, after.ical_uid) == (before.id, before.reference, before.ical_uid)
        assert (after.starts_at > before.starts_at, after.sequence) == (True, before.sequence + 1)
        assert after.person_name == "Kim"

    @pytest.mark.parametrize("leaving", ["Nej, behåll tiden", "nej", "avbryt"])
    async def test_a_move_that_is_left_changes_nothing(
        self, talk: Conversation, safe_text: SafeText, store: Database, leaving: str
    ) -> None:
        await book_one(talk, safe_text)
        (before,) = booked(store)
        await talk.book("byta tid", "reschedule_meeting")
        await talk.press(talk.buttons[1]["title"])
        if leaving[0].isupper():
            await talk.press(leaving)
        else:
            await talk.book(leaving, "deny")
        assert "utter_booking_kept" in talk.text
        assert talk.form is None
        assert booked(store)[0].starts_at == before.starts_at

    async def test_a_new_time_that_was_taken_meanwhile_is_told_with_others(
        self, talk: Conversation, new_conversation: NewConversation, safe_text: SafeText, store: Database
    ) -> None:
        await talk.book("boka")
        await talk.press("Säffle")
        await talk.press("Telefon")
        await talk.press(talk.buttons[0]["title"])
        await talk.book("Kim", "nlu_fallback", confidence=0.2)
        await talk.book(safe_text(talk, PHONE), "nlu_fallback", confidence=0.2)
        await talk.press("Nej, ingen tolk")
        await talk.press("Ja, boka")
        await talk.book("byta tid", "reschedule_meeting")
        wanted = talk.buttons[2]["payload"]  # the first lies within what the booked meeting takes
        await talk.press_payload(wanted)
        rivals = [new_conversation() for _ in range(5)]
        for rival in rivals:
            await rival.book("boka")
            await rival.press("Säffle")
            await rival.press("Telefon")
            await rival.press_payload(wanted)
        await talk.book("ja", "affirm")
        assert "hann någon annan ta" in talk.text
        assert asked(talk) == "booking_time"
        await talk.press(talk.buttons[0]["title"])
        await talk.book("ja", "affirm")
        assert [meeting.sequence for meeting in booked(store)] == [1]

    async def test_one_of_two_is_chosen_to_be_moved(
        self, talk: Conversation, safe_text: SafeText, store: Database
    ) -> None:
        await book_one(talk, safe_text)
        await book_one(talk, safe_text)
        await talk.book("jag vill ändra min tid", "reschedule_meeting")
        assert "Vilken tid vill du byta?" in talk.text
        await talk.press("Byt tid")
        assert asked(talk) == "booking_time"

    async def test_without_a_meeting_there_is_nothing_to_move(self, talk: Conversation) -> None:
        await talk.book("byta tid", "reschedule_meeting")
        assert "Jag ser ingen bokad tid" in talk.text
        assert talk.form is None

    @pytest.mark.parametrize("what", ["Gör ingenting", "Avboka"])
    async def test_the_question_can_be_answered_by_doing_nothing_or_cancelling(
        self, talk: Conversation, safe_text: SafeText, store: Database, what: str
    ) -> None:
        await book_one(talk, safe_text)
        await talk.book("boka tid")
        await talk.press(what)
        assert talk.form is None
        assert len(booked(store)) == (what == "Gör ingenting")

    async def test_nobody_moves_somebody_elses_meeting(
        self, talk: Conversation, new_conversation: NewConversation, safe_text: SafeText, store: Database
    ) -> None:
        await book_one(talk, safe_text)
        meeting = booked(store)[0].id
        other = new_conversation()
        await other.press_payload(f'/book_meeting{{"booking_move": "{meeting}"}}')
        assert "Jag ser ingen bokad tid" in other.text
        assert other.form is None


class TestEasySwedish:
    async def test_the_whole_booking_is_in_easy_swedish_and_so_are_its_mails(
        self, talk: Conversation, safe_text: SafeText, store: Database
    ) -> None:
        talk.slots["easy"] = True
        said = []
        for step in (
            "booking_node",
            "booking_type",
            "booking_time",
            "booking_name",
            "booking_contact",
            "booking_confirmed",
        ):
            await until(talk, step, safe_text)
            said.append(talk.text)
            if step != "booking_confirmed":
                await talk.run("action_restart", "avbryt", "restart")
        assert "utter_booking_ask_name_easy" in said[3]
        assert "är din tid nu" in said[3]
        await talk.press("Ja, boka")
        assert "Klart! Du har bokat en tid" in talk.text
        assert [meeting.wants_easy for meeting in booked(store)] == [True]

    async def test_refusals_are_in_easy_swedish(
        self, talk: Conversation, safe_text: SafeText, clock: MovableClock, store: Database
    ) -> None:
        talk.slots["easy"] = True
        await until(talk, "booking_confirmed", safe_text)
        clock.now += timedelta(minutes=11)
        await talk.press("Ja, boka")
        assert "Jag minns det du skrev" in talk.text
        with store.transaction(read_only=True) as session:
            assert list(session.scalars(select(Meeting.status))) != ["confirmed"]

"""Typed answers about times, and changes of mind, through the real actions to the real api. It is Monday 23 Nov."""

from __future__ import annotations

from datetime import datetime

import pytest

from tests.actions.booking import PHONE, SafeText, asked, until
from tests.actions.conftest import Recorder
from tests.actions.conversation import Conversation


async def say(talk: Conversation, text: str, topic: str = "nlu_fallback", confidence: float = 0.2) -> None:
    await talk.book(text, topic, confidence=confidence)


def starts(talk: Conversation) -> list[datetime]:
    """When the times on screen begin, wall clock."""
    items = talk.said[-1]["custom"]["data"]["items"]
    return [datetime.fromisoformat(item["start"]) for item in items]


class TestTypedTimes:
    @pytest.mark.parametrize(
        ("text", "within"),
        [
            ("på torsdag efter lunch", lambda start: (start.day, start.hour >= 13) == (26, True)),
            ("v 49", lambda start: start.isocalendar().week == 49),
            ("måndagar", lambda start: start.weekday() == 0),
            ("i morgon", lambda start: start.day == 24),
            ("inte fredag", lambda start: start.weekday() != 4),
            ("kl 9", lambda start: (start.hour, start.minute) == (9, 0)),
            ("jag kan bara på förmiddagen", lambda start: start.hour < 12),
            ("onsdg", lambda start: start.day == 25),
            ("den 3:e", lambda start: (start.month, start.day) == (12, 3)),
            ("om tre dagar", lambda start: start.day == 26),
        ],
    )
    async def test_a_typed_wish_is_answered_with_free_times_inside_it(
        self, talk: Conversation, safe_text: SafeText, text: str, within: object
    ) -> None:
        await until(talk, "booking_time", safe_text)
        await say(talk, text)
        assert asked(talk) == "booking_time"
        assert starts(talk)
        assert all(within(start) for start in starts(talk)), talk.text  # type: ignore[operator]

    @pytest.mark.parametrize(
        ("text", "told"),
        [
            ("lördag", "Det finns inga lediga tider lördag 28 november"),
            ("24 december", "Det finns inga lediga tider torsdag 24 december"),
            ("1 mars", "Så långt fram går det inte att boka än"),
            ("nästa torsdag", "Menar du torsdag 26 november eller torsdag 3 december?"),
            ("så fort som möjligt", "Här är de första lediga tiderna"),
        ],
    )
    async def test_the_sentence_says_how_the_times_relate_to_the_wish(
        self, talk: Conversation, safe_text: SafeText, text: str, told: str
    ) -> None:
        await until(talk, "booking_time", safe_text)
        await say(talk, text)
        assert told in talk.text
        assert starts(talk)

    async def test_evenings_that_nobody_works_are_said_to_be_so_with_the_latest_times(
        self, talk: Conversation, safe_text: SafeText
    ) -> None:
        await talk.book("boka tid")
        await talk.press("Arvika")
        await talk.press("Telefon")
        await say(talk, "på kvällen")
        assert "Det finns inga lediga tider på kvällen" in talk.text
        assert all(start.hour >= 14 for start in starts(talk))

    @pytest.mark.parametrize("text", ["den andra", "tvåan", "2", "ta den andra tiden tack"])
    async def test_a_time_on_screen_is_pointed_at(self, talk: Conversation, safe_text: SafeText, text: str) -> None:
        await until(talk, "booking_time", safe_text)
        second = talk.slots["booking_shown"][1]
        await say(talk, text)
        assert talk.slots["booking_time"] == second
        assert asked(talk) == "booking_name"

    async def test_the_hour_of_one_of_the_times_on_screen_chooses_it(
        self, talk: Conversation, safe_text: SafeText
    ) -> None:
        await until(talk, "booking_time", safe_text)
        await say(talk, "på torsdag efter lunch")
        third, start = talk.slots["booking_shown"][2], starts(talk)[2]
        await say(talk, f"{start:%H.%M}")
        assert talk.slots["booking_time"] == third

    async def test_a_date_that_looks_like_the_number_of_a_button_is_a_date(
        self, talk: Conversation, safe_text: SafeText
    ) -> None:
        await until(talk, "booking_time", safe_text)
        await say(talk, "den 2 december")
        assert asked(talk) == "booking_time"
        assert {(start.month, start.day) for start in starts(talk)} == {(12, 2)}

    async def test_other_day_gives_days_with_times_and_a_day_gives_its_times(
        self, talk: Conversation, safe_text: SafeText
    ) -> None:
        await until(talk, "booking_time", safe_text)
        await talk.press("Annan dag")
        titles = [button["title"] for button in talk.buttons]
        assert len(titles) == 6
        assert titles[-1] == "Senare dagar"
        assert titles[0].endswith("tider")
        await talk.press("Senare dagar")
        assert talk.buttons[0]["title"] not in titles
        await talk.press(talk.buttons[0]["title"])
        assert len({start.date() for start in starts(talk)}) == 1
        assert asked(talk) == "booking_time"

    @pytest.mark.parametrize("text", ["en annan dag", "vilka dagar finns", "kan jag byta dag"])
    async def test_other_days_can_be_asked_for_in_words(
        self, talk: Conversation, safe_text: SafeText, text: str
    ) -> None:
        await until(talk, "booking_time", safe_text)
        await say(talk, text)
        assert "Vilken dag passar dig?" in talk.text

    @pytest.mark.parametrize("text", ["nej inte den", "ingen av dem", "passar inte", "fler tider"])
    async def test_when_none_fits_later_ones_are_shown(
        self, talk: Conversation, safe_text: SafeText, text: str
    ) -> None:
        await until(talk, "booking_time", safe_text)
        before = starts(talk)
        await say(talk, text, "deny", 0.9)
        assert min(starts(talk)) > max(before)

    async def test_call_me_leads_to_telephone_times_and_the_number_of_the_node(
        self, talk: Conversation, safe_text: SafeText
    ) -> None:
        await talk.book("boka tid")
        await talk.press("Karlstad")
        await talk.press("Videomöte")
        await talk.press("Ring mig")
        assert talk.slots["booking_type"] == "phone"
        assert "Vägledaren ringer dig på den tid du väljer här" in talk.text
        assert "vagledning.karlstad@example.org" in talk.text

    async def test_a_typed_wish_is_not_kept_in_words_and_holds_no_contact(
        self, talk: Conversation, safe_text: SafeText, wire: Recorder
    ) -> None:
        await until(talk, "booking_time", safe_text)
        await say(talk, safe_text(talk, f"på torsdag, ring {PHONE}"))
        assert "torsdag" not in repr(talk.slots)
        reading = [request for request in wire.requests if request.url.path.endswith("/booking/reading")]
        assert reading
        assert not any(b"kontakt-" in request.content or b"0701740635" in request.content for request in wire.requests)
        assert not any("torsdag" in str(request.url) for request in wire.requests)


class TestSaidAhead:
    async def test_the_first_message_may_say_all_at_once(self, talk: Conversation) -> None:
        text = "hej jag vill boka telefontid i Sunne på onsdag förmiddag med tolk på somaliska"
        await talk.book(text, entities={"place": "Sunne"})
        assert asked(talk) == "booking_time"
        assert {(start.day, start.hour < 12) for start in starts(talk)} == {(25, True)}
        assert talk.slots["booking_interpreter"] == "somaliska"

    @pytest.mark.parametrize("step", ["booking_node", "booking_type"])
    async def test_a_time_before_its_turn_is_noted(self, talk: Conversation, safe_text: SafeText, step: str) -> None:
        await until(talk, step, safe_text)
        await say(talk, "på torsdag")
        assert "utter_booking_noted" in talk.text
        assert asked(talk) == step
        if step == "booking_node":
            await talk.press("Karlstad")
        await talk.press("Telefon")
        assert {start.day for start in starts(talk)} == {26}

    async def test_town_and_way_to_meet_come_in_one_answer(self, talk: Conversation) -> None:
        await talk.book("boka tid")
        await talk.book("Arvika på video", "nlu_fallback", entities={"place": "Arvika"}, confidence=0.3)
        assert asked(talk) == "booking_time"
        assert (talk.slots["booking_node"], talk.slots["booking_type"]) == ("arvika", "video")


class TestChangingOnesMindInWords:
    @pytest.mark.parametrize(
        "step", ["booking_time", "booking_name", "booking_contact", "booking_interpreter", "booking_confirmed"]
    )
    async def test_another_time_another_day_and_another_way_to_meet_at_any_step(
        self, talk: Conversation, safe_text: SafeText, step: str
    ) -> None:
        await until(talk, step, safe_text)
        await say(talk, "på fredag i stället")
        assert asked(talk) == "booking_time"
        assert {start.day for start in starts(talk)} == {27}
        await say(talk, "helst på video")
        assert (talk.slots["booking_type"], asked(talk)) == ("video", "booking_time")
        await say(talk, "en annan dag")
        assert "Vilken dag passar dig?" in talk.text
        await talk.press(talk.buttons[0]["title"])
        await talk.press(talk.buttons[0]["title"])
        assert asked(talk) == (step if step != "booking_time" else "booking_name"), "what was given before is kept"

    @pytest.mark.parametrize("step", ["booking_time", "booking_contact", "booking_confirmed"])
    async def test_another_town_in_words_keeps_the_rest(
        self, talk: Conversation, safe_text: SafeText, step: str
    ) -> None:
        await until(talk, step, safe_text)
        await talk.book("Säffle i stället", "nlu_fallback", entities={"place": "Säffle"}, confidence=0.3)
        assert (talk.slots["booking_node"], talk.slots["booking_type"]) == ("saffle", "phone")
        assert asked(talk) == "booking_time"

    @pytest.mark.parametrize("name", ["Frida", "Tilda", "Linda", "Maj", "Tor", "Augusta", "Frida Larsson", "August"])
    async def test_names_that_are_nearly_days_or_months_are_names(
        self, talk: Conversation, safe_text: SafeText, name: str
    ) -> None:
        await until(talk, "booking_name", safe_text)
        await say(talk, name)
        assert (talk.slots["booking_name"], asked(talk)) == (name, "booking_contact")

    @pytest.mark.parametrize(
        ("text", "step"),
        [
            ("fel namn", "booking_name"),
            ("ändra telefonnumret", "booking_contact"),
            ("byt tid", "booking_time"),
            ("annan ort", "booking_node"),
            ("ändra tolk", "booking_interpreter"),
            ("nej inte den tiden", "booking_time"),
        ],
    )
    async def test_what_is_wrong_can_be_said_at_the_check(
        self, talk: Conversation, safe_text: SafeText, text: str, step: str
    ) -> None:
        await until(talk, "booking_confirmed", safe_text)
        await say(talk, text, "deny", 0.8)
        assert asked(talk) == step

    async def test_the_part_alone_answers_what_to_change(self, talk: Conversation, safe_text: SafeText) -> None:
        await until(talk, "booking_confirmed", safe_text)
        await talk.book("nej", "deny")
        await say(talk, "namnet")
        assert asked(talk) == "booking_name"

    @pytest.mark.parametrize(
        ("text", "step"),
        [("video går bra", "booking_time"), ("ja men hellre fredag", "booking_time"), ("ja på plats", "booking_time")],
    )
    async def test_a_yes_with_a_change_in_it_books_nothing(
        self, talk: Conversation, safe_text: SafeText, text: str, step: str
    ) -> None:
        await until(talk, "booking_confirmed", safe_text)
        await talk.book(text, "affirm")
        assert asked(talk) == step
        assert talk.form

    async def test_a_yes_that_repeats_the_time_is_a_yes(self, talk: Conversation, safe_text: SafeText) -> None:
        await until(talk, "booking_confirmed", safe_text)
        await talk.book("ja tisdag blir bra", "affirm")
        assert talk.form is None
        assert talk.said[0]["custom"]["kind"] == "booking"

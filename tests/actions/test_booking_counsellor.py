"""Choosing a counsellor in the talk, and counsellors who speak the language that is asked for. It is Monday 23 Nov."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from api.booking.tables import Counsellor
from api.database import Database
from tests.actions.booking import SafeText, asked, booked, until
from tests.actions.conversation import Conversation

SECOND = "Studie- och yrkesvägledare 2"


def whose(talk: Conversation) -> set[str]:
    """The slugs that the times on screen carry: a counsellor's, or the node's."""
    return {item["id"].partition("@")[0] for item in talk.said[-1]["custom"]["data"]["items"]}


def titles(talk: Conversation) -> list[str]:
    return [button["title"] for button in talk.buttons]


async def say(talk: Conversation, text: str) -> None:
    await talk.book(text, "nlu_fallback", confidence=0.2)


@pytest.fixture
async def second(talk: Conversation, safe_text: SafeText) -> Conversation:
    """Somebody who has chosen the second counsellor in Karlstad, by telephone."""
    await until(talk, "booking_time", safe_text)
    await talk.press("Välj vägledare")
    await talk.press(SECOND)
    return talk


class TestChoosing:
    async def test_the_list_comes_instead_of_times_and_a_press_leads_to_that_ones(
        self, talk: Conversation, safe_text: SafeText
    ) -> None:
        await until(talk, "booking_time", safe_text)
        await talk.press("Välj vägledare")
        assert len(talk.said) == 1
        assert titles(talk)[-1] == "Vem som helst"
        assert f"{SECOND} (svenska, engelska och somaliska)" in titles(talk)
        await talk.press(SECOND)
        assert whose(talk) == {"karlstad-2"}
        assert "Du träffar studie- och yrkesvägledare 2." in talk.text

    @pytest.mark.parametrize("text", ["vilka vägledare finns det", "jag vill välja vägledare", "annan vägledare"])
    async def test_it_can_be_asked_for_in_words(self, talk: Conversation, safe_text: SafeText, text: str) -> None:
        await until(talk, "booking_time", safe_text)
        await say(talk, text)
        assert "Vilken vägledare i Karlstad" in talk.text
        assert asked(talk) == "booking_time"

    @pytest.mark.parametrize("text", ["vägledare 2", "jag vill ha vägledare 2"])
    async def test_one_can_be_named_by_number(self, talk: Conversation, safe_text: SafeText, text: str) -> None:
        await until(talk, "booking_time", safe_text)
        await say(talk, text)
        assert whose(talk) == {"karlstad-2"}

    async def test_more_times_days_and_typed_times_keep_the_choice(self, second: Conversation) -> None:
        await second.press("Fler tider")
        assert whose(second) == {"karlstad-2"}
        await say(second, "på onsdag")
        assert whose(second) == {"karlstad-2"}
        await second.press("Annan dag")
        assert not any(title.startswith("Mån") for title in titles(second)), "a day when only the first one works"
        await second.press(titles(second)[0])
        assert whose(second) == {"karlstad-2"}
        await say(second, "fler tider")
        assert whose(second) == {"karlstad-2"}

    async def test_a_typed_time_after_the_list_leaves_whoever_is_free(
        self, talk: Conversation, safe_text: SafeText
    ) -> None:
        await until(talk, "booking_time", safe_text)
        await talk.press("Välj vägledare")
        await say(talk, "på torsdag")
        assert whose(talk) == {"karlstad"}

    async def test_anybody_takes_the_choice_back(self, second: Conversation) -> None:
        await second.press("Välj vägledare")
        await second.press("Vem som helst")
        assert whose(second) == {"karlstad"}

    @pytest.mark.parametrize("how", ["button", "words"])
    async def test_another_town_forgets_it(self, second: Conversation, how: str) -> None:
        if how == "button":
            await second.press_payload('/book_meeting{"booking_node": "kristinehamn"}')
        else:
            await second.book(
                "nej Kristinehamn i stället", "nlu_fallback", entities={"place": "Kristinehamn"}, confidence=0.2
            )
        assert whose(second) == {"kristinehamn"}
        assert second.slots["booking_counsellor"] is None

    async def test_the_chosen_one_gets_the_meeting_and_is_kept_when_it_is_moved(
        self, second: Conversation, store: Database, safe_text: SafeText
    ) -> None:
        await second.press(titles(second)[0])
        await say(second, "Kim")
        await say(second, safe_text(second, "070-174 06 35"))
        await second.press("Nej, ingen tolk")
        assert "hos studie- och yrkesvägledare 2 i Karlstad" in second.text
        await second.press("Ja, boka")
        (meeting,) = booked(store)
        assert (meeting.counsellor.slug, meeting.counsellor_chosen) == ("karlstad-2", True)
        await second.book("jag vill byta tid", "reschedule_meeting")
        assert whose(second) == {"karlstad-2"}
        await second.press("Fler tider")
        assert whose(second) == {"karlstad-2"}
        await second.press("Välj vägledare")
        await second.press("Vem som helst")
        assert whose(second) == {"karlstad"}
        await second.book("avbryt", "nlu_fallback", confidence=0.2)
        assert second.slots["booking_counsellor"] is None

    async def test_an_old_button_after_the_booking_begins_a_new_one(
        self, talk: Conversation, safe_text: SafeText
    ) -> None:
        await talk.press_payload('/book_meeting{"booking_counsellor": "choose"}')
        assert asked(talk) == "booking_node"
        await talk.press("Karlstad")
        await talk.press("Telefon")
        assert whose(talk) == {"karlstad"}


class TestLanguage:
    @pytest.fixture
    def speaking(self, store: Database) -> None:
        """Both in Karlstad speak Arabic, so that it never depends on whose turn it is."""
        with store.transaction() as session:
            for one in session.scalars(select(Counsellor).where(Counsellor.slug.startswith("karlstad"))).unique():
                one.languages = ["sv", "ar"]

    @pytest.mark.usefixtures("speaking")
    async def test_a_counsellor_who_speaks_it_needs_no_interpreter_and_that_is_told(
        self, talk: Conversation, safe_text: SafeText, store: Database
    ) -> None:
        await until(talk, "booking_interpreter", safe_text)
        await talk.press("Arabiska")
        assert "Vägledaren talar arabiska. Då behöver du ingen tolk." in talk.text
        assert "Språk: arabiska" in talk.text
        await talk.press("Ja, boka")
        (meeting,) = booked(store)
        assert (meeting.spoken_language, meeting.interpreter_language) == ("arabiska", None)
        assert meeting.ends_at - meeting.starts_at == timedelta(minutes=30)

    @pytest.mark.usefixtures("speaking")
    async def test_said_before_a_time_is_chosen_the_times_are_of_the_usual_length(
        self, talk: Conversation, safe_text: SafeText
    ) -> None:
        await until(talk, "booking_time", safe_text)
        await say(talk, "jag behöver tolk på arabiska")
        await talk.press(titles(talk)[0])
        assert "Vägledaren talar arabiska. Då behöver du ingen tolk." in talk.text

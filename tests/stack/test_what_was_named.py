"""What people name: two occupations at once, the town where they live, their number; through all four processes."""

from __future__ import annotations

import pytest

from tests.stack.running import Running
from tests.stack.talk import Talk

pytestmark = pytest.mark.model

PHONE = "031-390"
"""The counsellors' numbers begin like this in the example data."""


@pytest.fixture
def talk(real: Running) -> Talk:
    return real.talk()


class TestTwoOccupations:
    def test_each_is_described(self, talk: Talk) -> None:
        first, second = talk.say("vad är skillnaden på CNC-operatör och svetsare?")
        assert [first["data"]["slug"], second["data"]["slug"]] == ["cnc-operator", "svetsare"]

    def test_each_gets_its_courses(self, talk: Talk) -> None:
        first, second = talk.say("vilka utbildningar finns till svetsare eller CNC-operatör?")
        found = [{item["occupation"] for item in message["data"]["items"]} for message in (first, second)]
        assert found == [{"svetsare"}, {"cnc-operator"}]

    def test_the_same_one_in_two_words_is_one(self, talk: Talk) -> None:
        assert len(talk.say("vad gör en svetsare på jobbet, svetsar man jämt?")) == 1

    def test_the_next_question_is_about_the_one_named_last(self, talk: Talk) -> None:
        talk.say("vad är skillnaden på CNC-operatör och svetsare?")
        talk.say("vad krävs för att klara jobbet?")
        assert talk.last[0]["data"]["query"]["occupation"] == "svetsare"


class TestWhereSomebodyLives:
    def test_a_town_without_a_node_is_remembered_as_home(self, talk: Talk) -> None:
        talk.say("jag bor i Filipstad, vilka utbildningar finns det?")
        talk.say("vilken ort ligger närmast mig?")
        assert talk.topics == ["node_nearest"]
        assert talk.text.startswith("Från Filipstad är det närmast till")

    def test_a_town_with_a_node_may_be_where_the_course_was(self, talk: Talk) -> None:
        talk.say("finns det svetsutbildning i Arvika?")
        talk.say("vilken ort ligger närmast mig?")
        assert "Vilken kommun bor du i?" in talk.text


class TestContacts:
    @pytest.mark.parametrize("contact", ["070-174 06 05", "namn@example.org", "0701740605."])
    def test_a_contact_that_nothing_asked_for_leads_to_a_meeting(self, talk: Talk, contact: str) -> None:
        talk.say(contact)
        assert "Boka ett möte, så ringer en vägledare dig" in talk.text
        assert PHONE in talk.text
        assert contact not in talk.text
        assert "Boka möte" in " ".join(talk.titles)

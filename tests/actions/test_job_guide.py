"""The job guide as a talk, through the real actions to the real api: begun, left, taken up again, answered in words."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.actions.conversation import Conversation
from tests.bot.material import answers

GUIDE = "job_guide"
Said = list[dict[str, Any]]


async def begin(talk: Conversation) -> Said:
    return await talk.ask("vilket yrke passar mig?", GUIDE)


async def press(talk: Conversation, title: str) -> Said:
    """Press one of the buttons shown last, by the beginning of its title."""
    payload = next(button["payload"] for button in talk.buttons if button["title"].startswith(title))
    topic, _, entities = payload.removeprefix("/").partition("{")
    return await talk.ask(payload, topic, entities=json.loads("{" + entities))


async def answer_all(talk: Conversation, *titles: str) -> Said:
    await begin(talk)
    for title in titles:
        await press(talk, title)
    return talk.said


MENDER = ("Bygga", "Jag vill hitta", "Nya saker", "Ja", "Helst inte", "Så kort", "Enkel text")


def titles(talk: Conversation) -> list[str]:
    return [button["title"] for button in talk.buttons]


async def test_seven_buttons_lead_to_three_occupations(talk: Conversation) -> None:
    await begin(talk)
    assert "Fråga 1 av 7" in talk.text
    for number, title in enumerate(MENDER, start=2):
        await press(talk, title)
        assert number > len(MENDER) or talk.text.startswith(f"Fråga {number} av 7")
    assert "1. Underhållsmekaniker." in talk.text
    assert [title.partition(" ")[0] for title in titles(talk)] == ["Läs", "Läs", "Läs", "Boka", "Börja"]
    assert all(message["custom"]["topic"] == GUIDE for message in talk.said)


async def test_only_the_codes_of_the_answers_are_kept(talk: Conversation) -> None:
    await answer_all(talk, *MENDER)
    kept = {name: value for name, value in talk.slots.items() if value}
    assert set(kept) == {"guide", "last_answer", "last_topic"}
    assert kept["guide"].endswith(".aababab")


async def test_it_can_be_left_and_taken_up_again(talk: Conversation) -> None:
    await answer_all(talk, "Bygga", "Jag är noga", "Vet inte")
    said = await talk.ask("vad kostar det?", "cost")
    assert said[0]["text"] == answers()["cost"]["text"]
    assert "Fråga 4 av 7" in said[-1]["text"], "asked once more, as a booking asks its question again"
    said = await talk.ask("och csn?", "csn")
    assert titles(talk)[-1] == "Fortsätt med yrkesguiden"
    assert "Fråga 4 av 7" not in said[-1]["text"], "but who has left is not pressed"
    await talk.ask("och lönen?", "job_salary")
    assert "Fortsätt med yrkesguiden" not in titles(talk)
    await begin(talk)
    assert titles(talk) == ["Fortsätt (fråga 4 av 7)", "Börja om guiden"]
    await press(talk, "Fortsätt")
    assert talk.text.startswith("Fråga 4 av 7")
    await begin(talk)
    await press(talk, "Börja om")
    assert talk.text.startswith("Fråga 1 av 7")


async def test_the_way_back_leads_to_the_question_that_was_left(talk: Conversation) -> None:
    await answer_all(talk, "Bygga", "Jag är noga")
    await talk.ask("vad kostar det?", "cost")
    await talk.ask("och csn?", "csn")
    await press(talk, "Fortsätt med")
    assert talk.text.startswith("Fråga 3 av 7")


async def test_when_it_is_done_the_result_is_offered_again(talk: Conversation) -> None:
    await answer_all(talk, *MENDER)
    result = talk.text
    await begin(talk)
    assert titles(talk) == ["Visa förslagen", "Börja om guiden"]
    await press(talk, "Visa")
    assert talk.text == result


async def test_one_step_back_and_another_answer(talk: Conversation) -> None:
    await answer_all(talk, "Bygga", "Jag är noga")
    await press(talk, "Förra frågan")
    assert talk.text.startswith("Fråga 2 av 7")
    await press(talk, "Jag gillar att jobba ihop")
    assert talk.slots["guide"].endswith(".ac")


async def test_an_old_button_goes_on_from_where_it_was_made(talk: Conversation) -> None:
    await begin(talk)
    old = talk.buttons[1]["payload"]
    await answer_all(talk, "Bygga", "Jag är noga", "Nya saker")
    for _ in range(2):
        said = await talk.ask(old, GUIDE, entities=json.loads(old.removeprefix(f"/{GUIDE}")))
        assert said[0]["text"].startswith("Fråga 2 av 7")
    assert talk.slots["guide"].endswith(".b")


@pytest.mark.parametrize("code", ["", "x", "0000.aaa", "a" * 3000])
async def test_a_button_with_a_wrong_code_begins_anew(talk: Conversation, code: str) -> None:
    said = await talk.ask(f'/{GUIDE}{{"guide": "{code}"}}', GUIDE, entities={"guide": code})
    assert "vi börjar om" in said[0]["text"]
    assert talk.slots["guide"].endswith(".")


async def test_yes_and_no_in_ones_own_words_answer_the_question(talk: Conversation) -> None:
    await answer_all(talk, "Bygga", "Jag är noga", "Nya saker")
    said = await talk.ask("nej det klarar inte ryggen", "deny")
    assert said[0]["text"].startswith("Fråga 5 av 7")
    assert said[0]["custom"]["topic"] == GUIDE
    await talk.ask("ja det kan jag absolut", "affirm")
    assert talk.slots["guide"].endswith(".abbca")


async def test_a_yes_after_something_else_is_no_answer_to_the_guide(talk: Conversation) -> None:
    await answer_all(talk, "Bygga", "Jag är noga", "Nya saker")
    await talk.ask("vad kostar det?", "cost")
    await talk.ask("och csn?", "csn")
    said = await talk.ask("ja", "affirm")
    assert said[0]["text"] == answers()["affirm"]["text"]


async def test_what_is_not_understood_gets_the_question_twice_and_then_a_person(talk: Conversation) -> None:
    await answer_all(talk, "Bygga")
    for _ in range(2):
        said = await talk.ask("asdf", "nlu_fallback")
        assert "förstod inte" in said[0]["text"]
        assert "Fråga 2 av 7" in said[0]["text"]
    said = await talk.ask("asdf", "nlu_fallback")
    assert said[0]["custom"]["kind"] == "contact"


async def test_in_easy_swedish_from_the_beginning_and_in_the_middle(talk: Conversation) -> None:
    await answer_all(talk, "Bygga", "Jag är noga")
    talk.said = []
    await talk.run("action_simplify", "lättare svenska tack", "simplify")
    assert talk.text == "Fråga 3 av 7: Hur vill du ha det på jobbet?"
    await press(talk, "Lugnt")
    assert talk.text == "Fråga 4 av 7: Kan du lyfta tungt?"
    for title in ("Nej", "Nej", "Gärna", "Det går bra"):
        await press(talk, title)
    assert talk.text.startswith("Tack för dina svar!\nDe här yrkena kan passa dig:")


async def test_a_place_named_after_the_result_shows_it_near_that_place(talk: Conversation) -> None:
    await answer_all(talk, *MENDER)
    said = await talk.ask("och i Säffle då?", "node_detail", entities={"place": "Säffle", "follow_up": "yes"})
    assert said[0]["custom"]["topic"] == GUIDE
    assert "i Säffle" in said[0]["text"]


async def test_an_occupation_named_after_the_result_is_told_about(talk: Conversation) -> None:
    await answer_all(talk, *MENDER)
    said = await talk.ask("montör", "job_describe", entities={"occupation": "montor", "follow_up": "yes"})
    assert said[0]["custom"]["topic"] == "job_describe"
    assert said[0]["custom"]["query"]["occupation"] == "montor"


async def test_the_result_leads_to_an_occupation(talk: Conversation) -> None:
    await answer_all(talk, *MENDER)
    said = await press(talk, "Läs om underhållsmekaniker")
    assert said[0]["custom"]["kind"] == "occupation"
    await press(talk, "Visa förslagen")
    assert "1. Underhållsmekaniker." in talk.text


async def test_a_booking_in_the_middle_does_not_hear_answers_to_the_guide(talk: Conversation) -> None:
    await answer_all(talk, "Bygga", "Jag är noga", "Nya saker")
    guide = talk.slots["guide"]
    await talk.book("boka möte")
    await talk.book("ja", "affirm")
    await talk.book("blablabla", "nlu_fallback")
    assert talk.slots["guide"] == guide
    assert "Fråga" not in talk.text
    await talk.book("avbryt", "restart")
    await talk.ask("ja", "affirm")
    assert talk.slots["guide"] == guide


async def test_starting_the_whole_talk_over_forgets_the_guide(talk: Conversation) -> None:
    await answer_all(talk, "Bygga", "Jag är noga")
    await talk.run("action_restart", "börja om", "restart")
    assert talk.slots["guide"] is None


async def test_asked_beside_something_else_it_is_offered(talk: Conversation) -> None:
    await talk.ask("vad kostar det och vad passar mig", "cost", entities={"second_topic": GUIDE})
    assert f"/{GUIDE}" in [button["payload"] for button in talk.buttons]
    assert talk.slots["guide"] is None


async def test_a_no_after_words_of_crisis_is_no_answer_to_the_guide(talk: Conversation) -> None:
    await begin(talk)
    while not any(title.startswith("Nej") for title in titles(talk)):
        await press(talk, titles(talk)[0])
    waiting = talk.slots["guide"]
    await talk.ask("…", "human_contact", entities={"distress": "yes"})
    await talk.ask("nej", "deny")
    assert talk.slots["guide"] == waiting

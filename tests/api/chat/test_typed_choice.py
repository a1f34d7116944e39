"""Typed texts that say what stands on a button are as good as pressing it; other texts stay texts."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.chat.tables import Message
from api.chat.typed_choice import choice_typed
from tests.api.chat.conftest import Bot, Talk, message

LIFTING = ("Ja, det går bra", "Lite grann", "Nej, det går inte", "Vet inte, hoppa över", "Förra frågan")
GO_ON = ("Fortsätt (fråga 4 av 7)", "Börja om guiden")


def offered(*titles: str, kind: str = "choices") -> Message:
    choices = [{"id": str(number), "title": title, "payload": f"/{number}"} for number, title in enumerate(titles, 1)]
    return Message(kind=kind, choices=choices, text="Fråga?")


def number_of(text: str, *messages: Message) -> int:
    """Which button the text says, from 1; 0 for none."""
    choice = choice_typed(text, messages)
    return int(choice["id"]) if choice else 0


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("Lite grann", 2),
        ("lite grann!", 2),
        ("  LITE  GRANN ", 2),
        ("ja det gar bra", 1),
        ("Ja", 1),
        ("japp", 1),
        ("det går bra", 1),
        ("nä", 3),
        ("nej tack", 3),
        ("vet inte", 4),
        ("jag vet inte", 4),
        ("Hoppa över", 4),
        ("vet ej", 4),
        ("backa", 5),
        ("tillbaka", 5),
        ("1", 1),
        ("5.", 5),
        ("3)", 3),
        ("0", 0),
        ("6", 0),
        ("99999999999999999999", 0),
        ("kanske", 0),
        ("ja men inte hela dagen", 0),
        ("grann", 0),
        ("", 0),
        ("?", 0),
        ("²", 0),
    ],
)
def test_an_answer_to_a_question_with_buttons(typed: str, number: int) -> None:
    assert number_of(typed, offered(*LIFTING)) == number


@pytest.mark.parametrize(("typed", "number"), [("fortsätt", 1), ("Fortsatt", 1), ("börja om", 2), ("fråga 4 av 7", 1)])
def test_going_on_or_beginning_anew(typed: str, number: int) -> None:
    assert number_of(typed, offered(*GO_ON)) == number


@pytest.mark.parametrize(("typed", "number"), [("Boka möte", 1), ("boka mote", 1), ("2", 0), ("ja", 0), ("boka", 0)])
def test_below_an_ordinary_answer_only_a_whole_title_counts(typed: str, number: int) -> None:
    assert number_of(typed, offered("Boka möte", "Ja, gärna", "Boka, avboka", kind="text")) == number


def test_a_title_counts_in_all_messages_of_the_turn_and_a_number_in_the_last() -> None:
    earlier, last = offered("Hitta utbildning", "Boka möte", kind="text"), offered("Arvika", "Sunne", "Säffle")
    assert number_of("boka möte", earlier, last) == 2
    assert number_of("3", earlier, last) == 3
    assert number_of("2", last, earlier) == 0
    assert number_of("Sunne", last, offered(kind="text")) == 2


def test_what_could_mean_two_buttons_means_none() -> None:
    assert number_of("ja", offered("Ja, gärna", "Ja, men sen")) == 0
    same = offered("Svetsare", "Svetsare")
    assert number_of("svetsare", same) == 0
    same.choices[1]["payload"] = same.choices[0]["payload"]
    assert number_of("svetsare", same) == 1


@given(st.text(max_size=100))
def test_any_text_is_read_without_fail(text: str) -> None:
    assert choice_typed(text, []) is None
    assert 0 <= number_of(text, offered(*LIFTING)) <= len(LIFTING)


async def test_what_is_typed_reaches_the_bot_as_the_button_and_the_transcript_as_typed(talk: Talk, bot: Bot) -> None:
    buttons = [
        {"title": "Ja, det går bra", "payload": '/job_guide{"guide": "1.a"}'},
        {"title": "Nej", "payload": '/job_guide{"guide": "1.b"}'},
    ]
    bot.messages = [message("Kan du lyfta tungt?", buttons, kind="choices")]
    await talk.say("hjälp mig välja")
    await talk.say("JA")
    await talk.say("2")
    await talk.say("ja men bara ibland")
    assert bot.texts == ["hjälp mig välja", buttons[0]["payload"], buttons[1]["payload"], "ja men bara ibland"]
    said = [entry["text"] for entry in await talk.transcript() if entry["sender"] == "user"]
    assert said == ["hjälp mig välja", "JA", "2", "ja men bara ibland"]


async def test_the_greetings_buttons_can_be_typed_too(talk: Talk, bot: Bot) -> None:
    first: dict[str, Any] = talk.messages[0]["choices"][0]
    await talk.say(first["title"].upper())
    await talk.say(choice=first["id"])
    assert bot.texts[0] == bot.texts[1]
    assert bot.texts[0].startswith("/")


async def test_only_the_latest_turn_counts(talk: Talk, bot: Bot) -> None:
    bot.messages = [message("Var?", [{"title": "Sunne", "payload": "/x"}], kind="choices")]
    await talk.say("var kan jag läsa")
    bot.messages = [message("Bra.")]
    await talk.say("Sunne")
    await talk.say("Sunne")
    assert bot.texts[1:] == ["/x", "Sunne"]


async def test_a_command_on_a_button_is_still_a_command_when_typed(talk: Talk, bot: Bot) -> None:
    bot.messages = [message("Var?", [{"title": "/restart", "payload": "/restart"}], kind="choices")]
    await talk.say("hej")
    await talk.say("/restart")
    assert bot.texts == ["hej"]


# --- Events on screen -------------------------------------------------------------------------------------------------


def events(*titles: str) -> Message:
    """A list of events with a button each, and one that leads elsewhere."""
    choices = [
        {"id": str(number), "title": title, "payload": f'/event_list{{"asking_kind": "event:{number}"}}'}
        for number, title in enumerate(titles, 1)
    ]
    return Message(kind="events", choices=[*choices, {"id": "9", "title": "Alla träffar", "payload": "/event_list"}])


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("anmäl mig till den första", 1),
        ("anmal mig till den forsta", 1),
        ("jag vill gå på den andra tack", 2),
        ("anmäl mig till nr 2", 2),
        ("den andra", 2),
        ("tvåan", 2),
        ("anmäl mig till den tredje", 0),
        ("anmäl mig", 0),
        ("anmäl mig till den första eller andra", 0),
        ("anmäl mig till träffen i Arvika", 0),
        ("vad kostar den första?", 0),
        ("när börjar den andra", 0),
    ],
)
def test_one_of_the_events_on_screen_is_signed_up_for_by_its_number(typed: str, number: int) -> None:
    assert number_of(typed, events("Anmäl mig: Arvika", "Anmäl mig: Sunne")) == number


@pytest.mark.parametrize(("typed", "number"), [("anmäl mig", 1), ("jag vill vara med", 1), ("ja", 0), ("tack", 0)])
def test_the_only_event_on_screen_needs_no_number(typed: str, number: int) -> None:
    assert number_of(typed, events("Anmäl mig")) == number


def test_without_events_on_screen_nobody_signs_up_for_anything() -> None:
    assert number_of("anmäl mig till den första", offered("Ja", "Nej", kind="text")) == 0

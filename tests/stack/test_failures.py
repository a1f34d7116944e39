"""One process is down: people get an honest answer in five seconds (`ANSWER_SECONDS`), and go on afterwards."""

from __future__ import annotations

import os
import signal
from dataclasses import dataclass, field

import pytest

from tests.stack.booking import answer, assert_asks, go_to, new_phone
from tests.stack.running import Running
from tests.stack.talk import Message, Talk

pytestmark = pytest.mark.model

TOWNS = {"Arvika", "Hagfors", "Karlstad", "Kristinehamn", "Sunne", "Säffle"}


@dataclass
class Outage:
    """What people were answered while a process was down (by what they wrote), and the talks they had begun."""

    asking: Talk
    booking: Talk
    answers: dict[str, list[Message]] = field(default_factory=dict)
    pressed: list[Message] = field(default_factory=list)


@pytest.fixture(scope="module", params=["bot", "actions"])
def outage(real: Running, request: pytest.FixtureRequest) -> Outage:
    """A process is killed in the middle of two talks, people go on writing, and it is started again."""
    name = request.param
    seen = Outage(real.talk(), real.talk())
    seen.asking.say("svetsutbildning nära Torsby")
    go_to(seen.booking, "name", town="Karlstad")
    real.stack.kill(name)
    try:
        for text in ("hej", "och i Arvika då?", "finns det svetsutbildning i Arvika?", "boka tid"):
            seen.answers[text] = seen.asking.say(text)
        fresh = real.talk()
        seen.pressed = fresh.choose("Boka möte")
        seen.answers["Kim"] = seen.booking.say("Kim")
    finally:
        real.stack.start(name)
        real.stack.wait_ready(name)
    return seen


def test_every_message_gets_an_apology_and_a_way_to_a_human(outage: Outage) -> None:
    for messages in [*outage.answers.values(), outage.pressed]:
        contact = messages[0]
        assert contact["kind"] == "contact"
        assert "just nu" in contact["text"]
        assert {item["town"] for item in contact["data"]["items"]} == TOWNS
        assert all(item["phone"] in contact["text"] for item in contact["data"]["items"])


def test_what_a_plain_search_finds_is_shown_too(outage: Outage) -> None:
    _, courses = outage.answers["finns det svetsutbildning i Arvika?"]
    assert courses["kind"] == "courses"
    assert courses["data"]["items"][0]["node"] == "Arvika"
    assert courses["data"]["items"][0]["occupation"] == "svetsare"
    assert len(outage.answers["hej"]) == 1, "a greeting is nothing to search for"


def test_no_raw_error_reaches_anybody(outage: Outage) -> None:
    for messages in outage.answers.values():
        for message in messages:
            for leak in ("Exception", "Traceback", "http", "connect", "kontakt-", "utter_", "None"):
                assert leak not in message["text"].replace("https://", "").replace("http://localhost", "")


def test_the_talk_goes_on_when_it_is_back(outage: Outage) -> None:
    outage.asking.say("svetsutbildning nära Torsby")
    outage.asking.say("och i Arvika då?")
    assert outage.asking.items("courses")[0]["node"] == "Arvika"
    assert outage.asking.last[0]["data"]["query"] == {"occupation": "svetsare", "place": "Arvika"}


def test_a_booking_that_was_under_way_can_be_finished(outage: Outage) -> None:
    outage.booking.say("jag heter Kim")
    assert_asks(outage.booking, "contact")
    answer(outage.booking, "contact")
    answer(outage.booking, "check")
    assert outage.booking.of_kind("booking")["data"]["reference"]
    outage.booking.say("avboka")
    outage.booking.choose("Avboka")


def test_a_bot_that_hangs_is_not_waited_for(real: Running) -> None:
    talk = real.talk()
    pid = real.stack.supervisor.pid("bot")
    assert pid is not None
    os.kill(pid, signal.SIGSTOP)
    try:
        talk.say("svetsutbildning i Sunne")
    finally:
        os.kill(pid, signal.SIGCONT)
    assert talk.kinds == ["contact", "courses"]


def test_mail_waits_for_a_worker_that_is_down(real: Running) -> None:
    talk = real.talk()
    real.stack.kill("worker")
    try:
        go_to(talk, "check", town="Arvika", contact=new_phone())
        answer(talk, "check")
        reference = talk.of_kind("booking")["data"]["reference"]
        assert real.mailbox.about(reference) == []
    finally:
        real.stack.start("worker")
    (invitation,) = real.mailbox.wait_for(reference, 1)
    assert invitation.calendar["METHOD"] == "REQUEST"

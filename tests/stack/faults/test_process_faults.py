"""One process is down or hangs: people get an honest answer in five seconds (`ANSWER_SECONDS`), and go on afterwards.

Whatever is killed here is found and started again as `make run` does it.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import pytest

from tests.stack.booking import answer, assert_asks, go_to, new_phone
from tests.stack.faults.kit import Saying, die, said, stopped, wait_for, watch_until_ready
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
    """A process is killed in the middle of two talks, people go on writing, and it is started again.

    SIGKILL is also what a machine without memory left sends the largest process, which is the bot.
    """
    name = request.param
    seen = Outage(real.talk(), real.talk())
    seen.asking.say("svetsutbildning nära Torsby")
    go_to(seen.booking, "name", town="Karlstad")
    die(real, name)
    try:
        for text in ("hej", "och i Arvika då?", "finns det svetsutbildning i Arvika?", "boka tid"):
            seen.answers[text] = seen.asking.say(text)
        fresh = real.talk()
        seen.pressed = fresh.choose("Boka möte")
        seen.answers["Kim"] = seen.booking.say("Kim")
    finally:
        watch_until_ready(real, name)
    assert f"{name} stopped (signal 9); starting it again in 1 s." in real.terminal.getvalue()
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
    answer(outage.booking, "interpreter")
    answer(outage.booking, "check")
    assert outage.booking.of_kind("booking")["data"]["reference"]
    outage.booking.say("avboka")
    outage.booking.choose("Avboka")


def test_a_bot_that_hangs_is_not_waited_for(real: Running) -> None:
    talk = real.talk()
    with stopped(real, "bot"):
        talk.say("svetsutbildning i Sunne")
    assert talk.kinds == ["contact", "courses"]


def test_who_writes_again_while_the_bot_hangs_is_told_to_wait_and_answered_in_order(real: Running) -> None:
    talk = real.talk()
    first, second = Saying(talk, text="vad kostar det?"), Saying(talk, text="vad gör en svetsare?")
    with ThreadPoolExecutor(1) as pool, stopped(real, "bot"):
        waiting = pool.submit(first.send)
        wait_for(lambda: in_hand(real.stack.ports.bot), "the bot got no message", pause=0.01)
        second.refused("answer_late")
        assert waiting.result().json()["messages"][0]["kind"] == "contact"
    second.answered()
    assert said(talk) == ["vad kostar det?", "vad gör en svetsare?"]


def test_an_api_killed_with_a_booking_in_hand_has_booked_once_in_the_end(real: Running) -> None:
    talk = real.talk()
    go_to(talk, "check", town="Sunne", contact=new_phone())
    yes = Saying(talk, choice=talk.choice("Ja, boka"))
    before = said(talk)
    with ThreadPoolExecutor(1) as pool, stopped(real, "bot"):
        waiting = pool.submit(yes.send)
        wait_for(lambda: in_hand(real.stack.ports.bot), "the bot got no message", pause=0.01)
        die(real, "api")
        with pytest.raises(httpx.TransportError):
            waiting.result()
    watch_until_ready(real, "api")
    assert "api stopped (signal 9); starting it again in 1 s." in real.terminal.getvalue()
    yes.answered()
    booked = talk.of_kind("booking")["data"]["reference"]
    assert said(talk) == [*before, "Ja, boka"]
    meetings = real.in_database(
        "SELECT reference FROM meeting WHERE status = 'confirmed' AND replace(conversation_id, '-', '') = ?",
        talk.id.replace("-", ""),
    )
    assert meetings == [(booked,)]
    real.mailbox.wait_for(booked, 1)


def test_mail_waits_for_a_worker_that_is_down(real: Running) -> None:
    talk = real.talk()
    die(real, "worker")
    try:
        go_to(talk, "check", town="Arvika", contact=new_phone())
        answer(talk, "check")
        reference = talk.of_kind("booking")["data"]["reference"]
        assert real.mailbox.about(reference) == []
    finally:
        watch_until_ready(real, "worker")
    assert "worker stopped (signal 9); starting it again in 1 s." in real.terminal.getvalue()
    (invitation,) = real.mailbox.wait_for(reference, 1)
    assert invitation.calendar["METHOD"] == "REQUEST"


def in_hand(port: int) -> bool:
    """Whether something that was sent to this port lies there unread (its process stands still). Linux."""
    for line in Path("/proc/net/tcp").read_text("ascii").splitlines()[1:]:
        _, local, _, state, queues, *_ = line.split()
        if state == "01" and local.endswith(f":{port:04X}") and int(queues.partition(":")[2], 16):
            return True
    return False

"""The database cannot be written: locked by another program, or the disk takes nothing more.

Everybody is told in five seconds (`ANSWER_SECONDS`), what can be read is still there, and what was said is carried
out once when it can be written again.
"""

from __future__ import annotations

import resource
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing, contextmanager

import pytest

from tests.stack.booking import answer, assert_asks, go_to, new_email
from tests.stack.faults.kit import Saying, said, sign_in
from tests.stack.running import Running
from tests.stack.talk import CONVERSATIONS, Talk

pytestmark = pytest.mark.model

TOLD = ("database_down", "answer_late")
SENTENCE = "Just nu går det inte att hämta eller spara något."
PAGE = {"Accept": "text/html"}

Unwritable = Callable[[], AbstractContextManager[None]]


@contextmanager
def locked(real: Running) -> Iterator[None]:
    """Another program holds the database and does not let go."""
    path = real.stack.data_dir / "industrivagledaren.db"
    with closing(sqlite3.connect(path, timeout=30, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        yield
        other.execute("ROLLBACK")


@contextmanager
def no_room(real: Running) -> Iterator[None]:
    """No process gets another byte into any file, its log included."""
    with no_room_for(real, "api", "bot", "worker"):
        yield


@contextmanager
def no_room_for(real: Running, *names: str) -> Iterator[None]:
    """These processes may make no file longer: a file-size limit of nothing."""
    pids = [pid for name in names if (pid := real.stack.supervisor.pid(name))]
    before = {pid: resource.prlimit(pid, resource.RLIMIT_FSIZE) for pid in pids}
    for pid, (_, hard) in before.items():
        resource.prlimit(pid, resource.RLIMIT_FSIZE, (0, hard))
    try:
        yield
    finally:
        for pid, limits in before.items():
            resource.prlimit(pid, resource.RLIMIT_FSIZE, limits)


@pytest.fixture(params=[locked, no_room], ids=["locked", "no-room"])
def unwritable(real: Running, request: pytest.FixtureRequest) -> Unwritable:
    return lambda: request.param(real)  # type: ignore[no-any-return]


@pytest.fixture
def talk(real: Running) -> Talk:
    return real.talk()


@pytest.mark.parametrize(("text", "topic"), [("vad kostar det?", "cost"), ("ring 070-174 06 99", "")])
def test_a_message_is_not_lost_and_not_doubled(talk: Talk, unwritable: Unwritable, text: str, topic: str) -> None:
    talk.say("hej")
    message = Saying(talk, text=text)
    with unwritable():
        message.refused(*TOLD)
        message.refused(*TOLD)
        assert len(said(talk)) == 1, "what was said before can be read"
    message.answered()
    assert len(said(talk)) == 2
    assert not topic or talk.topics == [topic], "it is the real answer"


def test_a_step_of_a_booking_is_taken_once(talk: Talk, unwritable: Unwritable) -> None:
    go_to(talk, "name", town="Hagfors")
    name = Saying(talk, text="Kim")
    with unwritable():
        name.refused(*TOLD)
    name.answered()
    assert_asks(talk, "contact")
    for step in ("contact", "interpreter"):
        answer(talk, step)
    assert_asks(talk, "check")
    assert "Kim" in talk.text


def test_a_meeting_is_booked_once_and_its_mails_leave_once(real: Running, talk: Talk, unwritable: Unwritable) -> None:
    go_to(talk, "check", town="Kristinehamn", contact=new_email())
    yes = Saying(talk, choice=talk.choice("Ja, boka"))
    with unwritable():
        yes.refused(*TOLD)
    yes.answered()
    if "booking" not in talk.kinds:
        talk.choose("Ja, boka")  # the answer was that the facts could not be reached
    booked = talk.of_kind("booking")["data"]["reference"]
    meetings = real.in_database(
        "SELECT reference FROM meeting WHERE status = 'confirmed' AND replace(conversation_id, '-', '') = ?",
        talk.id.replace("-", ""),
    )
    assert meetings == [(booked,)]
    mails = real.mailbox.wait_for(booked, 2)
    assert len({mail.message["Message-ID"] for mail in mails}) == 2


def test_somebody_new_is_told_and_pages_are_still_read(real: Running, unwritable: Unwritable) -> None:
    with unwritable():
        refused = real.http.post(CONVERSATIONS)
        assert real.http.get("/utbildningar", headers=PAGE).status_code == 200
        assert real.http.get("/chatt", headers=PAGE).status_code == 200
    assert (refused.status_code, refused.json()["code"]) == (503, "database_down")
    assert real.talk().say("hej")


def test_staff_are_told_on_a_page_and_go_on_afterwards(real: Running, unwritable: Unwritable) -> None:
    with unwritable():
        refused = sign_in(real)
        assert refused.status_code == 503
        assert SENTENCE in refused.text
    assert sign_in(real).status_code == 303


def test_a_bot_that_cannot_remember_apologises_and_goes_on_where_it_was(real: Running, talk: Talk) -> None:
    """Its own database alone: Rasa would answer as if the talk had just begun, or forget what it has just answered."""
    go_to(talk, "name", town="Sunne")
    with no_room_for(real, "bot"):
        assert talk.say("Kim")[0]["kind"] == "contact"
    talk.say("Kim")
    assert_asks(talk, "contact")

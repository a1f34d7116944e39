"""PostgreSQL is gone or hangs, and comes back: a relay stands between the processes and the server.

People are told in five seconds (`ANSWER_SECONDS`), nothing said is lost or doubled, and no process has to be started
again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass

import pytest

from tests.conftest import postgres_database
from tests.relay import Relay, relay_to
from tests.stack.booking import answer, assert_asks, go_to, new_email
from tests.stack.faults.kit import Saying, said, sign_in, wait_for
from tests.stack.running import Running, running
from tests.stack.talk import CONVERSATIONS, Talk

pytestmark = pytest.mark.model

TOLD = ("database_down", "answer_late")
SENTENCE = "Just nu går det inte att hämta eller spara något."


@dataclass(frozen=True)
class Site:
    real: Running
    relay: Relay

    @contextmanager
    def cut(self) -> Iterator[None]:
        self.relay.cut()
        try:
            yield
        finally:
            self.relay.open()

    @contextmanager
    def silent(self) -> Iterator[None]:
        self.relay.hush()
        try:
            yield
        finally:
            self.relay.speak()


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The four processes, with both databases behind the relay. In the end the same processes run as at the start."""
    product, tracker = postgres_database("iv_gone"), postgres_database("iv_gone_bot")
    product.dispose()
    tracker.dispose()
    address = product.engine.url
    with relay_to(address.host or "127.0.0.1", address.port or 5432) as relay:
        there = {"host": "127.0.0.1", "port": relay.port}
        url = address.set(**there).render_as_string(hide_password=False)
        bots = tracker.engine.url.set(drivername="postgresql", **there).render_as_string(hide_password=False)
        with running(tmp_path_factory.mktemp("gone"), IV_DATABASE_URL=url, IV_TRACKER_URL=bots) as real:
            pids = [real.stack.supervisor.pid(name) for name in real.stack.supervisor.names]
            yield Site(real, relay)
            assert [real.stack.supervisor.pid(name) for name in real.stack.supervisor.names] == pids


Gone = Callable[[], AbstractContextManager[None]]


@pytest.fixture(params=["cut", "silent"])
def gone(site: Site, request: pytest.FixtureRequest) -> Gone:
    return getattr(site, request.param)  # type: ignore[no-any-return]


@pytest.fixture
def talk(site: Site) -> Talk:
    return site.real.talk()


def test_a_message_is_refused_with_a_sentence_and_answered_when_it_is_back(talk: Talk, gone: Gone) -> None:
    talk.say("svetsutbildning nära Torsby")
    message = Saying(talk, text="och i Arvika då?")
    with gone():
        message.refused(*TOLD)
        message.refused(*TOLD)
    message.answered()
    assert_remembers(talk)
    assert said(talk) == ["svetsutbildning nära Torsby", "och i Arvika då?"]


def test_pages_say_so_and_those_who_watch_learn_which_part_it_is(site: Site, gone: Gone) -> None:
    http = site.real.http
    with gone():
        page = http.get("/utbildningar", headers={"Accept": "text/html"})
        started = http.post(CONVERSATIONS)
        desk = sign_in(site.real)
        wait_for(lambda: "database" in http.get("/ready").json()["missing"], "/ready does not notice")
        assert http.get("/health").status_code == 200
    for refused in (page, desk):
        assert refused.status_code == 503
        assert SENTENCE in refused.text
    assert (started.status_code, started.json()["code"]) == (503, "database_down")
    wait_for(lambda: http.get("/ready").status_code == 200, "/ready does not notice")
    assert http.get("/utbildningar", headers={"Accept": "text/html"}).status_code == 200
    assert sign_in(site.real).status_code == 303


def test_a_booking_under_way_is_booked_once_and_its_mails_leave_once(site: Site, talk: Talk, gone: Gone) -> None:
    go_to(talk, "name", town="Karlstad")
    name = Saying(talk, text="Kim")
    with gone():
        name.refused(*TOLD)
    name.answered()
    assert_asks(talk, "contact")
    talk.say(new_email())
    answer(talk, "interpreter")
    assert_asks(talk, "check")
    yes = Saying(talk, choice=talk.choice("Ja, boka"))
    with gone():
        yes.refused(*TOLD)
    yes.answered()
    booked = talk.of_kind("booking")["data"]["reference"]
    mails = site.real.mailbox.wait_for(booked, 2)
    assert len({mail.message["Message-ID"] for mail in mails}) == 2


def test_connections_that_were_cut_while_nobody_spoke_cost_nobody_an_answer(site: Site, talk: Talk) -> None:
    talk.say("svetsutbildning nära Torsby")
    with site.cut():
        pass
    talk.say("och i Arvika då?")
    assert_remembers(talk)


def assert_remembers(talk: Talk) -> None:
    """The answer is the bot's, and it knows what the talk is about."""
    assert talk.topics == ["node_nearest"]
    assert talk.last[0]["data"]["query"] == {"occupation": "svetsare", "place": "Arvika"}

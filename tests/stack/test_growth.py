"""Two of each process over one database: any of them may go, under load, and nobody notices more than a pause."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise

import pytest

from tests.conftest import postgres_database
from tests.stack.booking import answer, assert_asks, book, go_to, new_email
from tests.stack.cluster import Cluster, people
from tests.stack.talk import Talk

pytestmark = pytest.mark.model

PEOPLE = 6
QUESTIONS = (
    "vad gör en svetsare?",
    "vad tjänar en svetsare?",
    "finns det kurser i Arvika?",
    "hur söker jag?",
    "vilka orter finns ni på?",
)


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    """api, bot and worker twice, one action server; prepared as compose prepares them."""
    database, tracker = postgres_database("iv_growth"), postgres_database("iv_growth_bot")
    database.dispose()
    tracker.dispose()
    # Seconds that a busy machine needs are not what is tried here.
    cluster = Cluster(tmp_path_factory.mktemp("cluster"), database, tracker, IV_BOT_TIMEOUT_SECONDS="25")
    try:
        cluster.run("prepare")
        cluster.start("bot-1", "bot-2", "api-1", "api-2", "actions", "worker-1", "worker-2")
        cluster.wait_ready("api-1", "api-2", "actions", "bot-1", "bot-2")
        with people(cluster, PEOPLE) as talks:  # whatever is loaded with the first message is loaded
            for talk in talks:
                talk.say(QUESTIONS[0])
        yield cluster
    finally:
        cluster.close()


def talk_until(talk: Talk, over: threading.Event) -> list[str]:
    """Go on asking until it is over; what was asked, in order."""
    asked: list[str] = []
    while not over.is_set() or len(asked) < len(QUESTIONS):
        question = QUESTIONS[len(asked) % len(QUESTIONS)]
        talk.say(question)
        asked.append(question)
    return asked


def under_load(cluster: Cluster, what: Callable[[], None]) -> None:
    """Do `what` while people talk; then every message stands once, in order, and each was answered by the bot."""
    over = threading.Event()
    with people(cluster, PEOPLE) as talks, ThreadPoolExecutor(PEOPLE) as pool:
        running = [pool.submit(talk_until, talk, over) for talk in talks]
        try:
            what()
        finally:
            over.set()
        for talk, asked in zip(talks, [each.result() for each in running], strict=True):
            history = talk.history()
            assert [message["text"] for message in history if message["sender"] == "user"] == asked
            for before, after in pairwise(history):
                assert (before["sender"], after["sender"]) != ("user", "user"), "a message without an answer"
            topics = [message["topic"] for message in history if message["sender"] == "bot"]
            assert "nlu_fallback" not in topics, topics


@pytest.mark.parametrize("name", ["bot-1", "bot-2", "api-2", "worker-1"])
def test_one_is_killed_under_load_and_comes_back(cluster: Cluster, name: str) -> None:
    def kill_and_start() -> None:
        cluster.kill(name)
        cluster.start(name)
        if not name.startswith("worker"):
            cluster.wait_ready(name)

    under_load(cluster, kill_and_start)


def replace_bots(cluster: Cluster) -> None:
    for name in ("bot-1", "bot-2"):
        cluster.stop(name)
        cluster.start(name)
        cluster.wait_ready(name)


def test_the_bot_workers_are_restarted_one_after_the_other_as_for_a_new_model(cluster: Cluster) -> None:
    under_load(cluster, lambda: replace_bots(cluster))


def test_a_half_filled_booking_and_what_was_talked_about_outlive_every_bot_worker(cluster: Cluster) -> None:
    with people(cluster, PEOPLE) as talks:
        booking, asking = talks[: PEOPLE // 2], talks[PEOPLE // 2 :]
        for talk, town in zip(booking, ("Karlstad", "Sunne", "Arvika"), strict=True):
            go_to(talk, "name", town=town)
        for talk in asking:
            talk.say("vilka kurser finns för svetsare i Arvika?")
        replace_bots(cluster)
        for talk in booking:
            for step in ("name", "contact", "interpreter", "check"):
                assert_asks(talk, step)
                answer(talk, step)
            assert talk.of_kind("booking")["data"]["reference"]
        for talk in asking:
            talk.say("och i Karlstad då?")
            assert talk.last[0]["data"]["query"]["occupation"] == "svetsare", talk.text


def test_the_database_is_brought_up_to_date_while_people_talk(cluster: Cluster) -> None:
    under_load(cluster, lambda: cluster.run("prepare"))


def test_a_meeting_booked_while_processes_die_is_booked_once_and_each_mail_leaves_once(cluster: Cluster) -> None:
    with people(cluster, 2) as talks, ThreadPoolExecutor(2) as pool:
        towns = ("Karlstad", "Sunne")
        running = [
            pool.submit(book, talk, town=town, contact=new_email()) for talk, town in zip(talks, towns, strict=True)
        ]
        cluster.kill("bot-1")
        cluster.kill("worker-2")
        receipts = [each.result() for each in running]
        cluster.start("bot-1", "worker-2")
    for receipt in receipts:
        mails = cluster.mailbox.wait_for(receipt["reference"], 2)
        assert len({mail.message["Message-ID"] for mail in mails}) == 2

"""What those who run the service see after a talk, a booking and an error: logs that can be followed, true figures."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

import httpx
import pytest
from prometheus_client.parser import text_string_to_metric_families

from tests.stack.booking import answer, go_to, new_phone
from tests.stack.running import METRICS_KEY, Running
from tests.stack.talk import Talk

pytestmark = pytest.mark.model

QUESTION = "vad tjänar en svetsare, undrar Wilhelmina Provare?"
GIBBERISH = "kvastskaft zebedeus trumpetblåst"
NAME = "Wilhelmina Provare"
PROCESSES = ("api", "bot", "actions", "worker")

Line = dict[str, Any]
Labels = frozenset[tuple[str, str]]
Figures = dict[tuple[str, Labels], float]


@dataclass
class Seen:
    """A day in small: the talk, ids of its requests, lines of each log since it began, figures before and after."""

    talk: Talk
    phone: str
    question: str
    in_vain: str
    lines: dict[str, list[str]]
    before: Figures
    after: Figures

    def grown(self, name: str, **labels: str) -> float:
        """By how much a figure has grown."""
        key = (name, frozenset(labels.items()))
        return self.after[key] - self.before.get(key, 0.0)

    def about(self, process: str, request: str) -> list[Line]:
        """Lines of one request."""
        return [line for line in map(json.loads, self.lines[process]) if line.get("request") == request]


def figures(real: Running) -> Figures:
    """What Prometheus reads of the api's inner door and of the action server."""
    ports, found = real.stack.ports, {}
    for port, key in ((ports.internal, METRICS_KEY), (ports.actions, "")):
        headers = {"Authorization": f"Bearer {key}"} if key else {}
        text = httpx.get(f"http://127.0.0.1:{port}/metrics", headers=headers, trust_env=False).raise_for_status().text
        for family in text_string_to_metric_families(text):
            for sample in family.samples:
                found[sample.name, frozenset(sample.labels.items())] = sample.value
    return found


@pytest.fixture(scope="module")
def seen(real: Running) -> Seen:
    """A question, something nobody understands, a booking, a link that leads nowhere, and a dead action server."""
    real.talk().say("vad kostar det?")  # whatever has to be loaded is loaded, and one of each process is up
    before = figures(real)
    began = {name: len(_lines(real, name)) for name in PROCESSES}
    talk, phone = real.talk(), new_phone()
    question = talk.post({"text": QUESTION}).headers["x-request-id"]
    talk.say(GIBBERISH)
    go_to(talk, "check", who=NAME, contact=phone)
    answer(talk, "check")
    reference = talk.of_kind("booking")["data"]["reference"]
    real.mailbox.wait_for(reference, 1)
    assert real.http.get(f"/mote/{NAME}").status_code == 404
    assert real.http.get(talk.address, headers={"Authorization": f"Bearer {NAME}".encode()}).is_error
    after = figures(real)
    real.stack.kill("actions")
    try:
        in_vain = talk.post({"text": QUESTION}).headers["x-request-id"]
    finally:
        real.stack.start("actions")
        real.stack.wait_ready("actions")
    lines = {name: _lines(real, name)[began[name] if name != "actions" else 0 :] for name in PROCESSES}
    lines["actions"] += _lines(real, "actions", ".1")  # turned over when it was started again
    return Seen(talk, phone, question, in_vain, lines, before, after)


def _lines(real: Running, process: str, suffix: str = "") -> list[str]:
    log = real.stack.logs[process]
    return [line for line in log.with_name(log.name + suffix).read_text("utf-8").splitlines() if line]


@pytest.mark.parametrize("process", PROCESSES)
def test_every_line_is_one_object_that_says_what_when_and_how_bad(seen: Seen, process: str) -> None:
    assert seen.lines[process]
    for text in seen.lines[process]:
        line: Line = json.loads(text)
        assert {"event", "level", "logger", "timestamp"} <= line.keys(), line
        assert line["level"] in {"info", "warning", "error"}


@pytest.mark.parametrize("process", PROCESSES)
def test_no_line_holds_what_somebody_wrote_or_was_told(seen: Seen, process: str) -> None:
    text = "\n".join(seen.lines[process]).casefold()
    said = (QUESTION, GIBBERISH, "kvastskaft", NAME, "wilhelmina", seen.phone, seen.phone.replace("-", ""))
    secrets = (seen.talk.token, METRICS_KEY, *(message["text"] for message in seen.talk.history() if message["text"]))
    for trace in (*said, *secrets):
        assert trace.casefold() not in text


def test_one_message_is_found_by_its_id_in_all_three_processes(seen: Seen) -> None:
    (turn,) = seen.about("bot", seen.question)
    assert (turn["event"], turn["conversation"]) == ("turn", seen.talk.id)
    done = [line for line in seen.about("actions", seen.question) if line["event"] == "action"]
    assert [(line["action"], line["outcome"]) for line in done] == [("action_answer", "done")]
    assert done[0]["conversation"] == seen.talk.id
    inside, asked = (line for line in seen.about("api", seen.question) if line["event"] == "request")
    assert (inside["route"], asked["route"]) == (
        "/internal/v1/answers",
        "/api/v1/conversations/{conversation_id}/messages",
    )
    assert asked["conversation"] == seen.talk.id


def test_a_failure_is_found_by_the_id_that_the_person_was_given(seen: Seen) -> None:
    assert seen.about("actions", seen.in_vain) == []
    assert {line["level"] for line in seen.about("bot", seen.in_vain)} >= {"error"}
    assert [line["status"] for line in seen.about("api", seen.in_vain) if line["event"] == "request"] == [200]


def test_turns_stages_and_actions_are_counted_as_they_were(seen: Seen) -> None:
    turns = len([message for message in seen.talk.history() if message["sender"] == "user"]) - 1  # but the one in vain
    assert seen.grown("iv_turns_total", outcome="fallback") == 1
    assert seen.grown("iv_turns_total", outcome="answered") == turns - 1
    for stage in ("prepare", "bot", "store", "whole"):
        assert seen.grown("iv_turn_seconds_count", stage=stage) == turns
    spent = {stage: seen.grown("iv_turn_seconds_sum", stage=stage) for stage in ("prepare", "bot", "store", "whole")}
    assert all(spent.values())
    assert spent["whole"] >= spent["bot"] + spent["prepare"] + spent["store"]
    assert seen.grown("iv_actions_total", action="action_booking_done", outcome="done") == 1
    assert seen.grown("iv_actions_total", action="action_answer", outcome="done") >= 2
    assert 0 < seen.grown("iv_action_seconds_sum", action="action_answer") < spent["bot"]
    assert seen.grown("iv_database_seconds_count") > turns
    assert seen.grown("iv_database_seconds_sum") > 0


def test_mails_and_free_times_stand_as_they_are(seen: Seen) -> None:
    assert seen.after["iv_database_up", frozenset()] == 1
    assert seen.after["iv_outbox_failed", frozenset()] == 0
    assert 0 <= seen.after["iv_outbox_age_seconds", frozenset()] < 60
    free = {dict(labels)["node"]: value for (name, labels), value in seen.after.items() if name == "iv_free_slots"}
    assert len(free) == 6
    assert all(free.values())

"""What the action server tells those who run it: which action failed, in figures and in its log, and nothing else."""

from __future__ import annotations

import json
import logging
import sys
from uuid import uuid4

import httpx
import pytest
from prometheus_client.exposition import generate_latest
from rasa_sdk.executor import CollectingDispatcher

from actions.api_client import ApiClient
from actions.figures import Figures
from actions.guidance import AnswerAction
from actions.logs import JsonLines, request_id
from tests.actions.conversation import make_tracker
from tests.actions.test_failures import (
    PERSON,
    SECRET,
    SETTINGS,
    Handler,
    broken,
    down,
    html_as_success,
    internal,
    refused,
)

ANSWER = {"answers": [], "slots": {}}


def answered(request: httpx.Request) -> httpx.Response:
    return httpx.Response(200, json=ANSWER)


def another_shape(request: httpx.Request) -> httpx.Response:
    return httpx.Response(200, json={"trace": SECRET})


async def run(handler: Handler, *, message_id: str = "") -> Figures:
    """One question of a person, answered by an action over an api that does so."""
    figures = Figures(["action_answer"])
    tracker = make_tracker(f"{PERSON} undrar vad det kostar", "cost")
    tracker.latest_message["message_id"] = message_id
    await AnswerAction(ApiClient(SETTINGS, httpx.MockTransport(handler)), figures).run(
        CollectingDispatcher(), tracker, {}
    )
    return figures


@pytest.mark.parametrize(
    ("handler", "outcome"),
    [
        (answered, "done"),
        (refused, "refused"),
        (down, "api_down"),
        (internal, "api_down"),
        (broken, "api_down"),
        (html_as_success, "api_down"),
        (another_shape, "failed"),
    ],
)
async def test_each_run_is_counted_by_action_and_how_it_ended(handler: Handler, outcome: str) -> None:
    registry = (await run(handler)).registry
    for each in ("done", "refused", "api_down", "failed"):
        labels = {"action": "action_answer", "outcome": each}
        assert registry.get_sample_value("iv_actions_total", labels) == (each == outcome)
    assert registry.get_sample_value("iv_action_seconds_count", {"action": "action_answer"}) == 1
    shown = generate_latest(registry).decode()
    assert SECRET not in shown
    assert PERSON not in shown


@pytest.mark.parametrize("handler", [answered, refused, down, another_shape])
async def test_a_line_has_names_and_ids_and_nothing_else(handler: Handler, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    asked = uuid4().hex
    await run(handler, message_id=asked)
    lines = [json.loads(JsonLines().format(record)) for record in caplog.records if record.name == "actions.base"]
    assert [line["event"] for line in lines][-1] == "action"
    assert {line["request"] for line in lines} == {asked}
    assert (lines[-1]["action"], lines[-1]["conversation"]) == ("action_answer", "samtal")
    for told in (SECRET, PERSON, "kostar"):
        assert told not in json.dumps(lines, ensure_ascii=False)


async def test_the_api_hears_which_request_a_call_belongs_to() -> None:
    seen: list[httpx.Request] = []
    asked = uuid4().hex
    await run(lambda request: seen.append(request) or answered(request), message_id=asked)
    assert [request.headers["x-request-id"] for request in seen] == [asked]


@pytest.mark.parametrize("given", [None, 7, "", "x", "A" * 32, f"{'a' * 32}\n", "../../etc"])
def test_only_ids_of_ours_are_handed_on(given: object) -> None:
    assert request_id(given) == ""


def test_an_error_is_told_by_its_class_alone() -> None:
    try:
        raise ValueError(SECRET)
    except ValueError:
        record = logging.LogRecord("sanic.error", logging.ERROR, "", 0, "it broke", (), sys.exc_info())
    line = JsonLines().format(record)
    assert json.loads(line)["error"] == "ValueError"
    assert SECRET not in line

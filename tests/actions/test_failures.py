"""Whatever api does, every action says something, raises nothing and repeats nothing of what api sent."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import httpx
import pytest
from rasa_sdk.executor import CollectingDispatcher

from actions.__main__ import ACTIONS, build_executor
from actions.api_client import ApiClient, ApiDown, ApiRefused
from actions.asking.steps import FORM as ASKING_FORM
from actions.base import SafeAction
from actions.booking.steps import FORM, STEPS
from actions.logs import JsonLines
from actions.settings import Settings, load_settings
from tests.actions.conversation import make_actions, make_tracker
from tests.bot.material import domain

SECRET = "hemligt-från-servern"
PERSON = "Kim-som-ingen-ska-se"
TOKEN = "kontakt-0123456789abcdef01234567"
MEETING = "5d5c4a3e-5b1f-4b8a-9d2e-000000000001"
SETTINGS: Settings = replace(load_settings({}), timeout_seconds=0.2)

Handler = Callable[[httpx.Request], httpx.Response]


def down(request: httpx.Request) -> httpx.Response:
    raise httpx.ConnectError(SECRET, request=request)


def slow(request: httpx.Request) -> httpx.Response:
    raise httpx.ReadTimeout(SECRET, request=request)


def internal(request: httpx.Request) -> httpx.Response:
    return httpx.Response(500, json={"code": "internal", "detail": SECRET})


def refused(request: httpx.Request) -> httpx.Response:
    return httpx.Response(409, json={"code": "conflict", "detail": "Det går inte just nu.", "trace": SECRET})


def refused_without_reason(request: httpx.Request) -> httpx.Response:
    return httpx.Response(409, json={"trace": SECRET})


def broken(request: httpx.Request) -> httpx.Response:
    return httpx.Response(200, content=f'{{"messages": [{{"text": "{SECRET}'.encode())


def html(request: httpx.Request) -> httpx.Response:
    return httpx.Response(502, html=f"<html><body>{SECRET}</body></html>")


def html_as_success(request: httpx.Request) -> httpx.Response:
    return httpx.Response(200, html=f"<html><body>{SECRET}</body></html>")


def other_shape(request: httpx.Request) -> httpx.Response:
    return httpx.Response(200, json={"trace": SECRET})


def a_list(request: httpx.Request) -> httpx.Response:
    return httpx.Response(200, json=[SECRET])


FAILURES: tuple[Handler, ...] = (
    down,
    slow,
    internal,
    refused,
    refused_without_reason,
    broken,
    html,
    html_as_success,
    other_shape,
    a_list,
)

BOOKING: dict[str, Any] = {
    "booking_node": "karlstad",
    "booking_type": "phone",
    "booking_time": "karlstad-1@20261126T1200Z",
    "booking_meeting": MEETING,
    "booking_name": PERSON,
    "booking_contact": TOKEN,
}

ASKING: dict[str, Any] = {
    "asking_state": {"kind": "event:1", "key": "a1b2c3", "step": "contact", "answers": {"name": PERSON}},
    "requested_slot": "asking_reply",
}

SITUATIONS: dict[str, dict[str, Any]] = {
    "action_answer": {"text": f"svets {PERSON}", "topic": "course_search"},
    "action_simplify": {"text": PERSON, "topic": "simplify", "slots": {"last_answer": "course_search"}},
    f"validate_{FORM}": {
        "text": "/book_meeting",
        "topic": "book_meeting",
        "entities": {"booking_time": "karlstad-1@20261126T1200Z"},
        "slots": {**BOOKING, "requested_slot": "booking_time"},
        "form": FORM,
    },
    **{
        f"action_ask_{step}": {"text": PERSON, "topic": "book_meeting", "slots": BOOKING, "form": FORM}
        for step in STEPS
    },
    "action_booking_done": {"text": PERSON, "topic": "affirm", "slots": BOOKING, "form": FORM},
    "action_restart": {"text": PERSON, "topic": "restart", "slots": BOOKING, "form": FORM},
    "action_my_meeting": {"text": PERSON, "topic": "my_meeting"},
    "validate_asking_form": {"text": TOKEN, "topic": "nlu_fallback", "slots": ASKING, "form": ASKING_FORM},
    "action_ask_asking_reply": {"text": PERSON, "topic": "nlu_fallback", "slots": ASKING, "form": ASKING_FORM},
    "action_asking_done": {"text": PERSON, "topic": "affirm", "slots": ASKING, "form": ASKING_FORM},
    "action_cancel_meeting": {"text": PERSON, "topic": "cancel_meeting", "entities": {"booking_meeting": MEETING}},
}

SILENT = {"action_booking_done", "action_asking_done", "action_ask_asking_reply"}
"""These say and call nothing, so no failure of api can reach them."""

NAMES = sorted(action.name(None) for action in ACTIONS)  # type: ignore[arg-type]  # name() reads nothing of self


def actions_over(handler: Handler) -> dict[str, SafeAction]:
    return make_actions(ApiClient(SETTINGS, httpx.MockTransport(handler)))


def uttered(dispatcher: CollectingDispatcher) -> list[dict[str, Any]]:
    return [m for m in dispatcher.messages if m["text"] or m["response"]]


@pytest.mark.parametrize("failure", FAILURES, ids=lambda failure: failure.__name__)
@pytest.mark.parametrize("name", NAMES)
async def test_the_person_gets_a_sentence_and_nothing_leaks(
    name: str, failure: Handler, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    dispatcher = CollectingDispatcher()
    events = await actions_over(failure)[name].run(dispatcher, make_tracker(**SITUATIONS[name]), {})
    assert isinstance(events, list)
    assert bool(uttered(dispatcher)) == (name not in SILENT), dispatcher.messages
    for message in dispatcher.messages:
        assert message["response"] is None or message["response"] in domain()["responses"]
    ours = [JsonLines().format(record) for record in caplog.records if record.name.startswith("actions")]
    for given in (SECRET, PERSON, TOKEN):
        assert given not in repr(dispatcher.messages)
        assert given not in repr(events) or given == TOKEN
        assert given not in "\n".join(ours)


@pytest.mark.parametrize("failure", FAILURES, ids=lambda failure: failure.__name__)
async def test_a_failure_in_the_form_leaves_it_where_it_is_and_never_rejects_it(failure: Handler) -> None:
    dispatcher = CollectingDispatcher()
    for situation in (
        SITUATIONS[f"validate_{FORM}"],
        {
            "text": "vad kostar det",
            "topic": "cost",
            "slots": {"booking_node": "karlstad", "requested_slot": "booking_type"},
            "form": FORM,
        },
        {
            "text": "ja",
            "topic": "affirm",
            "slots": {**BOOKING, "requested_slot": "booking_confirmed"},
            "form": FORM,
        },
    ):
        events = await actions_over(failure)[f"validate_{FORM}"].run(dispatcher, make_tracker(**situation), {})
        changed = {event["name"] for event in events if event["event"] == "slot"}
        assert changed, "without any slot Rasa takes the form as rejected"
        assert "booking_confirmed" not in {event["name"] for event in events if event.get("value") is True}
        assert not changed & {"booking_node", "booking_type", "booking_name", "booking_contact"}


@pytest.mark.parametrize("failure", FAILURES, ids=lambda failure: failure.__name__)
async def test_a_failure_in_a_form_of_api_keeps_what_was_answered(failure: Handler) -> None:
    tracker = make_tracker(**SITUATIONS["validate_asking_form"])
    events = await actions_over(failure)["validate_asking_form"].run(CollectingDispatcher(), tracker, {})
    assert [event["name"] for event in events] == ["asking_reply"], "the state stays as it is"


@pytest.mark.parametrize("failure", [down, slow, internal, broken, html, html_as_success, a_list])
async def test_an_unusable_answer_is_one_error(failure: Handler) -> None:
    with pytest.raises(ApiDown) as error:
        await ApiClient(SETTINGS, httpx.MockTransport(failure)).get("/anything")
    assert SECRET not in str(error.value)


@pytest.mark.parametrize("gone", [httpx.ConnectError, httpx.ConnectTimeout, httpx.RemoteProtocolError, httpx.ReadError])
async def test_an_api_that_goes_with_the_request_in_hand_is_asked_once_more(gone: type[httpx.TransportError]) -> None:
    asked: list[str] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(request.headers["idempotency-key"])
        if len(asked) == 1:
            raise gone("gone")
        return httpx.Response(200, json={"booked": True})

    assert await ApiClient(SETTINGS, httpx.MockTransport(answer)).post("/x", {}, idempotency_key="k") == {
        "booked": True
    }
    assert asked == ["k", "k"]


async def test_an_api_that_is_slow_or_away_is_not_asked_again_and_again() -> None:
    asked: list[httpx.Request] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(request)
        raise httpx.ReadTimeout("slow") if len(asked) == 1 else httpx.ConnectError("away")

    client = ApiClient(SETTINGS, httpx.MockTransport(answer))
    for most in (1, 3):
        with pytest.raises(ApiDown):
            await client.get("/anything")
        assert len(asked) == most


async def test_a_refusal_carries_its_code_sentence_and_messages() -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        return httpx.Response(409, json={"code": "slot_taken", "detail": "Upptagen.", "messages": [{"text": "x"}]})

    with pytest.raises(ApiRefused) as error:
        await ApiClient(SETTINGS, httpx.MockTransport(answer)).post("/x", {})
    assert (error.value.code, error.value.detail, error.value.messages) == ("slot_taken", "Upptagen.", [{"text": "x"}])


async def test_requests_carry_the_service_token_and_only_the_parameters_that_are_set() -> None:
    seen: list[httpx.Request] = []

    def answer(request: httpx.Request) -> httpx.Response:
        seen.append(request)
        return httpx.Response(200, json={})

    client = ApiClient(SETTINGS, httpx.MockTransport(answer))
    await client.get("/booking/nodes", place=None, node="säffle")
    await client.post("/x", {"a": 1}, idempotency_key="k")
    assert seen[0].headers["authorization"] == f"Bearer {SETTINGS.service_token}"
    assert dict(seen[0].url.params) == {"node": "säffle"}
    assert seen[0].url.path == "/internal/v1/booking/nodes"
    assert seen[1].headers["idempotency-key"] == "k"
    assert "idempotency-key" not in seen[0].headers


def test_every_action_is_registered_under_its_name() -> None:
    executor = build_executor(ApiClient(SETTINGS, httpx.MockTransport(down)))
    assert set(executor.actions) == set(NAMES)
    assert len(NAMES) == len(ACTIONS)
    assert set(NAMES) <= set(SITUATIONS)

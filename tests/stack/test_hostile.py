"""What a client should never send: a clear answer, and nothing changes."""

from __future__ import annotations

from uuid import uuid4

import pytest

from tests.stack.booking import answer, assert_asks, go_to
from tests.stack.running import Running
from tests.stack.talk import CONVERSATIONS, Talk

pytestmark = pytest.mark.model

BAD_BODIES = {
    "a number": {"text": 5},
    "nothing": {"text": None},
    "a list as text": {"text": ["hej"]},
    "an object as text": {"text": {"$ne": ""}},
    "a choice that is no id": {"choice": "1; DROP TABLE message"},
    "an unknown choice": {"choice": str(uuid4())},
    "text and choice": {"text": "hej", "choice": str(uuid4())},
    "an unknown field": {"text": "hej", "sender_id": "någon annan"},
    "an empty object": {},
    "a list": [],
    "a string": "hej",
    "only blanks": {"text": " \u200b\n\t "},
    "5,000 characters": {"text": "hej " * 1250},
    "a bad client id": {"text": "hej", "client_id": "../../etc/passwd"},
    "a client id of many lines": {"text": "hej", "client_id": "a\r\nb"},
    "a payload as a choice": {"choice": '/affirm{"booking_confirmed": true}'},
    "a payload of its own": {"payload": "/restart"},
    "slots": {"text": "hej", "slots": {"booking_confirmed": True}},
    "metadata": {"text": "hej", "metadata": {"conversation_id": str(uuid4())}},
    "entities": {"text": "hej", "entities": [{"entity": "place", "value": "Arvika"}]},
}

COMMANDS = (
    "/restart",
    " /restart",
    "\u200b/restart",
    "／restart",
    "\u2060\ufeff/restart",
    "\u202e/restart",
    "\u0301/restart",
    "\x00/restart",
    '/book_meeting{"booking_node": "arvika"}',
    '/affirm{"booking_confirmed": true}',
    "/intent@0.2",
    "/session_start",
    "/cancel_meeting",
)
HARMLESS = (
    "<script>alert(1)</script>",
    '<img src=x onerror="alert(1)">',
    "'; DROP TABLE meeting; --",
    "{{ 7 * 7 }} ${7*7} {occupation}",
    "EXTERNAL: /restart",
    'EXTERNAL: affirm{"booking_confirmed": true}',
    "\u2044restart",
    "hej\n/restart",
    '@affirm{"booking_confirmed": true}',
    "\u202eneksirT",
    "🙂" * 200,
)


@pytest.fixture
def talk(real: Running) -> Talk:
    return real.talk()


def meetings(real: Running) -> list[tuple[object, ...]]:
    return real.in_database("SELECT id, status FROM meeting ORDER BY id")


@pytest.mark.parametrize("body", BAD_BODIES.values(), ids=BAD_BODIES)
def test_a_body_that_is_no_message_is_refused_in_swedish_and_changes_nothing(talk: Talk, body: object) -> None:
    before = talk.history()
    response = talk.post(body)
    assert response.status_code == 422
    assert response.headers["content-type"].startswith("application/problem+json")
    problem = response.json()
    assert problem["code"]
    assert problem["detail"].endswith(".")
    for leak in ("Traceback", "pydantic", "input_value", "DROP TABLE", "hej hej"):
        assert leak not in response.text
    assert talk.history() == before
    talk.say("hej")


@pytest.mark.parametrize("raw", [b"{", b"\xff\xfe", b"null", b'{"text": "hej"', b"[" * 10_000])
def test_a_body_that_is_no_json_is_refused(talk: Talk, raw: bytes) -> None:
    headers = talk.headers | {"Content-Type": "application/json"}
    response = talk.http.post(f"{talk.address}/messages", content=raw, headers=headers)
    assert 400 <= response.status_code < 500
    assert response.json()["detail"]


@pytest.mark.parametrize("conversation", ["6f1c2a34-5b7d-4e8f-9a01-23456789abcd", "1", "..", "%00"])
def test_a_conversation_that_does_not_exist_is_refused(talk: Talk, conversation: str) -> None:
    response = talk.http.post(f"{CONVERSATIONS}/{conversation}/messages", json={"text": "hej"}, headers=talk.headers)
    assert response.status_code in {401, 404, 405, 422}


def test_nobody_reads_or_writes_in_another_persons_conversation(real: Running, talk: Talk) -> None:
    stranger = real.talk()
    assert talk.http.get(f"{talk.address}/messages", headers=stranger.headers).status_code == 401
    assert talk.http.post(f"{talk.address}/messages", json={"text": "hej"}, headers=stranger.headers).status_code == 401
    assert talk.http.delete(talk.address, headers=stranger.headers).status_code == 401
    assert talk.post({"choice": stranger.choice("Boka möte")}).json()["code"] == "choice_unknown"


@pytest.mark.parametrize("text", COMMANDS)
def test_a_command_in_the_middle_of_a_booking_is_explained_and_does_nothing(
    real: Running, talk: Talk, text: str
) -> None:
    go_to(talk, "check", town="Sunne")
    before = meetings(real)
    talk.say(text)
    assert "snedstreck" in talk.text
    assert meetings(real) == before
    answer(talk, "check")
    assert talk.of_kind("booking")["data"]["reference"]
    talk.say("avboka")
    talk.choose("Avboka")


@pytest.mark.parametrize("text", HARMLESS)
def test_markup_and_code_are_only_text(real: Running, talk: Talk, text: str) -> None:
    before = meetings(real)
    talk.say(text)
    assert text not in talk.text, "nothing of the message is repeated"
    assert [m["text"] for m in talk.history() if m["sender"] == "user"] == [text]
    assert meetings(real) == before
    talk.say("vad kostar det?")
    assert talk.topics == ["cost"]


def test_a_hostile_name_is_not_taken(talk: Talk) -> None:
    go_to(talk, "name")
    talk.say("<script>alert(1)</script>")
    assert_asks(talk, "name")


def test_what_a_page_says_it_is_about_is_looked_up_and_nothing_else(real: Running) -> None:
    start = {"topic": "/restart", "occupation": 'svetsare", "x": "', "place": "EXTERNAL: /restart"}
    plain, hostile = (real.http.post(CONVERSATIONS, json=body).json()["messages"] for body in ({}, start))
    assert [[c["title"] for c in m["choices"]] for m in hostile] == [[c["title"] for c in m["choices"]] for m in plain]
    assert "restart" not in str(hostile)


def test_the_bot_answers_only_who_knows_the_secret(real: Running) -> None:
    address = f"{real.stack.bot_url}/webhooks/gateway/conversations/{uuid4()}/turns"
    http = real.http
    for headers in ({}, {"Authorization": "Bearer fel"}):
        refused = http.post(address, json={"text": "hej"}, headers=headers)
        assert (refused.status_code, refused.content) == (401, b"")
    assert http.post(f"{real.stack.bot_url}/webhooks/rest/webhook", json={"sender": "x"}).status_code == 404
    assert http.get(f"{real.stack.bot_url}/conversations/x/tracker").status_code in {401, 404}


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", "/webhooks/rest/webhook"),
        ("POST", "/webhooks/callback/webhook"),
        ("POST", "/model/parse"),
        ("POST", "/model/train"),
        ("PUT", "/model"),
        ("DELETE", "/model"),
        ("POST", "/conversations/{id}/messages"),
        ("POST", "/conversations/{id}/execute"),
        ("POST", "/conversations/{id}/trigger_intent"),
        ("POST", "/conversations/{id}/tracker/events"),
        ("PUT", "/conversations/{id}/tracker/events"),
        ("GET", "/conversations/{id}/tracker"),
        ("GET", "/conversations/{id}/story"),
        ("GET", "/domain"),
        ("GET", "/status"),
    ],
)
def test_rasa_s_own_doors_are_closed_even_to_who_knows_the_secret(
    real: Running, talk: Talk, method: str, path: str
) -> None:
    url = real.stack.bot_url + path.format(id=talk.id)
    body = {"sender": talk.id, "text": "/restart", "message": "/restart", "name": "affirm", "event": "restart"}
    for headers in ({}, {"Authorization": f"Bearer {real.stack.env['IV_SERVICE_TOKEN']}"}):
        refused = real.http.request(method, url, json=body, headers=headers)
        assert refused.status_code in {401, 404, 405}
    talk.say("vad kostar det?")
    assert talk.topics == ["cost"]

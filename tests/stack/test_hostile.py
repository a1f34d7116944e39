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
}

COMMANDS = (
    "/restart",
    " /restart",
    "\u200b/restart",
    "／restart",
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


@pytest.mark.parametrize("conversation", [str(uuid4()), "1", "..", "%00"])
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


def test_the_bot_answers_only_who_knows_the_secret(real: Running) -> None:
    address = f"{real.stack.bot_url}/webhooks/gateway/conversations/{uuid4()}/turns"
    http = real.http
    for headers in ({}, {"Authorization": "Bearer fel"}):
        refused = http.post(address, json={"text": "hej"}, headers=headers)
        assert (refused.status_code, refused.content) == (401, b"")
    assert http.post(f"{real.stack.bot_url}/webhooks/rest/webhook", json={"sender": "x"}).status_code == 404
    assert http.get(f"{real.stack.bot_url}/conversations/x/tracker").status_code in {401, 404}

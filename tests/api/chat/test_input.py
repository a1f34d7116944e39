"""What people, clients and attackers may send, and what of it reaches the bot."""

from __future__ import annotations

import json
import unicodedata

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from api.chat.errors import MessageEmpty, MessageTooLong
from api.chat.incoming import MESSAGE_LIMIT, clean, looks_like_command
from api.middleware import BODY_LIMIT
from tests.api.chat.conftest import assert_problem, begin

COMMANDS = (
    "/restart",
    "/book_meeting{}",
    '/book_meeting{"place": "Arvika"}',
    "  /restart",
    "\n\t/restart",
    "\u00a0/restart",
    "\u200b/restart",
    "\u200b\u00a0\u2060\ufeff /restart",
    "\u202e/restart",
    "\x00/restart",
    "\x1b/restart",
    "\x85/restart",
    "\u2028/restart",
    "\u3000/restart",
    "\u3164/restart",
    "\ufe0f/restart",
    "\u034f/restart",
    "／restart",
    "\u200b／book_meeting{}",
    "//restart",
    "/",
    "/ restart",
    "/EXTERNAL: x",
    "/session_start",
)
INVISIBLE = ("", " ", "\n", "\t \r\n", "\u00a0", "\u200b", "\u200b\u200d\u2060\ufeff", "\u3000", "\x00", "\x07\x1b",
             "\u00ad", "\u202e\u202c", "\u2028", "\u3164", "\u2800", "\ufe0f", "\u034f", " \u200b\n\x00 ")  # fmt: skip


def reads_as_command(text: str) -> bool:
    """Whether Rasa, which strips blanks, or a reader who sees no zero-width characters, finds a slash first."""
    return text.strip().startswith("/") or unicodedata.normalize("NFKC", text.strip()).strip().startswith("/")


@pytest.mark.parametrize("text", COMMANDS)
async def test_a_command_never_reaches_the_bot_and_is_answered_kindly(talk, bot, text):
    (answer,) = await talk.say(text)
    assert bot.turns == []
    assert answer["topic"] == "nlu_fallback"
    assert "inte kommandon" in answer["text"]
    assert answer["choices"]


@pytest.mark.parametrize(
    "text", ["och/eller", "mig/mag?", "1/2", "a /restart", "<b>/restart</b>", "\\restart", "⁄restart"]
)
async def test_a_slash_inside_a_text_is_only_text(talk, bot, text):
    await talk.say(text)
    assert bot.texts == [text]


@pytest.mark.parametrize("text", INVISIBLE)
async def test_a_text_without_anything_to_see_is_refused(talk, bot, text):
    assert_problem(await talk.send(text), 422, "message_empty")
    assert bot.turns == []
    assert len(await talk.transcript()) == 1


@pytest.mark.parametrize("length", [MESSAGE_LIMIT + 1, 5000])
@pytest.mark.parametrize("char", ["a", "å", "😀"])
async def test_a_text_over_the_limit_is_refused_with_the_limit(talk, bot, length, char):
    body = assert_problem(await talk.send(char * length), 422, "message_too_long")
    assert "1000 tecken" in body["detail"]
    assert bot.turns == []


@pytest.mark.parametrize(
    "text", ["a" * MESSAGE_LIMIT, "😀" * MESSAGE_LIMIT, " " * 3000 + "a" * MESSAGE_LIMIT + "\n" * 3000]
)
async def test_a_text_at_the_limit_is_taken(talk, bot, text):
    await talk.say(text)
    assert bot.texts == [text.strip()]


@pytest.mark.parametrize(
    ("text", "passed_on"),
    [
        ("Hej\x00 du\x07", "Hej du"),
        ("Hej\r\ndu", "Hej\ndu"),
        ("Hej\x1b[31m", "Hej[31m"),
        ("rad 1\n\trad 2", "rad 1\n\trad 2"),
        ("<script>alert(1)</script>", "<script>alert(1)</script>"),
        ("'; DROP TABLE message; --", "'; DROP TABLE message; --"),
        ("{{7*7}} {0} %s", "{{7*7}} {0} %s"),
        ("أريد أن أصبح لحامًا", "أريد أن أصبح لحامًا"),
        ("👩‍🔧 svetsare", "👩‍🔧 svetsare"),
        ("Å Ä Ö e\u0301", "Å Ä Ö e\u0301"),
    ],
)
async def test_text_is_passed_on_and_kept_as_written_without_control_characters(
    make_app, seeded_both, connect, bot, text, passed_on
):
    talk = await begin(await connect(make_app(seeded_both)))
    await talk.say(text)
    assert bot.texts == [passed_on]
    assert (await talk.transcript())[1]["text"] == passed_on


@pytest.mark.parametrize(
    ("text", "passed_on"),
    [("\ud800", "\ufffd"), ("Hej \udfff du", "Hej \ufffd du"), ("😀\ud83d", "😀\ufffd"), ("\ud83d\ude00", "😀")],
)
async def test_half_surrogate_pairs_become_replacement_characters(make_app, seeded_both, connect, bot, text, passed_on):
    talk = await begin(await connect(make_app(seeded_both)))
    await talk.say(text)
    assert bot.texts == [passed_on]


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"text": None},
        {"text": 7},
        {"text": True},
        {"text": ["Hej"]},
        {"text": {"text": "Hej"}},
        {"choice": 7},
        {"choice": "x"},
        {"choice": []},
        {"text": "Hej", "choice": "0b6f9d53-0f0c-4d0e-9a4e-8f4f2d8c7c11"},
        {"text": "Hej", "topic": "restart"},
        {"text": "Hej", "sender": "bot"},
        {"text": "Hej", "client_id": {}},
        {"message": "Hej"},
        [],
        ["text"],
        "Hej",
        7,
        None,
    ],
)
async def test_json_of_another_shape_is_refused_without_repeating_it(client, talk, bot, body):
    answer = await client.post(f"{talk.url}/messages", json=body, headers=talk.headers)
    assert_problem(answer, 422, "invalid")
    assert "Hej" not in answer.text
    assert bot.turns == []


@pytest.mark.parametrize(
    "content",
    [b"", b"{", b'{"text": "Hej"', b"text=Hej", b"\xff\xfe", b'{"text": "\xff"}', b"[" * 20_000, b'{"text": NaN}',
     b'{"a":' * 9_000, b"\x00", b'{"text": 1' + b"0" * 5000 + b"}"],
)  # fmt: skip
async def test_a_body_that_is_no_json_is_refused(client, talk, bot, content):
    answer = await client.post(f"{talk.url}/messages", content=content, headers=talk.headers)
    assert answer.status_code in {400, 422}
    assert_problem(answer, answer.status_code, "invalid")
    assert bot.turns == []


@pytest.mark.parametrize(
    "kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", "image/png"]
)
async def test_a_body_of_another_type_is_refused(client, talk, kind):
    headers = talk.headers | {"Content-Type": kind}
    answer = await client.post(f"{talk.url}/messages", content=json.dumps({"text": "Hej"}), headers=headers)
    assert_problem(answer, 422, "invalid")


@pytest.mark.parametrize("path", ["", "/messages", "/messages/{}/feedback"])
async def test_a_huge_body_is_refused_before_it_is_read_whole(client, talk, bot, path):
    async def chunks():
        yield b'{"text": "'
        for _ in range(BODY_LIMIT // 1000):
            yield b"x" * 1000
        yield b'x" }' + b" " * 1000

    url = (talk.url if path else "/api/v1/conversations") + path.format(talk.messages[0]["id"])
    for content in (chunks(), b"x" * (BODY_LIMIT + 1)):
        assert_problem(await client.post(url, content=content, headers=talk.headers), 413, "too_large")
    assert bot.turns == []


async def test_a_body_at_the_limit_is_read(client, talk):
    body = json.dumps({"text": "Hej"}).encode()
    answer = await client.post(f"{talk.url}/messages", content=body.ljust(BODY_LIMIT), headers=talk.headers)
    assert answer.status_code == 200


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        ("GET", "/api/v1/conversations", 405, "method_not_allowed"),
        ("PUT", "/api/v1/conversations", 405, "method_not_allowed"),
        ("PATCH", "/api/v1/conversations/x", 405, "method_not_allowed"),
        ("GET", "/api/v1/nothing", 404, "not_found"),
        ("GET", "/api/v1/conversations/x/messages/y", 404, "not_found"),
        ("POST", "/webhooks/rest/webhook", 404, "not_found"),
        ("GET", "/nothing", 404, "not_found"),
        ("POST", "/internal/v1/answers", 401, "unauthorized"),
        ("GET", "/static/nothing.js", 404, "not_found"),
    ],
)
async def test_every_refusal_has_the_same_shape(client, method, path, status, code):
    assert_problem(await client.request(method, path), status, code)


@given(text=st.text(alphabet=st.characters(codec=None), max_size=1200))
@example(text="\u200b/restart")
@example(text="\u3164/")
@example(text="\x00")
@example(text="0701740635/restart")
@example(text="/0701740635")
@example(text="+/0701740635")
@example(text="a@b.se/restart")
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
async def test_no_text_is_a_server_error_and_none_reaches_the_bot_as_a_command(talk, bot, text):
    bot.turns.clear()
    answer = await talk.send(text)
    assert answer.status_code in {200, 422}
    assert all(not reads_as_command(received) for received in bot.texts)
    if answer.status_code == 422:
        assert_problem(answer, 422, answer.json()["code"])
        assert bot.turns == []


@given(st.text())
def test_cleaned_text_can_be_stored_anywhere_and_cleaning_again_changes_nothing(text):
    try:
        cleaned = clean(text)
    except (MessageEmpty, MessageTooLong):
        return
    assert "\x00" not in cleaned
    cleaned.encode()
    assert clean(cleaned) == cleaned
    assert looks_like_command(cleaned) or not reads_as_command(cleaned)

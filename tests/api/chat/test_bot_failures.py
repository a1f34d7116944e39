"""When the bot cannot answer, people get an honest answer, a person to turn to and a search on their words."""

from __future__ import annotations

import httpx
import pytest

from tests.api.chat.conftest import begin, message

ASKED = "Jag vill bli svetsare i Arvika"


def raising(error: type[httpx.HTTPError]):
    def respond(request: httpx.Request) -> httpx.Response:
        raise error("boom: Jag vill bli svetsare")

    return respond


def answering(status: int = 200, **content):
    return lambda request: httpx.Response(status, **content)


def saying(*messages, **more):
    return answering(json={"topic": "greet", "messages": list(messages), **more})


FAILURES = {
    "down": raising(httpx.ConnectError),
    "cannot be reached in time": raising(httpx.ConnectTimeout),
    "slow": raising(httpx.ReadTimeout),
    "no free connection": raising(httpx.PoolTimeout),
    "hangs up": raising(httpx.RemoteProtocolError),
    "breaks off": raising(httpx.ReadError),
    "500": answering(500, text="Traceback"),
    "503": answering(503),
    "404": answering(404),
    "wrong token": answering(401),
    "redirect": answering(302, headers={"Location": "https://example.org"}),
    "empty list": saying(),
    "bare empty list": answering(json=[]),
    "nothing": answering(content=b""),
    "not JSON": answering(text="<html>Hej</html>"),
    "half JSON": answering(text='{"topic": "greet", "messages": ['),
    "not UTF-8": answering(content=b'{"messages": [{"text": "\xff"}]}'),
    "null": answering(json=None),
    "no messages": answering(json={"topic": "greet"}),
    "messages of another type": answering(json={"messages": "Hej"}),
    "only blank messages": saying(message(""), message("  \n")),
    "text of another type": saying({"text": 7}),
    "unknown kind": saying(message("Hej", kind="hologram")),
    "kind of another type": saying(message("Hej", kind=[])),
    "data of another type": saying(message("Hej", data="x")),
    "query of another type": saying(message("Hej", query=["x"])),
    "broken source": saying(message("Hej", source={"title": "x"})),
    "source without a day": saying(message("Hej", source={"title": "x", "url": "y", "checked_on": "i går"})),
    "button without title": saying(message("Hej", [{"payload": "/greet"}])),
    "button of another type": saying(message("Hej", ["x"])),
    "endless topic": answering(json={"topic": "x" * 500, "messages": [message()]}),
    "endless topic of a message": saying(message("Hej", topic="x" * 500)),
    "NUL in the text": saying(message("He\x00j")),
    "NUL in the data": saying(message("Hej", data={"a": ["\x00"]})),
}


@pytest.mark.parametrize("failure", FAILURES.values(), ids=FAILURES)
async def test_the_answer_is_honest_with_a_person_and_a_search(talk, bot, failure):
    bot.respond = failure
    contact, courses = await talk.say(ASKED)
    assert contact["topic"] == courses["topic"] == "nlu_fallback"
    assert contact["kind"] == "contact"
    assert contact["text"].startswith("Jag kan tyvärr inte svara ordentligt just nu.")
    assert "031-390 06 11" in contact["text"]
    assert {"phone", "email", "opening_hours"} <= set(contact["data"]["items"][0])
    assert courses["kind"] == "courses"
    assert "svetsare" in courses["text"]
    assert "Arvika" in courses["text"]
    assert {item["occupation"] for item in courses["data"]["items"]} == {"svetsare"}
    assert courses["data"]["items"][0]["node"] == "Arvika"


@pytest.mark.parametrize(
    "failure", ["down", "endless topic", "endless topic of a message", "NUL in the text", "NUL in the data"]
)
async def test_what_a_database_would_not_take_is_a_failure_of_the_bot(make_app, seeded_both, connect, bot, failure):
    talk = await begin(await connect(make_app(seeded_both)))
    bot.respond = FAILURES[failure]
    assert (await talk.say(ASKED))[0]["kind"] == "contact"


@pytest.mark.parametrize("failure", FAILURES.values(), ids=FAILURES)
async def test_the_next_message_is_answered_as_usual(talk, bot, failure):
    bot.respond = failure
    await talk.say(ASKED)
    bot.respond = None
    (answer,) = await talk.say("Och nu då?")
    assert answer["text"] == "Svar från boten."


@pytest.mark.parametrize("text", ["Hej", "Hur mår du?", "😀", "xyzzy"])
async def test_without_words_to_search_on_there_is_only_the_contact(talk, bot, text):
    bot.respond = FAILURES["down"]
    (contact,) = await talk.say(text)
    assert contact["kind"] == "contact"


@pytest.mark.parametrize(
    ("text", "occupation", "place"),
    [
        ("svetsare", "svetsare", None),
        ("finns det svetskurser", "svetsare", None),
        ("vad finns i karlstad", None, "Karlstad"),
        ("plc i Skoghall", None, "Hammarö"),
        ("CNC operatör Kristinehamn", "cnc-operator", "Kristinehamn"),
    ],
)
async def test_the_search_looks_at_the_words(talk, bot, text, occupation, place):
    bot.respond = FAILURES["down"]
    courses = (await talk.say(text))[1]
    if occupation:
        assert {item["occupation"] for item in courses["data"]["items"]} == {occupation}
    if place:
        assert place in courses["text"]
    assert courses["data"]["items"]


async def test_a_choice_is_answered_honestly_too(talk, bot):
    bot.respond = FAILURES["down"]
    assert (await talk.say(choice=talk.messages[0]["choices"][0]["id"]))[0]["kind"] == "contact"


@pytest.mark.parametrize("error", [httpx.ConnectError, httpx.ConnectTimeout])
async def test_a_worker_that_cannot_be_reached_is_replaced_by_another(make_app, seeded, connect, bot, error):
    urls = tuple(f"http://bot-{name}:5005" for name in "abc")
    talk = await begin(await connect(make_app(seeded, bot_urls=urls)))
    asked: list[str] = []

    def only_the_last_lives(request):
        asked.append(request.url.host)
        if len(asked) < 3:
            raise error("down")
        return httpx.Response(200, json={"topic": "greet", "messages": [message("Här är jag.")]})

    bot.respond = only_the_last_lives
    assert (await talk.say("Hej"))[0]["text"] == "Här är jag."
    assert sorted(asked) == ["bot-a", "bot-b", "bot-c"]


@pytest.mark.parametrize(
    "death",
    [FAILURES["hangs up"], FAILURES["breaks off"], raising(httpx.WriteError), FAILURES["503"]],
    ids=["hangs up", "breaks off", "while it is written to", "no model yet"],
)
async def test_another_worker_gets_the_message_of_one_that_died_with_it(make_app, seeded, connect, bot, death):
    talk = await begin(await connect(make_app(seeded, bot_urls=("http://bot-a:5005", "http://bot-b:5005"))))
    asked: list[str] = []

    def only_the_first_dies(request):
        asked.append(request.url.host)
        return death(request) if len(set(asked)) == 1 else saying(message("Här är jag."))(request)

    bot.respond = only_the_first_dies
    assert (await talk.say("Hej"))[0]["text"] == "Här är jag."
    assert (await talk.say("Hej igen"))[0]["text"] == "Här är jag."
    assert asked == [asked[0], asked[1], asked[1]]  # the dead one is left alone for a while


async def test_a_worker_that_is_slow_is_not_replaced(make_app, seeded, connect, bot):
    talk = await begin(await connect(make_app(seeded, bot_urls=("http://bot-a:5005", "http://bot-b:5005"))))
    bot.respond = FAILURES["slow"]
    await talk.say("Hej")
    assert len(bot.turns) == 1


async def test_a_conversation_stays_with_its_worker_and_conversations_spread(make_app, seeded, connect, bot):
    client = await connect(make_app(seeded, bot_urls=("http://bot-a:5005", "http://bot-b:5005")))
    hosts: dict[str, set[str]] = {}

    def note(request):
        hosts.setdefault(request.url.path, set()).add(request.url.host)
        return httpx.Response(200, json={"topic": "greet", "messages": [message()]})

    bot.respond = note
    for _ in range(20):
        talk = await begin(client)
        await talk.say("Hej")
        await talk.say("Hej igen")
    assert {len(seen) for seen in hosts.values()} == {1}
    assert set.union(*hosts.values()) == {"bot-a", "bot-b"}

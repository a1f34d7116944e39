"""A conversation over HTTP: beginning, tokens, turns, choices, feedback, transcript, erasure."""

from __future__ import annotations

import asyncio
from datetime import datetime
from uuid import UUID, uuid4

import httpx
import pytest
from sqlalchemy import func, select

from api.chat.tables import Conversation, Message
from api.privacy import bot_forgetting
from api.privacy.tables import ContactToken
from tests.api.chat.conftest import Talk, assert_problem, begin, message

CONTRACT = {"id", "sender", "kind", "text", "topic", "choices", "data", "source", "created_at"}


def assert_message(shown: dict, now: datetime) -> None:
    assert set(shown) == CONTRACT
    UUID(shown["id"])
    assert shown["sender"] in {"bot", "user"}
    assert shown["text"].strip()
    assert datetime.fromisoformat(shown["created_at"]) == now
    for choice in shown["choices"]:
        assert set(choice) == {"id", "title"}  # the payload stays on the server
        UUID(choice["id"])


class TestBeginning:
    async def test_it_greets_says_what_it_is_and_offers_three_things(self, talk, now, bot):
        (greeting,) = talk.messages
        assert_message(greeting, now)
        assert greeting["topic"] == "greet"
        assert "inte en människa" in greeting["text"]
        assert [choice["title"] for choice in greeting["choices"]] == ["Hitta utbildning", "Så söker du", "Boka möte"]
        assert bot.turns == []

    async def test_every_conversation_has_its_own_id_and_token_and_only_a_hash_is_stored(self, client, seeded):
        talks = [await begin(client) for _ in range(5)]
        assert len({talk.id for talk in talks}) == len({talk.token for talk in talks}) == 5
        assert min(len(talk.token) for talk in talks) >= 43  # 256 bits
        with seeded.transaction(read_only=True) as session:
            stored = set(session.scalars(select(Conversation.token_hash)))
        assert stored.isdisjoint(talk.token for talk in talks)

    async def test_the_bot_need_not_be_there(self, client, bot):
        def down(request):
            raise httpx.ConnectError("down")

        bot.respond = down
        assert (await begin(client)).messages


class TestTokens:
    PATHS = (
        ("GET", "/messages", None),
        ("GET", "/transcript.txt", None),
        ("POST", "/messages", {"text": "Hej"}),
        ("POST", "/messages", {"choice": str(uuid4())}),
        ("POST", "/messages/00000000-0000-4000-8000-000000000001/feedback", {"value": "up"}),
        ("DELETE", "", None),
    )

    @pytest.mark.parametrize(("method", "path", "body"), PATHS)
    async def test_a_wrong_token_and_an_unknown_conversation_look_the_same(self, client, talk, bot, method, path, body):
        other = await begin(client)
        answers = []
        for where, token in (
            (talk.id, "Bearer wrong"),
            (talk.id, f"Bearer {other.token}"),
            (talk.id, f"Bearer {talk.token}x"),
            (talk.id, "Bearer "),
            (talk.id, None),
            (talk.id, "Bearer åäö".encode("latin-1")),
            (uuid4(), f"Bearer {talk.token}"),
            (uuid4(), "Bearer "),
            (uuid4(), None),
        ):
            headers = {} if token is None else {"Authorization": token}
            answer = await client.request(method, f"/api/v1/conversations/{where}{path}", json=body, headers=headers)
            answers.append(assert_problem(answer, 401, "unauthorized"))
        assert all(answer == answers[0] for answer in answers)
        assert bot.turns == bot.forgotten == []
        assert len(await talk.transcript()) == 1

    @pytest.mark.parametrize("identity", ["1", "x", "00000000", "%00", "..%2f.."])
    async def test_an_id_of_another_form_is_refused_in_the_same_shape(self, client, talk, identity):
        answer = await client.get(f"/api/v1/conversations/{identity}/messages", headers=talk.headers)
        assert answer.status_code in {404, 422}
        assert_problem(answer, answer.status_code, answer.json()["code"])


class TestTurns:
    async def test_text_goes_to_the_bot_and_its_answer_comes_back_whole(self, talk, bot, now):
        bot.messages = [
            message(
                "Det finns två.\n\nVälj en.",
                [{"title": "Arvika", "payload": '/course_search{"place": "Arvika"}'}],
                kind="courses",
                data={"items": [], "total": 0},
                query={"occupation": "svetsare"},
                source={"title": "Exempel", "url": "https://example.org", "checked_on": "2026-11-21"},
                topic="course_start",
            ),
            message("Och en till."),
        ]
        answer = (await talk.send("  Var kan jag bli svetsare?\u0007 ")).json()
        assert answer["turn"] == 1
        first, second = answer["messages"]
        for shown in (first, second):
            assert_message(shown, now)
        assert bot.turns == [(talk.id, "Var kan jag bli svetsare?")]
        assert first["text"] == "Det finns två.\n\nVälj en."
        assert (first["kind"], first["topic"]) == ("courses", "course_start")
        assert first["data"] == {"items": [], "total": 0, "query": {"occupation": "svetsare"}}
        assert first["source"] == {"title": "Exempel", "url": "https://example.org", "checked_on": "2026-11-21"}
        assert (second["kind"], second["topic"], second["data"]) == ("text", "course_search", {"query": {}})

    async def test_the_bot_is_shown_the_service_token(self, talk, bot, make_app):
        await talk.say("Hej")
        assert bot.authorizations == {"Bearer endast-for-utveckling-byt-mig-nu"}

    async def test_turns_are_numbered_and_the_transcript_has_everything_in_order(self, talk, clock):
        for number in (1, 2, 3):
            clock.move(minutes=1)
            assert (await talk.send(f"Fråga {number}")).json()["turn"] == number
        transcript = await talk.transcript()
        assert [m["sender"] for m in transcript] == ["bot", *["user", "bot"] * 3]
        assert [m["text"] for m in transcript if m["sender"] == "user"] == ["Fråga 1", "Fråga 2", "Fråga 3"]
        assert [m["created_at"] for m in transcript] == sorted(m["created_at"] for m in transcript)

    async def test_what_was_answered_is_what_the_transcript_shows(self, talk):
        answered = await talk.say("Hej")
        assert (await talk.transcript())[-1:] == answered

    async def test_contacts_and_personal_numbers_reach_neither_bot_nor_transcript(self, talk, bot, seeded):
        await talk.say("Jag är 900101-1234, 0701740635, kim@example.org")
        assert "[personnummer], kontakt-" in bot.texts[0]
        assert all(secret not in bot.texts[0] for secret in ("1234", "0701740635", "kim@"))
        said = [m["text"] for m in await talk.transcript() if m["sender"] == "user"]
        assert said == ["Jag är [personnummer], [telefonnummer], [e-postadress]"]

    async def test_messages_of_one_conversation_reach_the_bot_one_at_a_time(self, talk, bot):
        at_once, most = 0, 0

        async def slow(request):
            nonlocal at_once, most
            at_once += 1
            most = max(most, at_once)
            await asyncio.sleep(0.01)
            at_once -= 1
            return httpx.Response(200, json={"topic": "greet", "messages": [message()]})

        bot.respond = slow
        answers = await asyncio.gather(*(talk.send(f"Fråga {number}") for number in range(8)))
        assert sorted(answer.json()["turn"] for answer in answers) == list(range(1, 9))
        assert most == 1

    async def test_conversations_do_not_wait_for_each_other(self, client, bot):
        both = asyncio.Barrier(2)

        async def meet(request):
            await both.wait()
            return httpx.Response(200, json={"topic": "greet", "messages": [message()]})

        bot.respond = meet
        talks = [await begin(client), await begin(client)]
        await asyncio.wait_for(asyncio.gather(*(talk.say("Hej") for talk in talks)), 10)


class TestRepeats:
    async def test_a_repeated_client_id_gets_its_first_answer(self, talk, bot):
        first = (await talk.send("Hej", client_id="a-1")).json()
        bot.messages = [message("Något annat")]
        assert (await talk.send("Hej", client_id="a-1")).json() == first
        assert (await talk.send("En annan text", client_id="a-1")).json() == first
        assert len(bot.turns) == 1

    async def test_twenty_repeats_at_once_are_one_turn(self, talk, bot):
        answers = await asyncio.gather(*(talk.send("Hej", client_id="same") for _ in range(20)))
        assert [answer.status_code for answer in answers] == [200] * 20
        assert all(answer.json() == answers[0].json() for answer in answers)
        assert len(bot.turns) == 1
        assert len(await talk.transcript()) == 3

    async def test_repeats_to_two_processes_at_once_are_one_turn(self, make_app, seeded_both, connect, bot):
        here, there = [await connect(make_app(seeded_both)) for _ in range(2)]
        talk = await begin(here)
        also = Talk(there, talk.id, talk.token, [])
        answers = await asyncio.gather(*(side.send("Hej", client_id="same") for side in (talk, also) * 5))
        assert [answer.status_code for answer in answers] == [200] * 10
        assert all(answer.json() == answers[0].json() for answer in answers)
        assert len(await talk.transcript()) == 3

    async def test_turns_taken_in_two_processes_get_numbers_of_their_own(self, make_app, seeded_both, connect):
        here, there = [await connect(make_app(seeded_both)) for _ in range(2)]
        talk = await begin(here)
        also = Talk(there, talk.id, talk.token, [])
        answers = await asyncio.gather(*(side.send("Hej") for side in (talk, also) * 5))
        assert sorted(answer.json()["turn"] for answer in answers) == list(range(1, 11))

    async def test_the_same_client_id_in_two_conversations_means_two_turns(self, client, bot):
        for talk in (await begin(client), await begin(client)):
            await talk.say("Hej", client_id="1")
        assert len(bot.turns) == 2

    async def test_a_repeated_answer_to_a_failure_is_not_tried_again(self, talk, bot):
        bot.respond = lambda request: httpx.Response(500)
        first = (await talk.send("Hej", client_id="1")).json()
        bot.respond = None
        assert (await talk.send("Hej", client_id="1")).json() == first

    @pytest.mark.parametrize("client_id", ["", "x" * 65, "å", "a b", "a\n", 7, None.__class__.__name__ + "\x00"])
    async def test_a_client_id_of_another_form_is_refused(self, talk, client_id):
        assert_problem(await talk.send("Hej", client_id=client_id), 422, "invalid")


class TestChoices:
    PAYLOAD = '/course_search{"place": "Arvika"}'

    async def offered(self, talk, bot) -> dict:
        bot.messages = [message("Välj", [{"title": "I Arvika", "payload": self.PAYLOAD}])]
        (shown,) = await talk.say("Vad finns?")
        return shown["choices"][0]

    async def test_a_choice_sends_its_payload_to_the_bot_and_shows_its_title(self, talk, bot):
        choice = await self.offered(talk, bot)
        await talk.say(choice=choice["id"])
        assert bot.texts[-1] == self.PAYLOAD
        assert [m["text"] for m in await talk.transcript() if m["sender"] == "user"] == ["Vad finns?", "I Arvika"]
        assert "course_search" not in choice["title"] + choice["id"]

    async def test_a_choice_can_be_made_again_and_later(self, talk, bot):
        choice = await self.offered(talk, bot)
        for _ in range(3):
            await talk.say("Något annat")
        await talk.say(choice=choice["id"])
        await talk.say(choice=choice["id"])
        assert bot.texts[-2:] == [self.PAYLOAD] * 2

    async def test_the_greeting_s_choices_work(self, talk, bot):
        await talk.say(choice=talk.messages[0]["choices"][2]["id"])
        assert bot.texts == ["/book_meeting"]

    async def test_an_unknown_choice_and_one_of_another_conversation_are_refused_alike(self, client, talk, bot):
        theirs = await self.offered(await begin(client), bot)
        seen = len(bot.turns)
        unknown = assert_problem(await talk.send(choice=str(uuid4())), 422, "choice_unknown")
        assert assert_problem(await talk.send(choice=theirs["id"]), 422, "choice_unknown") == unknown
        assert len(bot.turns) == seen
        assert len(await talk.transcript()) == 1

    async def test_a_choice_title_or_payload_is_no_id(self, talk, bot):
        await self.offered(talk, bot)
        for attempt in (self.PAYLOAD, "I Arvika", "/restart", ""):
            assert_problem(await talk.send(choice=attempt), 422, "invalid")


class TestFeedback:
    @pytest.mark.parametrize(
        "body", [{"value": "up"}, {"value": "down", "comment": "Fel ort"}, {"value": "down", "comment": None}]
    )
    async def test_a_thumb_is_noted_and_can_be_changed(self, talk, seeded, body):
        (shown,) = await talk.say("Hej")
        assert (await talk.feedback(shown["id"], value="up")).status_code == 204
        answer = await talk.feedback(shown["id"], **body)
        assert (answer.status_code, answer.content) == (204, b"")
        with seeded.transaction(read_only=True) as session:
            stored = session.get_one(Message, UUID(shown["id"]))
            assert (stored.feedback, stored.feedback_comment) == (body["value"], body.get("comment"))

    @pytest.mark.parametrize(
        ("comment", "stored"),
        [
            ("Jag 900101-1234 nås på 0701740635", "Jag [personnummer] nås på [telefonnummer]"),
            ("Fel\x00 ort\x07", "Fel ort"),
            ("   ", None),
            ("\u200b", None),
        ],
    )
    async def test_a_comment_is_masked_and_cleaned_like_every_text(
        self, make_app, seeded_both, connect, comment, stored
    ):
        talk = await begin(await connect(make_app(seeded_both)))
        (shown,) = await talk.say("Hej")
        assert (await talk.feedback(shown["id"], value="down", comment=comment)).status_code == 204
        with seeded_both.transaction(read_only=True) as session:
            assert session.get_one(Message, UUID(shown["id"])).feedback_comment == stored

    async def test_the_thumb_comes_along_with_what_was_said_so_that_nobody_is_asked_again(
        self, make_app, seeded_both, connect
    ):
        talk = await begin(await connect(make_app(seeded_both)))
        (shown,) = await talk.say("Hej")
        assert "feedback" not in shown
        await talk.feedback(shown["id"], value="down", comment="Fel ort")
        assert [said.get("feedback") for said in await talk.transcript()] == [None, None, "down"]
        assert "Fel ort" not in str(await talk.transcript())

    async def test_only_answers_of_the_same_conversation_can_be_judged(self, client, talk):
        (theirs,) = await (await begin(client)).say("Hej")
        await talk.say("Hej")
        mine = next(m for m in await talk.transcript() if m["sender"] == "user")
        for message_id in (theirs["id"], mine["id"], str(uuid4())):
            assert_problem(await talk.feedback(message_id, value="up"), 404, "not_found")

    @pytest.mark.parametrize(
        "body",
        [{}, {"value": "sideways"}, {"value": 1}, {"value": "up", "comment": "x" * 1001}, {"value": "up", "x": 1},
         {"value": "up", "comment": 7}, {"value": None}],
    )  # fmt: skip
    async def test_anything_else_is_refused(self, talk, body):
        assert_problem(await talk.feedback(talk.messages[0]["id"], **body), 422, "invalid")


class TestTranscript:
    async def test_it_can_be_kept_as_plain_text_with_sources_and_swedish_time(self, talk, bot):
        source = {"title": "CSN", "url": "https://www.csn.se", "checked_on": "2026-11-21"}
        bot.messages = [message("Du kan söka studiemedel.", source=source)]
        await talk.say("Vem betalar?")
        answer = await talk.get("/transcript.txt")
        assert answer.headers["content-type"] == "text/plain; charset=utf-8"
        assert "samtal.txt" in answer.headers["content-disposition"]
        assert answer.headers["cache-control"] == "no-store"
        text = answer.text
        assert "Du 2026-11-23 10.00\nVem betalar?" in text
        assert "Assistenten 2026-11-23 10.00\nDu kan söka studiemedel." in text
        assert "Källa: CSN, https://www.csn.se, kontrollerad 2026-11-21" in text

    async def test_it_is_there_before_anything_is_said(self, talk):
        assert "Hej! Jag är Industrivägledaren" in (await talk.get("/transcript.txt")).text


class TestErasing:
    async def test_everything_goes_and_the_bot_forgets_too(self, make_app, seeded_both, connect, bot):
        talk = await begin(await connect(make_app(seeded_both)))
        await talk.say("Ring 0701740635")
        answer = await talk.erase()
        assert (answer.status_code, answer.content) == (204, b"")
        assert bot.forgotten == [f"http://127.0.0.1:5005/webhooks/gateway/conversations/{talk.id}"]
        with seeded_both.transaction(read_only=True) as session:
            for table in (Conversation, Message, ContactToken):
                assert session.scalar(select(func.count()).select_from(table)) == 0
        assert_problem(await talk.get(), 401, "unauthorized")
        assert_problem(await talk.send("Hej"), 401, "unauthorized")
        assert_problem(await talk.erase(), 401, "unauthorized")

    async def test_other_conversations_stay(self, client, talk):
        other = await begin(client)
        await other.erase()
        assert len(await talk.transcript()) == 1

    async def test_one_worker_is_enough_since_they_share_their_memory(self, make_app, seeded, connect, bot):
        urls = tuple(f"http://bot-{name}:5005" for name in "abcdef")
        talk = await begin(await connect(make_app(seeded, bot_urls=urls)))

        def nearly_all_are_away(request):
            if len(bot.forgotten) < len(urls) - 1:
                raise httpx.ConnectError("down")
            return httpx.Response(204)

        bot.respond = nearly_all_are_away
        assert (await talk.erase()).status_code == 204
        assert len(set(bot.forgotten)) == len(bot.forgotten) == len(urls) - 1
        with seeded.transaction(read_only=True) as session:
            assert bot_forgetting.waiting(session) == []

    async def test_erasing_waits_for_the_turn_under_way_so_that_the_bot_forgets_last(self, talk, bot, seeded):
        began, go_on, order = asyncio.Event(), asyncio.Event(), []

        async def slow(request):
            order.append(request.method)
            if request.method == "DELETE":
                return httpx.Response(204)
            began.set()
            await go_on.wait()
            return httpx.Response(200, json={"topic": "greet", "messages": [message()]})

        bot.respond = slow
        turn = asyncio.create_task(talk.send("Ring 0701740635"))
        await began.wait()
        erasing = asyncio.create_task(talk.erase())
        await asyncio.sleep(0)
        go_on.set()
        assert (await turn).status_code == 200
        assert (await erasing).status_code == 204
        assert order == ["POST", "DELETE"]
        with seeded.transaction(read_only=True) as session:
            assert session.scalar(select(func.count()).select_from(Message)) == 0

    async def test_a_turn_whose_conversation_was_erased_elsewhere_meanwhile_is_refused(
        self, make_app, seeded_both, connect, bot
    ):
        here, there = [await connect(make_app(seeded_both, bot_timeout_seconds=30)) for _ in range(2)]
        talk = await begin(here)

        async def erase_meanwhile(request):
            if request.method == "POST":
                await Talk(there, talk.id, talk.token, []).erase()
            return httpx.Response(200, json={"topic": "greet", "messages": [message()]})

        bot.respond = erase_meanwhile
        assert_problem(await talk.send("Hej"), 401, "unauthorized")
        assert len(bot.forgotten) == 2  # also what the bot learnt of the turn that was under way

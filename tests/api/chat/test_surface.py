"""What every answer carries: limits, CORS, security headers; and what the log must not."""

from __future__ import annotations

import logging
from typing import ClassVar

import httpx
import pytest

from api.database import Database
from api.migrations.runner import migrate
from tests.api.chat.conftest import SITE, assert_problem, begin

HEADERS = ("content-security-policy", "x-content-type-options", "referrer-policy", "permissions-policy",
           "cross-origin-opener-policy", "strict-transport-security", "x-request-id")  # fmt: skip


class TestLimits:
    async def test_a_conversation_has_a_rate_and_others_are_not_held_up(self, make_app, seeded, connect, bot):
        client = await connect(make_app(seeded, rate_limit_enabled=True, rate_limit_messages="3/day"))
        talk, other = await begin(client), await begin(client)
        for _ in range(3):
            await talk.say("Hej")
        assert_problem(await talk.send("Hej"), 429, "rate_limited")
        assert len(bot.turns) == 3
        await other.say("Hej")
        assert len(await talk.transcript()) == 7

    async def test_an_address_has_a_rate_of_messages_over_all_its_conversations(self, make_app, seeded, connect, bot):
        client = await connect(make_app(seeded, rate_limit_enabled=True, rate_limit_address="3/day"))
        first, second = await begin(client), await begin(client)
        for talk in (first, second, first):
            assert (await talk.send("Hej")).status_code == 200
        assert_problem(await second.send("Hej"), 429, "rate_limited")

    async def test_an_address_has_a_rate_of_new_conversations(self, make_app, seeded, connect):
        app = make_app(seeded, rate_limit_enabled=True, rate_limit_conversations="2/day")
        here = await connect(app)
        await begin(here)
        await begin(here)
        assert_problem(await here.post("/api/v1/conversations"), 429, "rate_limited")
        elsewhere = httpx.ASGITransport(app, client=("198.51.100.7", 1))
        async with httpx.AsyncClient(transport=elsewhere, base_url="https://vagledaren.example.org") as client:
            assert (await client.post("/api/v1/conversations")).status_code == 201

    async def test_limits_can_be_switched_off(self, make_app, seeded, connect):
        talk = await begin(await connect(make_app(seeded, rate_limit_enabled=False, rate_limit_messages="1/day")))
        await talk.say("Hej")
        await talk.say("Hej")

    async def test_a_conversation_ends_at_the_turn_cap_but_stays_readable(self, make_app, seeded, connect, bot):
        talk = await begin(await connect(make_app(seeded, turn_cap=10)))
        for number in range(10):
            last = await talk.send("Hej", client_id=str(number))
        assert_problem(await talk.send("Hej"), 409, "turn_cap_reached")
        assert (await talk.send("Hej", client_id="9")).json() == last.json()
        assert len(bot.turns) == 10
        assert len(await talk.transcript()) == 21
        assert (await talk.erase()).status_code == 204


class TestHeaders:
    @pytest.fixture
    async def answers(self, client, talk) -> list[httpx.Response]:
        return [
            await client.get("/health"),
            await client.get("/"),
            await client.get("/static/site.css"),
            await client.get("/nothing"),
            await client.get("/nothing", headers={"Accept": "text/html"}),
            await client.post("/api/v1/conversations"),
            await client.post(f"{talk.url}/messages", content=b"{", headers=talk.headers),
            await client.post("/api/v1/conversations", content=b"x" * 100_000),
            await talk.get(),
            await talk.get("/transcript.txt"),
        ]

    async def test_every_answer_has_them_errors_too(self, answers):
        for answer in answers:
            assert set(HEADERS) <= set(answer.headers), answer.url

    async def test_the_policy_allows_nothing_unsafe(self, answers):
        for answer in answers:
            policy = answer.headers["content-security-policy"]
            assert "unsafe" not in policy
            assert "*" not in policy
            assert "default-src 'none'" in policy

    async def test_plain_http_is_not_tied_to_https(self, make_app, seeded, connect):
        client = await connect(make_app(seeded, public_url="http://localhost:8000"))
        assert "strict-transport-security" not in (await client.get("/health")).headers

    async def test_request_ids_are_new_each_time(self, answers):
        assert len({answer.headers["x-request-id"] for answer in answers}) == len(answers)

    async def test_the_software_does_not_name_itself(self, answers):
        for answer in answers:
            assert not {"server", "x-powered-by"} & set(answer.headers)


class TestOtherSites:
    PREFLIGHT: ClassVar = {
        "Access-Control-Request-Method": "POST",
        "Access-Control-Request-Headers": "authorization,content-type",
    }

    async def test_a_configured_site_may_call_and_read_the_errors(self, client, talk):
        preflight = await client.options(f"{talk.url}/messages", headers={"Origin": SITE} | self.PREFLIGHT)
        assert preflight.status_code == 200
        assert preflight.headers["access-control-allow-origin"] == SITE
        for path in (f"{talk.url}/messages", "/nothing"):
            answer = await client.get(path, headers={"Origin": SITE})
            assert answer.headers["access-control-allow-origin"] == SITE
            assert "access-control-allow-credentials" not in answer.headers

    @pytest.mark.parametrize(
        "origin", ["https://evil.example.com", "null", f"{SITE}.evil.example.com", "http://kommunen.example.org"]
    )
    async def test_other_sites_may_not(self, client, talk, origin):
        preflight = await client.options(f"{talk.url}/messages", headers={"Origin": origin} | self.PREFLIGHT)
        assert preflight.status_code == 400
        answer = await client.get("/health", headers={"Origin": origin})
        for response in (preflight, answer):
            assert "access-control-allow-origin" not in response.headers


class TestServerErrors:
    """A database without data is the real thing that breaks every turn."""

    @pytest.fixture
    async def broken(self, make_app, connect, tmp_path) -> httpx.AsyncClient:
        database = Database(f"sqlite:///{tmp_path / 'empty.db'}")
        migrate(database)
        return await connect(make_app(database))

    async def test_an_unexpected_error_has_the_shape_the_headers_and_nothing_of_its_cause(self, broken):
        answer = await broken.post("/api/v1/conversations", headers={"Origin": SITE})
        assert_problem(answer, 500, "internal")
        assert set(HEADERS) <= set(answer.headers)
        assert answer.headers["access-control-allow-origin"] == SITE
        assert "seed" not in answer.text

    async def test_it_is_logged_by_type_and_route_without_values(self, broken, caplog):
        with caplog.at_level(logging.INFO):
            await broken.post("/api/v1/conversations")
        record = next(record for record in caplog.records if record.message == "unhandled error")
        assert record.error == "LookupError"
        assert record.exc_info is None


class TestLogs:
    async def test_nothing_that_was_said_is_logged(self, client, bot, caplog):
        secrets = ("Hemligheten", "0701740635", "kim@example.org", "900101-1234", "svetsarkommentar", "boten")
        with caplog.at_level(logging.DEBUG):
            talk = await begin(client)
            said = " ".join(secrets[:4])
            (shown,) = await talk.say(said)
            await talk.feedback(shown["id"], value="down", comment="svetsarkommentar")
            await talk.send(said * 100)
            await talk.send(said, extra=said)
            await talk.get("/transcript.txt")
            for respond in (
                lambda request: httpx.Response(500, text=said),
                lambda request: httpx.Response(200, text=said),
            ):
                bot.respond = respond
                await talk.say(said)
            await client.get(f"/api/v1/conversations/{said}/messages", headers=talk.headers)
            await talk.erase()
        written = "\n".join(
            f"{record.getMessage()} {record.__dict__}" for record in caplog.records if record.name.startswith("api")
        )
        for secret in (*secrets, talk.token):
            assert secret not in written
        assert "/api/v1/conversations/{conversation_id}/messages" in written
        assert "bot unavailable" in written

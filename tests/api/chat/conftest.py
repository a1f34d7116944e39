"""The whole app over HTTP with real seed data. Only the bot is stood in for, at the HTTP boundary."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from api.database import Database
from api.main import create_app
from api.settings import Settings
from tests.conftest import MovableClock

SITE = "https://kommunen.example.org"
A_WHILE = 30.0
"""Seconds."""


@dataclass
class Bot:
    """Stands where Rasa's channel does: keeps what it was sent and answers as it is told."""

    turns: list[tuple[str, str]] = field(default_factory=list)
    """Conversation and text of every turn."""
    forgotten: list[str] = field(default_factory=list)
    """Addresses that were asked to forget a conversation."""
    authorizations: set[str] = field(default_factory=set)
    messages: Any = None
    respond: Callable[[httpx.Request], Any] | None = None
    """Answers instead of the bot; may raise or be awaited."""

    async def __call__(self, request: httpx.Request) -> httpx.Response:
        self.authorizations.add(request.headers["Authorization"])
        if request.method == "DELETE":
            self.forgotten.append(str(request.url))
        else:
            self.turns.append((request.url.path.split("/")[-2], json.loads(request.content)["text"]))
        if self.respond is not None:
            answer = self.respond(request)
            return answer if isinstance(answer, httpx.Response) else await answer
        if request.method == "DELETE":
            return httpx.Response(204)
        return httpx.Response(200, json={"topic": "course_search", "messages": self.messages or [message()]})

    @property
    def texts(self) -> list[str]:
        return [text for _, text in self.turns]


def message(text: str = "Svar från boten.", buttons: Any = (), **custom: Any) -> dict[str, Any]:
    """One message as the bot's channel hands it over."""
    return {"text": text, "buttons": list(buttons), "custom": custom}


@dataclass
class Talk:
    """One conversation as a client holds it."""

    client: httpx.AsyncClient
    id: str
    token: str
    messages: list[dict[str, Any]]

    @property
    def url(self) -> str:
        return f"/api/v1/conversations/{self.id}"

    @property
    def headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}"}

    async def send(self, text: str | None = None, **body: Any) -> httpx.Response:
        body = ({} if text is None else {"text": text}) | body
        return await self.client.post(f"{self.url}/messages", content=json.dumps(body), headers=self.headers)

    async def say(self, text: str | None = None, **body: Any) -> list[dict[str, Any]]:
        """Send, expect an answer, give its messages."""
        answer = await self.send(text, **body)
        assert answer.status_code == 200, answer.text
        return answer.json()["messages"]

    async def get(self, path: str = "/messages") -> httpx.Response:
        return await self.client.get(self.url + path, headers=self.headers)

    async def transcript(self) -> list[dict[str, Any]]:
        return (await self.get()).json()["messages"]

    async def feedback(self, message_id: str, **body: Any) -> httpx.Response:
        url = f"{self.url}/messages/{message_id}/feedback"
        return await self.client.post(url, content=json.dumps(body), headers=self.headers)

    async def erase(self) -> httpx.Response:
        return await self.client.delete(self.url, headers=self.headers)


def assert_problem(answer: httpx.Response, status: int, code: str) -> dict[str, Any]:
    """Every error has one shape (RFC 9457), a Swedish sentence, and repeats nothing of the request."""
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    body = answer.json()
    assert (
        {"type", "title", "status", "detail", "code"}
        <= set(body)
        <= {"type", "title", "status", "detail", "code", "fields"}
    )
    assert (body["type"], body["title"], body["status"]) == (f"urn:industrivagledaren:{code}", code, status)
    assert body["code"] == code
    assert body["detail"].endswith(".")
    assert "{" not in body["detail"]
    assert "None" not in body["detail"]
    assert ("WWW-Authenticate" in answer.headers) == (status == 401)
    for entry in body.get("fields", []):
        assert set(entry) == {"field", "rule"}
    return body


MakeApp = Callable[..., FastAPI]
NewTalk = Callable[..., Any]


@pytest.fixture
def bot() -> Bot:
    return Bot()


@pytest.fixture
def make_app(clock: MovableClock, bot: Bot, tmp_path: Path) -> MakeApp:
    """Apps over a database, with the settings a test asks for."""

    def make(database: Database, **settings: Any) -> FastAPI:
        defaults: dict[str, Any] = {
            "data_dir": tmp_path,
            "rate_limit_enabled": False,
            "allowed_sites": (SITE,),
            "public_url": "https://vagledaren.example.org",
            "jobsearch_url": "",
            "bot_timeout_seconds": A_WHILE,  # how busy this machine is says nothing about the api
        }
        return create_app(
            Settings(**(defaults | settings)), clock=clock, database=database, bot_transport=httpx.MockTransport(bot)
        )

    return make


@pytest.fixture
async def connect() -> AsyncIterator[Callable[[FastAPI], Any]]:
    """Clients of running apps; apps and clients are closed after the test."""
    async with AsyncExitStack() as stack:

        async def start(app: FastAPI, address: str = "192.0.2.1") -> httpx.AsyncClient:
            await stack.enter_async_context(app.router.lifespan_context(app))
            transport = httpx.ASGITransport(app, client=(address, 1234))
            return await stack.enter_async_context(
                httpx.AsyncClient(
                    transport=transport,
                    base_url="https://vagledaren.example.org",
                    headers={"Content-Type": "application/json"},
                )
            )

        yield start


@pytest.fixture
async def client(make_app: MakeApp, seeded: Database, connect) -> httpx.AsyncClient:
    return await connect(make_app(seeded))


async def begin(client: httpx.AsyncClient) -> Talk:
    answer = await client.post("/api/v1/conversations")
    assert answer.status_code == 201, answer.text
    body = answer.json()
    return Talk(client, body["conversation_id"], body["token"], body["messages"])


@pytest.fixture
async def talk(client: httpx.AsyncClient) -> Talk:
    return await begin(client)

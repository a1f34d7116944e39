"""The real api with the data of a new installation behind the real actions; only the clock is ours."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from pathlib import Path
from uuid import UUID

import httpx
import pytest
from fastapi import FastAPI

from actions.api_client import ApiClient
from actions.settings import load_settings
from api.chat.service import start_conversation
from api.database import Database
from api.main import create_app
from api.privacy.contacts import make_safe
from api.settings import Settings
from tests.actions.conversation import Conversation, make_actions
from tests.conftest import NOW, MovableClock


@dataclass
class Recorder(httpx.AsyncBaseTransport):
    """Hands requests on to the app and remembers them."""

    inner: httpx.ASGITransport
    requests: list[httpx.Request] = field(default_factory=list)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        return await self.inner.handle_async_request(request)


@pytest.fixture
def store(seeded_file: Path, tmp_path: Path) -> Database:
    """A database of this test's own. The dialects are told apart in tests/api; here it is the conversation."""
    path = tmp_path / "own.db"
    path.write_bytes(seeded_file.read_bytes())
    return Database(f"sqlite:///{path}")


@pytest.fixture
async def app(store: Database, clock: MovableClock, tmp_path: Path) -> AsyncIterator[FastAPI]:
    settings = Settings(data_dir=tmp_path, public_url="https://vagledning.example.org", rate_limit_enabled=False)
    app = create_app(settings, clock=clock, database=store)
    async with app.router.lifespan_context(app):
        yield app


@pytest.fixture
def wire(app: FastAPI) -> Recorder:
    return Recorder(httpx.ASGITransport(app))


@pytest.fixture
def new_conversation(wire: Recorder, store: Database) -> Callable[[], Conversation]:
    """Somebody who starts to chat."""

    def start() -> Conversation:
        with store.transaction() as session:
            conversation, _ = start_conversation(session, NOW)
        return Conversation(make_actions(ApiClient(load_settings({}), wire)), str(conversation.id))

    return start


@pytest.fixture
def talk(new_conversation: Callable[[], Conversation]) -> Conversation:
    return new_conversation()


@pytest.fixture
def safe_text(store: Database) -> Callable[[Conversation, str], str]:
    """What the gateway passes on of a text: contact data behind tokens."""

    def pass_on(talk: Conversation, text: str) -> str:
        with store.transaction() as session:
            return make_safe(session, UUID(talk.sender), text, NOW).for_bot

    return pass_on

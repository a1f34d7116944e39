"""The page with everything behind it; only the bot is stood in for, at the HTTP boundary."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from typing import Any

import httpx
import pytest

from api.database import Database
from api.main import create_app
from api.settings import Settings
from tests.api.chat.conftest import message
from tests.api.staff.conftest import SETTINGS, Browser, House
from tests.conftest import MovableClock

PATH = "/personal/prova"
LIMITS = {"least": 0.25, "apart": 0.02}
Json = dict[str, Any]


def understanding(*ranking: tuple[str, float], topic: str | None = None, entities: Any = ()) -> Json:
    """What the bot tells; the topic is the likeliest one unless another is given."""
    rows = [{"topic": name, "confidence": confidence} for name, confidence in ranking]
    return {
        "topic": topic or (ranking[0][0] if ranking else None),
        "ranking": rows,
        "entities": list(entities),
        "limits": LIMITS,
    }


def entity(name: str, value: str, start: int = 0, end: int = 0, confidence: float = 1.0) -> Json:
    return {"entity": name, "value": value, "start": start, "end": end, "confidence": confidence}


@dataclass
class Bot:
    """Stands where the bot's channel does. A failure takes the place of an answer: a status, or an error to raise."""

    understood: Json = field(default_factory=lambda: understanding(("cost", 0.9)))
    messages: list[Json] = field(default_factory=lambda: [message("Det kostar inget.", topic="cost")])
    understanding_fails: int | type[httpx.HTTPError] | None = None
    turn_fails: int | type[httpx.HTTPError] | None = None
    hangs: bool = False
    calls: list[tuple[str, str, bytes]] = field(default_factory=list)

    async def __call__(self, request: httpx.Request) -> httpx.Response:
        self.calls.append((request.method, request.url.path, request.content))
        if request.method == "DELETE":
            return httpx.Response(204)
        if request.url.path.endswith("/understanding"):
            return _failure(self.understanding_fails) or httpx.Response(200, json=self.understood)
        if self.hangs:
            await asyncio.sleep(30)
        answer = {"topic": self.understood["topic"], "messages": self.messages}
        return _failure(self.turn_fails) or httpx.Response(200, json=answer)

    def paths(self, method: str, ending: str = "") -> list[str]:
        return [path for called, path, _ in self.calls if called == method and path.endswith(ending)]

    @property
    def bodies(self) -> str:
        """Everything that the bot was sent."""
        return " ".join(body.decode() for _, _, body in self.calls)


def _failure(kind: int | type[httpx.HTTPError] | None) -> httpx.Response | None:
    if isinstance(kind, int):
        return httpx.Response(kind)
    if kind is not None:
        raise kind("boom")
    return None


@pytest.fixture
def bot() -> Bot:
    return Bot()


@pytest.fixture
async def build(seeded: Database, clock: MovableClock, bot: Bot) -> AsyncIterator[Callable[..., House]]:
    """Makes the app with the settings a test wants."""
    made: list[House] = []

    def make(**values: Any) -> House:
        settings = Settings(**SETTINGS | {"jobsearch_url": "", "bot_timeout_seconds": 0.3} | values)
        app = create_app(settings, clock=clock, database=seeded, bot_transport=httpx.MockTransport(bot))
        made.append(House(app, seeded, settings, clock))
        return made[-1]

    yield make
    for house in made:
        await house.app.state.bot.close()


@pytest.fixture
def house(build: Callable[..., House]) -> House:
    return build()


@pytest.fixture
async def staff(house: House) -> Browser:
    """Somebody of the staff with the page open."""
    browser = house.signed_in(house.account())
    assert (await browser.get(PATH)).status_code == 200
    return browser

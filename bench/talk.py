"""One person talking, through api or straight at Rasa's REST channel. Both give the buttons that came back."""

from __future__ import annotations

import time
from typing import Any, Protocol
from uuid import uuid4

import httpx
from httpx_aiohttp import AiohttpTransport

TIMEOUT_SECONDS = 120.0


class BenchError(Exception):
    """A turn did not come off: measuring on would mean nothing. The message says which."""


class Talk(Protocol):
    """A conversation. Buttons are whatever `press` takes."""

    async def say(self, text: str) -> float:
        """Send a text; seconds until the whole answer was there."""

    async def press(self, button: str) -> float:
        """Press a button that was offered; seconds until the whole answer was there."""

    @property
    def buttons(self) -> list[str]:
        """The buttons of the latest answer."""


class ApiTalk:
    """Through the gateway, as the widget talks. `understood` says whether "I did not understand" will do, too."""

    def __init__(self, http: httpx.AsyncClient, url: str, *, understood: bool = True) -> None:
        self._http, self._url, self._understood = http, url, understood
        self._path, self._token = "", ""
        self.buttons: list[str] = []

    async def say(self, text: str) -> float:
        return await self._send({"text": text})

    async def press(self, button: str) -> float:
        return await self._send({"choice": button})

    async def _send(self, body: dict[str, str]) -> float:
        if not self._path:
            opened = (await self._http.post(f"{self._url}/api/v1/conversations")).raise_for_status().json()
            self._path = f"{self._url}/api/v1/conversations/{opened['conversation_id']}/messages"
            self._token = opened["token"]
        began = time.perf_counter()
        response = await self._http.post(self._path, json=body, headers={"Authorization": f"Bearer {self._token}"})
        took = time.perf_counter() - began
        messages = _messages(response)["messages"]
        lost = self._understood and any(message["topic"] == "nlu_fallback" for message in messages)
        _require(messages and not lost, "api")
        self.buttons = [choice["id"] for message in messages for choice in message["choices"]]
        return took


class RestTalk:
    """Straight at Rasa's own REST channel."""

    def __init__(self, http: httpx.AsyncClient, url: str) -> None:
        self._http, self._url, self._sender = http, f"{url}/webhooks/rest/webhook", str(uuid4())
        self.buttons: list[str] = []

    async def say(self, text: str) -> float:
        began = time.perf_counter()
        response = await self._http.post(self._url, json={"sender": self._sender, "message": text})
        took = time.perf_counter() - began
        messages = _messages(response)
        _require(bool(messages), "Rasa")
        self.buttons = [button["payload"] for message in messages for button in message.get("buttons", [])]
        return took

    async def press(self, button: str) -> float:
        return await self.say(button)


def client() -> httpx.AsyncClient:
    """A client that keeps its connections, for less long than the api does, and looks at no proxy.

    aiohttp is below it: with 200 people waiting httpx's own pool took 30 ms of processor time a turn, like the bot.
    """
    limits = httpx.Limits(max_connections=64, max_keepalive_connections=64, keepalive_expiry=3.0)
    return httpx.AsyncClient(transport=AiohttpTransport(limits=limits), timeout=TIMEOUT_SECONDS, trust_env=False)


def _messages(response: httpx.Response) -> Any:  # Any: JSON of two different shapes
    if response.status_code != httpx.codes.OK:
        raise BenchError(f"{response.request.url.path} answered {response.status_code}")
    return response.json()


def _require(answered: bool, who: str) -> None:
    if not answered:
        raise BenchError(f"{who} gave no answer to a message of bench/messages.json")

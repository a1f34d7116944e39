"""The way to Rasa. Every kind of failure is one error, because Rasa answers 200 with an empty list to most of them."""

from __future__ import annotations

import asyncio
import hashlib
import logging
from uuid import UUID

import httpx
from pydantic import ValidationError

from api.chat.schemas import BotTurn
from api.settings import Settings

log = logging.getLogger(__name__)
_PATH = "/webhooks/gateway/conversations"


class BotUnavailable(Exception):
    """No usable answer came in time. The message is a reason without content."""


class BotClient:
    """Bot workers behind one door. A conversation stays with one worker; another takes over when that one is down."""

    def __init__(self, settings: Settings, transport: httpx.AsyncBaseTransport | None = None) -> None:
        self._urls = settings.bot_urls
        self._seconds = settings.bot_timeout_seconds
        self._http = httpx.AsyncClient(
            transport=transport,
            headers={"Authorization": f"Bearer {settings.service_token}"},
            timeout=httpx.Timeout(settings.bot_timeout_seconds, connect=1.0),
            limits=httpx.Limits(max_connections=200, max_keepalive_connections=50),
            trust_env=False,
        )

    async def ask(self, conversation_id: UUID, text: str) -> BotTurn:
        """The bot's answer to `text` (free text without a leading slash, or a payload of ours).

        Raises BotUnavailable when no worker can be reached, on any error, on an empty answer, and when
        `IV_BOT_TIMEOUT_SECONDS` have passed in all.
        A worker that took the message and failed is not tried again elsewhere: the turn may have been carried out.
        """
        try:
            async with asyncio.timeout(self._seconds):
                return await self._ask_first_reachable(conversation_id, text)
        except TimeoutError:
            raise BotUnavailable("time-out") from None

    async def _ask_first_reachable(self, conversation_id: UUID, text: str) -> BotTurn:
        for url in self._ranked(conversation_id):
            try:
                response = await self._http.post(f"{url}{_PATH}/{conversation_id}/turns", json={"text": text})
            except (httpx.ConnectError, httpx.ConnectTimeout):  # a machine that is gone does not even refuse
                log.warning("bot worker cannot be reached")
                continue
            except httpx.HTTPError as error:
                raise BotUnavailable(type(error).__name__) from None
            return _parse(response)
        raise BotUnavailable("no worker")

    async def forget(self, conversation_id: UUID) -> None:
        """Erase what the workers remember of a conversation. Raises BotUnavailable when any of them failed to."""
        failures = []
        for url in self._urls:
            try:
                (await self._http.delete(f"{url}{_PATH}/{conversation_id}")).raise_for_status()
            except httpx.HTTPError as error:
                failures.append(type(error).__name__)
        if failures:
            raise BotUnavailable(", ".join(failures))

    async def close(self) -> None:
        await self._http.aclose()

    def _ranked(self, conversation_id: UUID) -> list[str]:
        """Workers in order of preference by rendezvous hashing: the same for every api process."""
        return sorted(self._urls, key=lambda url: hashlib.sha256(f"{url} {conversation_id}".encode()).digest())


def _parse(response: httpx.Response) -> BotTurn:
    if response.status_code != httpx.codes.OK:
        raise BotUnavailable(f"status {response.status_code}")
    if rb"\u0000" in response.content:  # PostgreSQL stores no NUL
        raise BotUnavailable("unreadable answer")
    try:
        turn = BotTurn.model_validate_json(response.content)
    except ValidationError:
        raise BotUnavailable("unreadable answer") from None
    if not any(message.text.strip() for message in turn.messages):
        raise BotUnavailable("empty answer")
    return turn

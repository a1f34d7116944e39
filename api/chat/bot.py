"""The way to Rasa. Every kind of failure is one error, because Rasa answers 200 with an empty list to most of them."""

from __future__ import annotations

import asyncio
import functools
import logging
import ssl
from typing import TypeVar
from uuid import UUID

import aiohttp
import httpx
from httpx_aiohttp import AiohttpTransport
from pydantic import BaseModel, ValidationError

from api.chat.schemas import BotTurn, Understanding
from api.chat.workers import Workers
from api.logs import REQUEST_HEADER, request_id
from api.settings import Settings

log = logging.getLogger(__name__)
_DOOR = "/webhooks/gateway"
_CONVERSATIONS = f"{_DOOR}/conversations"

_ROUNDS, _PAUSE_SECONDS = 2, 0.3
"""How often all workers are asked in turn, and the rest between. While one starts again the other may miss a beat."""

KEPT_SECONDS = 3.0
"""How long an idle connection is kept: less than Rasa keeps it, or it might close one that is about to be used."""

_Answer = TypeVar("_Answer", bound=BaseModel)


_GONE = (
    httpx.ConnectError,
    httpx.ConnectTimeout,  # a machine that is gone does not even refuse; also what AiohttpTransport calls a hang-up
    httpx.RemoteProtocolError,
    httpx.ReadError,
    httpx.WriteError,
)
"""The worker is not there, or went while it had the message."""


@functools.cache
def _authorities() -> ssl.SSLContext:
    """The certificates that are trusted. Reading them takes a twentieth of a second, so once for all clients."""
    return httpx.create_ssl_context(trust_env=False)


def _transport() -> httpx.AsyncBaseTransport:
    """aiohttp below httpx: a turn is one call, and httpx's own transport takes twice the processor time for it."""
    return AiohttpTransport(
        verify=_authorities(), limits=httpx.Limits(max_connections=200, keepalive_expiry=KEPT_SECONDS)
    )


class BotUnavailable(Exception):
    """No usable answer came in time. The message is a reason without content."""


class BotClient:
    """Bot workers behind one door. A conversation stays with one worker; another takes over when that one is down."""

    def __init__(self, settings: Settings, transport: httpx.AsyncBaseTransport | None = None) -> None:
        self._workers = Workers(settings.bot_urls)
        self._seconds = settings.bot_timeout_seconds
        self._http = httpx.AsyncClient(
            transport=transport or _transport(),
            headers={"Authorization": f"Bearer {settings.service_token}"},
            timeout=httpx.Timeout(settings.bot_timeout_seconds, connect=1.0, pool=1.0),  # pool: looking up the name too
            trust_env=False,
        )

    async def ask(self, conversation_id: UUID, text: str) -> BotTurn:
        """The bot's answer to `text` (free text without a leading slash, or a payload of ours).

        Raises BotUnavailable when no worker can be reached, on any error, on an empty answer, and when
        `IV_BOT_TIMEOUT_SECONDS` have passed in all.
        When a worker dies with the message in hand, another one gets it: whatever a turn does through the api may be
        done twice with one effect, and what the dead one remembered is what stood before the turn (ADR 0028). One that
        is only slow is waited for, since both would work on the same conversation.
        """
        response = await self._first_reachable(conversation_id, f"{_CONVERSATIONS}/{conversation_id}/turns", text)
        turn = _read(response, BotTurn)
        if not any(message.text.strip() for message in turn.messages):
            raise BotUnavailable("empty answer")
        return turn

    async def understand(self, conversation_id: UUID, text: str) -> Understanding:
        """What the worker of this conversation makes of `text`; nothing is said or remembered there.

        Raises BotUnavailable as `ask` does.
        """
        return _read(await self._first_reachable(conversation_id, f"{_DOOR}/understanding", text), Understanding)

    async def _first_reachable(self, conversation_id: UUID, path: str, text: str) -> httpx.Response:
        try:
            async with asyncio.timeout(self._seconds):
                return await self._post(conversation_id, path, text)
        except TimeoutError:
            raise BotUnavailable("time-out") from None

    async def _post(self, conversation_id: UUID, path: str, text: str) -> httpx.Response:
        for again in range(_ROUNDS):
            if again:
                await asyncio.sleep(_PAUSE_SECONDS)
            for url in self._workers.ranked(conversation_id):
                response = await self._try(url, path, text)
                if response is not None:
                    return response
        raise BotUnavailable("no worker")

    async def _try(self, url: str, path: str, text: str) -> httpx.Response | None:
        """What this worker says; None when it is gone or has only begun to listen, without a model yet."""
        try:
            headers = {REQUEST_HEADER: request_id()} if request_id() else {}
            response = await self._http.post(url + path, json={"text": text}, headers=headers)
        except _GONE as error:
            self._workers.gone(url)
            log.warning("bot worker is gone", extra={"reason": type(error).__name__})
            return None
        except (httpx.HTTPError, aiohttp.ClientError) as error:  # the transport hands on what is no HTTP at all
            raise BotUnavailable(type(error).__name__) from None
        if response.status_code == httpx.codes.SERVICE_UNAVAILABLE:
            self._workers.gone(url)
            return None
        self._workers.back(url)
        return response

    async def forget(self, conversation_id: UUID) -> None:
        """Erase what is remembered of a conversation: any worker can, since one database is the memory of them all.

        Raises BotUnavailable when none did.
        """
        failures = []
        for url in self._workers.ranked(conversation_id):
            try:
                (await self._http.delete(f"{url}{_CONVERSATIONS}/{conversation_id}")).raise_for_status()
            except (httpx.HTTPError, aiohttp.ClientError) as error:
                failures.append(type(error).__name__)
            else:
                return
        raise BotUnavailable(", ".join(failures))

    async def close(self) -> None:
        await self._http.aclose()


def _read(response: httpx.Response, kind: type[_Answer]) -> _Answer:
    if response.status_code != httpx.codes.OK:
        raise BotUnavailable(f"status {response.status_code}")
    if rb"\u0000" in response.content:  # PostgreSQL stores no NUL
        raise BotUnavailable("unreadable answer")
    try:
        return kind.model_validate_json(response.content)
    except ValidationError:
        raise BotUnavailable("unreadable answer") from None

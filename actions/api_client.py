"""Calls to api. Two kinds of failure: it cannot be reached, or it refuses with a reason."""

from __future__ import annotations

from typing import Any

import aiohttp
import httpx
from httpx_aiohttp import AiohttpTransport

from actions.logs import REQUEST
from actions.settings import Settings

Json = dict[str, Any]  # Any: JSON

KEPT_SECONDS = 3.0
"""How long an idle connection is kept: less than the api keeps it, or it might close one that is about to be used."""


_GONE = (
    httpx.ConnectError,
    httpx.ConnectTimeout,  # also what AiohttpTransport calls a hang-up
    httpx.RemoteProtocolError,
    httpx.ReadError,
    httpx.WriteError,
)


class ApiDown(Exception):
    """No usable answer came in time."""


class ApiRefused(Exception):
    """api said no: a stable code, a Swedish sentence, and perhaps ready messages to show instead."""

    def __init__(self, problem: Json) -> None:
        self.code = str(problem.get("code", "error"))
        self.detail = str(problem.get("detail", ""))
        self.messages: list[Json] = list(problem.get("messages") or [])
        self._messages_easy: list[Json] = list(problem.get("messages_easy") or [])
        super().__init__(self.code)

    def messages_for(self, *, easy: bool) -> list[Json]:
        """The ready messages, in easy Swedish where there are such."""
        return self._messages_easy if easy and self._messages_easy else self.messages


class ApiClient:
    """One connection pool to api's internal door."""

    def __init__(self, settings: Settings, transport: httpx.AsyncBaseTransport | None = None) -> None:
        self._http = httpx.AsyncClient(
            base_url=f"{settings.api_url}/internal/v1",
            headers={"Authorization": f"Bearer {settings.service_token}"},
            timeout=httpx.Timeout(settings.timeout_seconds, connect=1.0, pool=1.0),  # pool: looking up the name too
            # Half the processor time of httpx's own transport.
            transport=transport or AiohttpTransport(limits=httpx.Limits(keepalive_expiry=KEPT_SECONDS)),
            trust_env=False,
        )

    async def get(self, path: str, **params: str | None) -> Json:
        """GET with the parameters that are not None."""
        return await self._call("GET", path, params={key: value for key, value in params.items() if value is not None})

    async def post(self, path: str, body: Json, *, idempotency_key: str | None = None) -> Json:
        """POST of JSON; with a key where a repeat must not act twice."""
        headers = {"Idempotency-Key": idempotency_key} if idempotency_key else {}
        return await self._call("POST", path, json=body, headers=headers)

    async def close(self) -> None:
        await self._http.aclose()

    async def _call(self, method: str, path: str, **request: Any) -> Json:  # Any: httpx's own arguments
        if REQUEST.get():  # so that the api's lines about one turn can be found together
            request["headers"] = {**request.get("headers", {}), "X-Request-ID": REQUEST.get()}
        try:
            response = await self._sent(method, path, **request)
            answer = response.json()
        except (httpx.HTTPError, aiohttp.ClientError, ValueError) as error:
            raise ApiDown(type(error).__name__) from None
        if not isinstance(answer, dict) or response.status_code >= httpx.codes.INTERNAL_SERVER_ERROR:
            raise ApiDown(f"status {response.status_code}")
        if response.is_error and not (isinstance(answer.get("detail"), str) and answer["detail"]):
            raise ApiDown(f"status {response.status_code} without a reason")  # not api's own shape: nothing to tell
        if response.is_error:
            raise ApiRefused(answer)
        return answer

    async def _sent(self, method: str, path: str, **request: Any) -> httpx.Response:  # Any: httpx's own arguments
        """Once more when the api goes with the request in hand: another process takes it, and whatever the actions ask
        for can be asked twice with one effect (ADR 0028). One that is only slow is waited for."""
        try:
            return await self._http.request(method, path, **request)
        except _GONE:
            return await self._http.request(method, path, **request)

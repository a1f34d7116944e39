"""Calls to api. Two kinds of failure: it cannot be reached, or it refuses with a reason."""

from __future__ import annotations

from typing import Any

import httpx

from actions.settings import Settings

Json = dict[str, Any]  # Any: JSON


class ApiDown(Exception):
    """No usable answer came in time."""


class ApiRefused(Exception):
    """api said no: a stable code, a Swedish sentence, and perhaps ready messages to show instead."""

    def __init__(self, problem: Json) -> None:
        self.code = str(problem.get("code", "error"))
        self.detail = str(problem.get("detail", ""))
        self.messages: list[Json] = list(problem.get("messages") or [])
        super().__init__(self.code)


class ApiClient:
    """One connection pool to api's internal door."""

    def __init__(self, settings: Settings, transport: httpx.AsyncBaseTransport | None = None) -> None:
        self._http = httpx.AsyncClient(
            base_url=f"{settings.api_url}/internal/v1",
            headers={"Authorization": f"Bearer {settings.service_token}"},
            timeout=httpx.Timeout(settings.timeout_seconds, connect=1.0),
            transport=transport or httpx.AsyncHTTPTransport(retries=1),
            trust_env=False,
        )

    async def get(self, path: str, **params: str | None) -> Json:
        """GET with the parameters that are not None."""
        return await self._call("GET", path, params={key: value for key, value in params.items() if value is not None})

    async def post(self, path: str, body: Json, *, idempotency_key: str | None = None) -> Json:
        """POST of JSON; with a key where a repeat must not act twice."""
        headers = {"Idempotency-Key": idempotency_key} if idempotency_key else {}
        return await self._call("POST", path, json=body, headers=headers)

    async def _call(self, method: str, path: str, **request: Any) -> Json:  # Any: httpx's own arguments
        try:
            response = await self._http.request(method, path, **request)
            answer = response.json()
        except (httpx.HTTPError, ValueError) as error:
            raise ApiDown(type(error).__name__) from None
        if not isinstance(answer, dict) or response.status_code >= httpx.codes.INTERNAL_SERVER_ERROR:
            raise ApiDown(f"status {response.status_code}")
        if response.is_error and not (isinstance(answer.get("detail"), str) and answer["detail"]):
            raise ApiDown(f"status {response.status_code} without a reason")  # not api's own shape: nothing to tell
        if response.is_error:
            raise ApiRefused(answer)
        return answer

"""What every answer carries and every request must keep to."""

from __future__ import annotations

import re
from typing import ClassVar

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.errors import error_texts, problem

BODY_LIMIT = 64 * 1024
"""Bytes; the largest request of the chat is a few kilobytes."""

_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
        "font-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; "
        "require-trusted-types-for 'script'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "strict-origin-when-cross-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
    "Cross-Origin-Opener-Policy": "same-origin",
}


class SecurityHeaders:
    """Adds the security headers that a route has not set itself."""

    def __init__(self, app: ASGIApp, *, https: bool) -> None:
        self._app = app
        self._headers = _HEADERS | ({"Strict-Transport-Security": "max-age=31536000"} if https else {})

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def sending(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in self._headers.items():
                    headers.setdefault(name, value)
                if scope["path"].startswith("/static/"):  # the widget is loaded by other sites
                    headers.setdefault("Cross-Origin-Resource-Policy", "cross-origin")
                    headers.setdefault("Cache-Control", "no-cache")
            await send(message)

        await self._app(scope, receive, sending if scope["type"] == "http" else send)


class BodyLimit:
    """Refuses bodies over BODY_LIMIT, also when no length was announced."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] in {"GET", "HEAD", "OPTIONS", "DELETE"}:
            return await self._app(scope, receive, send)
        chunks: list[bytes] = []
        size, more = 0, True
        while more:
            message = await receive()
            if message["type"] == "http.disconnect":
                return None
            chunks.append(message.get("body", b""))
            size += len(chunks[-1])
            more = message.get("more_body", False)
            if size > BODY_LIMIT:
                response = problem("too_large", 413, error_texts()["too_large"])
                return await response(scope, receive, send)
        body = b"".join(chunks)
        sent = False

        async def replay() -> Message:
            nonlocal sent
            if sent:
                return await receive()
            sent = True
            return {"type": "http.request", "body": body, "more_body": False}

        return await self._app(scope, replay, send)


class OpenReading:
    """Lets any site read what is public, answers preflights for it, and HEAD as a GET without its body.

    Outside of the CORS rules of the chat, which know the sites that embed it. Nothing here goes with cookies.
    """

    _PUBLIC = re.compile(
        r"/api/(openapi\.json|v1/(courses|occasions|nodes|occupations|emil3|catalogue\.(csv|xlsx)))(/|$)"
        r"|/(dcat(\.rdf|\.ttl)?|robots\.txt|sitemap(-[0-9]+)?\.xml)$"
    )
    _HEADERS: ClassVar[dict[str, str]] = {
        "Access-Control-Allow-Origin": "*",
        "Access-Control-Expose-Headers": "ETag, Last-Modified",
        "Cross-Origin-Resource-Policy": "cross-origin",
    }
    _PREFLIGHT: ClassVar[dict[str, str]] = {
        "Access-Control-Allow-Methods": "GET, HEAD",
        "Access-Control-Allow-Headers": "If-None-Match",
        "Access-Control-Max-Age": "86400",
    }

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or not self._PUBLIC.match(scope["path"]):
            return await self._app(scope, receive, send)
        asked = Headers(scope=scope)
        if scope["method"] == "OPTIONS" and "access-control-request-method" in asked:
            return await Response(status_code=204, headers=self._HEADERS | self._PREFLIGHT)(scope, receive, send)
        is_head = scope["method"] == "HEAD"

        async def sending(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).update(self._HEADERS)
            elif is_head:
                message = {**message, "body": b""}
            await send(message)

        headers = [pair for pair in scope["headers"] if pair[0] != b"origin"]
        method = "GET" if is_head else scope["method"]
        return await self._app({**scope, "method": method, "headers": headers}, receive, sending)

"""What every answer carries and every request must keep to."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Mapping
from typing import ClassVar

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.errors import error_texts, problem
from api.uploads import Upload

BODY_LIMIT = 64 * 1024
"""Bytes; the largest request of the chat is a few kilobytes."""
STAFF_BODY_LIMIT = 512 * 1024
"""Bytes, under `/personal`: staff write long answers, and a letter such as å is six bytes in a form."""

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


_SECRET_PATHS = ("/mote/", "/traffar/anmalan/", "/arende/", "/kalender/", "/personal/lank/")
"""Below these the path holds a secret, which no other site may learn as a Referer."""
_PERSONAL_PATHS = (*_SECRET_PATHS, "/personal", "/chatt", "/api/v1/conversations", "/internal/")
"""Below these an answer is meant for one person or process: nothing on its way, and no browser, keeps it."""


class SecurityHeaders:
    """Adds the security headers that a route has not set itself."""

    def __init__(self, app: ASGIApp, *, https: bool) -> None:
        self._app = app
        self._headers = _HEADERS | ({"Strict-Transport-Security": "max-age=31536000"} if https else {})

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def sending(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                if scope["path"].startswith(_SECRET_PATHS):  # on pages of errors too
                    headers.setdefault("Referrer-Policy", "no-referrer")
                if scope["path"].startswith(_PERSONAL_PATHS):
                    headers.setdefault("Cache-Control", "no-store")
                for name, value in self._headers.items():
                    headers.setdefault(name, value)
                if scope["path"].startswith("/static/"):  # the widget is loaded by other sites
                    headers.setdefault("Cross-Origin-Resource-Policy", "cross-origin")
                    headers.setdefault("Cache-Control", "no-cache")
            await send(message)

        await self._app(scope, receive, sending if scope["type"] == "http" else send)


class PlainAddresses:
    """Nothing is at an address with a NUL in it. PostgreSQL would break off where SQLite looks for it in vain."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and ("\0" in scope["path"] or b"%00" in scope["query_string"]):
            return await problem("not_found", 404, error_texts()["not_found"])(scope, receive, send)
        return await self._app(scope, receive, send)


class BodyLimit:
    """Refuses bodies over BODY_LIMIT or STAFF_BODY_LIMIT, also when no length was announced, and those that take
    longer than `seconds`. Then it closes the connection, or the rest could come for ever.

    `uploads` are paths whose body is not held here but passed on as it comes (see uploads.py); value: the limit, bytes.
    """

    def __init__(self, app: ASGIApp, *, uploads: Mapping[str, int], seconds: float) -> None:
        self._app, self._uploads, self._seconds = app, uploads, seconds

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] in {"GET", "HEAD", "OPTIONS", "DELETE"}:
            return await self._app(scope, receive, send)
        if (most := self._uploads.get(scope["path"])) is not None:
            upload = Upload(scope, receive, send, most)
            return await self._app(scope, upload.receive, upload.send)
        limit = STAFF_BODY_LIMIT if scope["path"].startswith("/personal/") else BODY_LIMIT
        try:
            async with asyncio.timeout(self._seconds):
                body = await _whole_body(scope, receive, limit)
        except TimeoutError:
            return await _refusal("too_slow", 408)(scope, receive, send)
        except _TooLarge:
            return await _refusal("too_large", 413)(scope, receive, send)
        if body is None:
            return None
        sent = False

        async def replay() -> Message:
            nonlocal sent
            if sent:
                return await receive()
            sent = True
            return {"type": "http.request", "body": body, "more_body": False}

        return await self._app(scope, replay, send)


class _TooLarge(Exception):
    """The body has more bytes than it may."""


async def _whole_body(scope: Scope, receive: Receive, limit: int) -> bytes | None:
    """All of it; None when the sender has gone. Raises _TooLarge, before the first byte if the length was announced."""
    announced = Headers(scope=scope).get("content-length", "")
    if announced.isdecimal() and int(announced) > limit:
        raise _TooLarge
    chunks: list[bytes] = []
    size, more = 0, True
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            return None
        chunks.append(message.get("body", b""))
        size += len(chunks[-1])
        more = message.get("more_body", False)
        if size > limit:
            raise _TooLarge
    return b"".join(chunks)


def _refusal(code: str, status: int) -> Response:
    response = problem(code, status, error_texts()[code])
    response.headers["Connection"] = "close"
    return response


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

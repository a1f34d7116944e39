"""A request whose body may be large: handed on piece by piece, to whoever has first found out who is asking.

Nothing is read before somebody asks for it. So a route that refuses before it reads, for instance because nobody is
logged in, costs nothing however large the body is: the answer closes the connection.
"""

from __future__ import annotations

import asyncio

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import Message, Receive, Scope, Send

from api.errors import ApiError

MEGABYTE = 1024 * 1024
FORM_AROUND = 64 * 1024
"""Bytes that a form may have beside its file."""
PATIENCE_SECONDS = 30.0
"""How long the next piece may take."""
AT_MOST_SECONDS = 900.0
"""How long the whole body may take: 20 megabytes over a poor mobile line are there in half of it."""


class UploadTooLarge(ApiError):
    """More than `limit` megabytes."""

    code = "upload_too_large"
    status = 413


class UploadBroken(ApiError):
    """The sender went away, or was too slow."""

    code = "upload_broken"
    status = 400


class Upload:
    """The two sides of such a request. `limit` is in bytes."""

    def __init__(self, scope: Scope, receive: Receive, send: Send, limit: int) -> None:
        self._receive, self._send, self._limit = receive, send, limit
        announced = Headers(scope=scope).get("content-length", "")
        self._announced = int(announced) if announced.isdigit() else 0
        self._size = 0
        self._whole = False
        self._deadline = asyncio.get_running_loop().time() + AT_MOST_SECONDS

    async def receive(self) -> Message:
        """The next piece. Raises UploadTooLarge, before the first one if the length was announced, or UploadBroken."""
        if self._whole:
            return await self._receive()
        if max(self._announced, self._size) > self._limit + FORM_AROUND:
            raise UploadTooLarge(limit=self._limit // MEGABYTE)
        left = self._deadline - asyncio.get_running_loop().time()
        try:
            message = await asyncio.wait_for(self._receive(), min(PATIENCE_SECONDS, left))
        except TimeoutError:
            raise UploadBroken from None
        if message["type"] == "http.disconnect":
            raise UploadBroken
        self._size += len(message.get("body", b""))
        self._whole = not message.get("more_body", False)
        if self._size > self._limit + FORM_AROUND:
            raise UploadTooLarge(limit=self._limit // MEGABYTE)
        return message

    async def send(self, message: Message) -> None:
        """An answer that comes before the end of the body closes the connection, or the rest would have to be read."""
        if message["type"] == "http.response.start" and not self._whole:
            MutableHeaders(scope=message)["Connection"] = "close"
        await self._send(message)

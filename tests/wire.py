"""A server on this machine that answers every request with the very bytes a test gives, also such as are no HTTP."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

HANG_UP = b""
GARBAGE = b"220 mail.example.org ESMTP\r\n"
ENDLESS_HEAD = b"HTTP/1.1 200 OK\r\nX-Long: " + b"x" * 100_000 + b"\r\n\r\n"
HALF_A_BODY = b"HTTP/1.1 200 OK\r\nContent-Length: 5000\r\n\r\n{"
STRANGE = {"no HTTP": GARBAGE, "an endless head": ENDLESS_HEAD}
"""Answers of something that is not what it should be."""
GONE = {"hangs up": HANG_UP, "breaks off": HALF_A_BODY}
"""Answers of a process that dies with the request in hand."""


def http(body: bytes) -> bytes:
    """An answer in JSON."""
    head = f"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
    return head.encode() + body


@dataclass
class Wire:
    """`answers` are given one after the other, the last one for ever; then the connection is closed."""

    answers: Sequence[bytes]
    url: str = ""
    requests: list[bytes] = field(default_factory=list)

    async def take(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.requests.append(await reader.readuntil(b"\r\n\r\n"))
        writer.write(self.answers[min(len(self.requests), len(self.answers)) - 1])
        await writer.drain()
        writer.close()


@asynccontextmanager
async def wire(*answers: bytes) -> AsyncIterator[Wire]:
    """Such a server at a free port."""
    made = Wire(answers)
    server = await asyncio.start_server(made.take, "127.0.0.1", 0)
    async with server:
        made.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        yield made


async def closed_address() -> str:
    """An address of this machine where nobody listens."""
    async with wire(HANG_UP) as gone:
        return gone.url

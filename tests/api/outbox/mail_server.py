"""A mail server in a process of its own: `python -m tests.api.outbox.mail_server FOLDER` prints its port.

What it takes lies in FOLDER as `<number>.eml`. The file `manners` in FOLDER says how it answers, and may be changed at
any time: `take`, `slow` (stores, then waits before it says so), `drop` (stores, then cuts the line), `stall` (says
nothing), or a reply such as `451 later`.
"""

from __future__ import annotations

import asyncio
import sys
from itertools import count
from pathlib import Path

from aiosmtpd.smtp import SMTP, Envelope, Session

_SLOW_SECONDS = 0.1


class Server:
    """Answers each mail as the file says."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._numbers = count(1)

    async def handle_DATA(self, server: SMTP, _: Session, envelope: Envelope) -> str:
        manners = (self._folder / "manners").read_text("utf-8").strip()
        if manners == "stall":
            await asyncio.sleep(3600)
        if manners not in ("take", "slow", "drop"):
            return manners
        self._keep(envelope)
        if manners == "slow":
            await asyncio.sleep(_SLOW_SECONDS)
        if manners == "drop":
            server.transport.abort()
        return "250 OK"

    def _keep(self, envelope: Envelope) -> None:
        number = next(self._numbers)
        part = self._folder / f"{number:04}.part"
        content = envelope.content
        assert isinstance(content, bytes)
        part.write_bytes(b"X-Envelope-To: " + envelope.rcpt_tos[0].encode() + b"\r\n" + content)
        part.rename(self._folder / f"{number:04}.eml")


async def main(folder: Path) -> None:
    server = Server(folder)
    loop = asyncio.get_running_loop()
    listening = await loop.create_server(lambda: SMTP(server, hostname="mail.example.org"), "127.0.0.1", 0)
    print(listening.sockets[0].getsockname()[1], flush=True)
    await listening.serve_forever()


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1])))

"""A mail server that answers as it is told, and mails to send."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import SMTP as POLICY
from uuid import UUID

import pytest
from aiosmtpd.smtp import SMTP, Envelope, Session

from api.database import Database
from api.outbox import service
from api.outbox.message import Payload
from tests.api.booking.conftest import counsellors, office  # noqa: F401 - fixtures for the tests beside

ICS = "BEGIN:VCALENDAR\r\nMETHOD:REQUEST\r\nSUMMARY:Vägledningssamtal å ä ö\r\nEND:VCALENDAR\r\n"


@dataclass
class Mailbox:
    """Takes mails and keeps them; `rcpt` and `data` are what it answers, `drop` cuts the line after taking a mail."""

    rcpt: str = "250 OK"
    data: str = "250 OK"
    drop: bool = False
    refused: set[str] = field(default_factory=set)
    """Addresses that are answered 550."""
    mails: list[EmailMessage] = field(default_factory=list)
    envelopes: list[tuple[str | None, list[str]]] = field(default_factory=list)

    async def handle_RCPT(self, server: SMTP, _: Session, envelope: Envelope, address: str, __: list[str]) -> str:
        if address in self.refused:
            return "550 5.1.1 no such mailbox"
        if self.rcpt.startswith("250"):
            envelope.rcpt_tos.append(address)
        return self.rcpt

    async def handle_DATA(self, server: SMTP, _: Session, envelope: Envelope) -> str:
        if self.data.startswith("250"):
            self.mails.append(message_from_bytes(envelope.content, policy=POLICY))
            self.envelopes.append((envelope.mail_from, envelope.rcpt_tos))
        if self.drop:
            server.transport.close()
        return self.data


@pytest.fixture
def mailbox() -> Mailbox:
    return Mailbox()


@pytest.fixture
async def smtp_url(mailbox: Mailbox) -> AsyncIterator[str]:
    async with serving(lambda: SMTP(mailbox, hostname="mail.example.org")) as address:
        yield f"smtp://{address}"


@asynccontextmanager
async def serving(new: Callable[[], SMTP]) -> AsyncIterator[str]:
    """A mail server at `host:port`; `new` makes what answers each line."""
    protocols: list[SMTP] = []

    def connected() -> SMTP:
        protocols.append(new())
        return protocols[-1]

    server = await asyncio.get_running_loop().create_server(connected, "127.0.0.1", 0)
    try:
        yield f"127.0.0.1:{server.sockets[0].getsockname()[1]}"
    finally:
        server.close()
        for protocol in protocols:
            if protocol.transport is not None:
                protocol.transport.abort()
        await asyncio.sleep(0)  # the lines are closed in the loop's next turn


def payload(**changes: object) -> Payload:
    return {
        "from": "Industrivägledaren <boka@example.org>",
        "reply_to": "vagledning.karlstad@example.org",
        "subject": "Din tid hos vägledaren: torsdag 26 november",
        "text": "Hej Åsa!\nDin tid är bokad.\n",
        "html": "<p>Hej Åsa!</p>",
        "ics": ICS,
        "ics_method": "REQUEST",
    } | changes


Enqueue = Callable[..., int]


@pytest.fixture
def enqueue(database: Database, now: datetime) -> Enqueue:
    """Writes a mail and gives its row's id."""
    count = 0

    def write(
        recipient: str = "syv@example.org",
        *,
        at: datetime = now,
        meeting_id: UUID | None = None,
        sequence: int = 0,
        kind: str = "REQUEST",
        not_before: datetime | None = None,
        **changes: object,
    ) -> int:
        nonlocal count
        count += 1
        with database.transaction() as session:
            row = service.enqueue(
                session,
                kind=kind,
                recipient=recipient,
                message_id=f"{count}.{sequence}@example.org",
                payload=payload(**changes),
                now=at,
                meeting_id=meeting_id,
                sequence=sequence,
                not_before=not_before,
            )
            session.flush()
            return row.id

    return write

"""Handing mails over: to an SMTP server, or to `.eml` files when none is set."""

from __future__ import annotations

import asyncio
import os
import tempfile
from email.message import EmailMessage
from email.utils import parseaddr
from pathlib import Path
from typing import Protocol
from urllib.parse import unquote, urlsplit

import aiosmtplib

from api.outbox.message import build
from api.outbox.service import UNREACHED, Claim
from api.settings import Settings

_TIMEOUT_SECONDS = 20.0
"""For each step of the exchange with the server."""
_BEFORE_THE_MAIL = (
    aiosmtplib.SMTPConnectError,
    aiosmtplib.SMTPConnectResponseError,
    aiosmtplib.SMTPAuthenticationError,
    aiosmtplib.SMTPHeloError,
    ConnectionRefusedError,
)
"""What goes wrong before the server has heard of the mail."""


class DeliveryFailed(Exception):
    """The mail was not taken. `reason` is a reply code or the name of an error; `permanent` means never try again."""

    def __init__(self, reason: str, *, permanent: bool) -> None:
        super().__init__(reason)
        self.reason = reason
        self.permanent = permanent


class Mailer(Protocol):
    """Something that takes a mail or raises DeliveryFailed."""

    async def deliver(self, claim: Claim) -> None: ...


def make_mailer(settings: Settings) -> Mailer:
    """The way mails leave, by `IV_SMTP_URL`. ValueError with a sentence when the address is wrong."""
    return SmtpMailer(settings.smtp_url) if settings.smtp_url else FileMailer(settings.mail_dir)


class FileMailer:
    """Writes each mail as `<UTC time>-<outbox id>-<kind>.eml`, for development and demonstrations.

    The file appears whole: it is written beside its place and moved there. The time is that of the mail's row, so a
    mail that is written twice is still one file.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    async def deliver(self, claim: Claim) -> None:
        message = _message(claim)
        name = f"{claim.created_at:%Y%m%dT%H%M%SZ}-{claim.id}-{claim.kind}.eml"
        try:
            self._write(self._folder / name, message.as_bytes())
        except OSError as error:
            raise DeliveryFailed(type(error).__name__, permanent=False) from error

    def _write(self, path: Path, content: bytes) -> None:
        self._folder.mkdir(parents=True, exist_ok=True)
        descriptor, temporary = tempfile.mkstemp(dir=self._folder, prefix=".", suffix=".part")
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
        os.replace(temporary, path)


class SmtpMailer:
    """Sends through `smtp[s]://[user:password@]host[:port]`, with STARTTLS where the server offers it.

    With a user name STARTTLS is required: whoever sits in between could strike it from the server's offer and read
    the password. Without it the mail waits, unsent.
    Refused, dropped, timed out or 4xx: worth another try. 5xx about the mail itself: never. A refused log-in or
    greeting says nothing about the mail, so it is tried again.
    """

    def __init__(self, url: str, *, timeout_seconds: float = _TIMEOUT_SECONDS) -> None:
        parts = urlsplit(url)
        if parts.scheme not in ("smtp", "smtps") or not parts.hostname:
            raise ValueError("IV_SMTP_URL must look like smtp://user:password@host:587 or smtps://…:465")
        self._host = parts.hostname
        self._tls = parts.scheme == "smtps"
        self._username = unquote(parts.username) if parts.username else None
        self._password = unquote(parts.password) if parts.password else None
        self._start_tls = True if self._username and not self._tls else None  # None: if the server offers it
        self._port = parts.port or (465 if self._tls else 587 if self._username else 25)
        self._timeout = timeout_seconds

    async def deliver(self, claim: Claim) -> None:
        message = _message(claim)
        try:
            # The whole exchange has a limit too, so that a batch ends within its lease.
            async with asyncio.timeout(2 * self._timeout):
                await aiosmtplib.send(
                    message,
                    sender=parseaddr(claim.payload["from"])[1],
                    recipients=[claim.recipient],
                    hostname=self._host,
                    port=self._port,
                    username=self._username,
                    password=self._password,
                    use_tls=self._tls,
                    start_tls=self._start_tls,
                    timeout=self._timeout,
                )
        except (aiosmtplib.SMTPException, OSError) as error:
            raise _failure(error) from error
        except ValueError as error:  # an address that cannot be written in ASCII to a server without SMTPUTF8
            raise DeliveryFailed(type(error).__name__, permanent=True) from error


def _message(claim: Claim) -> EmailMessage:
    try:
        return build(claim.payload, recipient=claim.recipient, message_id=claim.message_id, date=claim.dated_at)
    except (ValueError, KeyError) as error:  # cannot become a mail today, nor tomorrow
        raise DeliveryFailed(type(error).__name__, permanent=True) from error


def _failure(error: Exception) -> DeliveryFailed:
    if isinstance(error, aiosmtplib.SMTPRecipientsRefused) and error.recipients:
        error = error.recipients[0]
    reason = str(error.code) if isinstance(error, aiosmtplib.SMTPResponseException) else type(error).__name__
    if isinstance(error, _BEFORE_THE_MAIL):
        return DeliveryFailed(UNREACHED + reason, permanent=False)
    permanent = isinstance(error, aiosmtplib.SMTPResponseException) and 500 <= error.code < 600
    return DeliveryFailed(reason, permanent=permanent)

"""Who we are to those whom we write to."""

from __future__ import annotations

from dataclasses import dataclass
from email.utils import parseaddr
from typing import Annotated

from fastapi import Depends, Request

from api.settings import Settings


@dataclass(frozen=True)
class Office:
    """Who writes to people, and at which address they find their pages."""

    mail_from: str
    """`Name <address>`: a mailbox of ours, which also organises meetings and events."""
    base_url: str
    """Without a trailing slash."""
    contact_days: int = 30
    """How long after a meeting names and contacts are kept, as the mails say it."""
    event_days: int = 30
    """How long after an event the names and contacts of those who signed up are kept."""
    sms: bool = False
    """Whether somebody who left a telephone number is reminded by text message."""
    failed_to: str = ""
    """The mailbox that is told when a mail is given up. Empty: that of the node or function it is about."""

    @classmethod
    def of(cls, settings: Settings) -> Office:
        return cls(
            settings.mail_from,
            settings.base_url,
            contact_days=settings.retention_contact_days,
            event_days=settings.retention_events_days,
            sms=bool(settings.sms_provider),
            failed_to=settings.mail_failed_to,
        )

    def failures_to(self, address: str) -> str:
        """The mailbox that is told when a mail is given up, where `address` is that of the node or function."""
        return self.failed_to or address

    @property
    def domain(self) -> str:
        """Right of the @ in calendar UIDs and Message-IDs."""
        return parseaddr(self.mail_from)[1].rpartition("@")[2] or "localhost"


def message_id(uid: str, sequence: int, kind: str) -> str:
    """What a mail about this revision of a meeting or sign-up is known by, however often it is sent. Without brackets.

    `uid` is that of its calendar entry, `…@domain`.
    """
    name, _, domain = uid.partition("@")
    return f"{name}.{sequence}.{kind.lower()}@{domain}"


def _office(request: Request) -> Office:
    return Office.of(request.app.state.settings)


OfficeOf = Annotated[Office, Depends(_office)]
"""The office as a route's parameter."""

"""Who we are to those who book."""

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
    """`Name <address>`: a mailbox of ours, which also organises the meetings."""
    base_url: str
    """Without a trailing slash."""

    @classmethod
    def of(cls, settings: Settings) -> Office:
        return cls(settings.mail_from, settings.base_url)

    @property
    def domain(self) -> str:
        """Right of the @ in calendar UIDs and Message-IDs."""
        return parseaddr(self.mail_from)[1].rpartition("@")[2] or "localhost"


def _office(request: Request) -> Office:
    return Office.of(request.app.state.settings)


OfficeOf = Annotated[Office, Depends(_office)]
"""The office as a route's parameter."""

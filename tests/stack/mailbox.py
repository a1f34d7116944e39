"""The folder the mails are written to, read as their recipients would."""

from __future__ import annotations

import time
from dataclasses import dataclass
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from typing import Any

from icalendar import Calendar

PATIENCE_SECONDS = 20.0
"""Mails leave through a queue: how long one may be on its way before a test gives up."""


@dataclass(frozen=True)
class Mail:
    """One `.eml` file."""

    message: EmailMessage

    @property
    def to(self) -> str:
        return str(self.message["To"])

    @property
    def subject(self) -> str:
        return str(self.message["Subject"])

    @property
    def text(self) -> str:
        """What a plain reader shows."""
        body = self.message.get_body(("plain",))
        assert body is not None
        return str(body.get_content())

    @property
    def calendar_part(self) -> EmailMessage:
        """The part that makes calendars act."""
        return next(part for part in self.message.walk() if part.get_content_type() == "text/calendar")

    @property
    def calendar(self) -> Calendar:
        return Calendar.from_ical(self.calendar_part.get_payload(decode=True))

    @property
    def event(self) -> Any:  # Any: icalendar's components
        return self.calendar.walk("VEVENT")[0]


class Mailbox:
    """Every mail sent so far."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def about(self, reference: str) -> list[Mail]:
        """The mails that name this booking, oldest first."""
        return [mail for mail in self._all() if reference in mail.text]

    def wait_for(self, reference: str, count: int) -> list[Mail]:
        """The mails that name this booking, once there are `count`."""
        deadline = time.monotonic() + PATIENCE_SECONDS
        while len(found := self.about(reference)) < count and time.monotonic() < deadline:
            time.sleep(0.2)
        assert len(found) == count, f"{len(found)} mails about {reference}: {[mail.subject for mail in found]}"
        return found

    def _all(self) -> list[Mail]:
        files = sorted(self._folder.glob("*.eml"), key=lambda path: (path.stat().st_mtime_ns, path.name))
        return [Mail(message_from_bytes(path.read_bytes(), policy=default)) for path in files]  # type: ignore[arg-type]

"""Mails that lie as `.eml` files because no mail server is set: listing, reading and erasing them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from email.message import MIMEPart
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from api.outbox.errors import MailFileUnknown
from api.outbox.tables import Outbox

_NAME = re.compile(r"(\d{8}T\d{6}Z)-(\d+)-([A-Z]+)\.eml")
_SHOWN = 100
_UNFINISHED, _A_WHILE = ".*.part", timedelta(hours=1)
"""How a mail is called while it is written (`FileMailer`), and longer than that takes."""


@dataclass(frozen=True)
class MailFile:
    """One file, without what the mail says."""

    name: str
    at: datetime
    kind: str
    outbox_id: int


@dataclass(frozen=True)
class MailText:
    """What a mail says to somebody whose program shows plain text, and its calendar file."""

    subject: str
    sender: str
    recipient: str
    text: str
    calendar: str


def listed(folder: Path) -> list[MailFile]:
    """The newest files, newest first."""
    return sorted(_all(folder), key=lambda file: (file.at, file.outbox_id), reverse=True)[:_SHOWN]


def read(folder: Path, name: str) -> MailText:
    """One mail. MailFileUnknown for any name that `listed` could not give."""
    try:
        content = (folder / name).read_bytes() if _NAME.fullmatch(name) else None
    except OSError:
        content = None
    if content is None:
        raise MailFileUnknown
    message = message_from_bytes(content, policy=policy.default)
    body = message.get_body(("plain",))
    return MailText(
        subject=str(message["Subject"]),
        sender=str(message["From"]),
        recipient=str(message["To"]),
        text=_text(body),
        calendar=_text(next((part for part in message.walk() if part.get_content_type() == "text/calendar"), None)),
    )


def erase_forgotten(session: Session, folder: Path, now: datetime, *, days: int) -> int:
    """Erase files whose row in the outbox is gone (its person was forgotten), and any that is `days` old and was about
    nothing in particular; returns how many. So goes what a killed process left half written. What else lies in the
    folder is left alone."""
    kept = _kept(session, now - timedelta(days=days))
    gone = [folder / file.name for file in _all(folder) if (file.outbox_id, file.at) not in kept]
    gone += [path for path in folder.glob(_UNFINISHED) if _written(path) < now - _A_WHILE]
    for path in gone:
        path.unlink(missing_ok=True)
    return len(gone)


def _written(path: Path) -> datetime:
    """When; now and then a file has just got its name and is not there any more."""
    try:
        return datetime.fromtimestamp(path.stat().st_mtime, UTC)
    except FileNotFoundError:
        return datetime.max.replace(tzinfo=UTC)


def _kept(session: Session, before: datetime) -> set[tuple[int, datetime]]:
    """Rows that still exist and are about something, or newer than `before`. With their time, since SQLite may give an
    erased row's id to a new one."""
    rows = session.execute(select(Outbox.id, Outbox.thread, Outbox.created_at))
    return {(row_id, at.replace(microsecond=0)) for row_id, thread, at in rows if thread or at >= before}


def _all(folder: Path) -> Iterable[MailFile]:
    if not folder.is_dir():
        return
    for path in folder.iterdir():
        if found := _NAME.fullmatch(path.name):
            at = datetime.strptime(found[1], "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
            yield MailFile(path.name, at, found[3], int(found[2]))


def _text(part: MIMEPart | None) -> str:
    if part is None:
        return ""
    content = part.get_content()
    return content.decode("utf-8", "replace") if isinstance(content, bytes) else str(content)

"""A stored mail as a message on the wire. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from email.encoders import encode_base64
from email.message import EmailMessage
from email.mime.base import MIMEBase
from email.policy import SMTP
from email.utils import format_datetime
from typing import Literal, TypedDict

CalendarMethod = Literal["REQUEST", "CANCEL", "PUBLISH"]

Payload = TypedDict(
    "Payload",
    {
        "from": str,
        "reply_to": str | None,
        "subject": str,
        "text": str,
        "html": str,
        "ics": str | None,
        "ics_method": CalendarMethod | None,
    },
)
"""What a mail says. `ics` is a calendar file as text and `ics_method` its METHOD; both are None without one."""


_ODD_LINE_END = re.compile("[\\v\\f\\x1c-\\x1e\\x85\\u2028\\u2029]")
"""What Python takes for a line end beside CR and LF, and no mail program: a title pasted from elsewhere may hold one,
and its mail is to arrive all the same."""


@dataclass(frozen=True)
class Letter:
    """One mail before it has a recipient; `kind` is what the outbox files it under."""

    kind: str
    payload: Payload


def build(payload: Payload, *, recipient: str, message_id: str, date: datetime) -> EmailMessage:
    """The mail, ready for SMTP.

    With a calendar file it is `mixed(alternative(text, html, text/calendar; method=…), application/ics)`: RFC 6047
    wants the method on the MIME part, the attachment is for clients that ignore that part, and base64 keeps Outlook
    from breaking lines (quoted-printable does not). ValueError for a line break in a header.
    """
    message = EmailMessage(policy=SMTP)
    message["From"] = payload["from"]
    message["To"] = recipient
    if payload["reply_to"]:
        message["Reply-To"] = payload["reply_to"]
    message["Subject"] = _ODD_LINE_END.sub(" ", payload["subject"])
    message["Date"] = format_datetime(date)
    message["Message-ID"] = f"<{message_id}>"
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(payload["text"], cte="quoted-printable")
    message.add_alternative(payload["html"], subtype="html", cte="quoted-printable")
    if payload["ics"] is not None and payload["ics_method"] is not None:
        _add_calendar(message, payload["ics"].encode(), payload["ics_method"])
    return message


def _add_calendar(message: EmailMessage, ics: bytes, method: CalendarMethod) -> None:
    part = MIMEBase("text", "calendar", method=method, charset="UTF-8")
    part.set_payload(ics)
    encode_base64(part)
    del part["MIME-Version"]
    message.attach(part)  # type: ignore[arg-type]  # typeshed wants an EmailMessage; a MIMEBase keeps bytes and base64
    message.add_attachment(ics, "application", "ics", filename="kalender.ics")

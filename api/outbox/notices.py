"""A mail to another mailbox when one was given up, so that somebody tells the recipient in another way."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from email.utils import parseaddr
from html import escape

from sqlalchemy import select
from sqlalchemy.orm import Session

from api.booking.tables import Meeting
from api.outbox import service
from api.outbox.message import Payload
from api.outbox.tables import Outbox
from api.outbox.wording import kind_word, reason, texts
from api.swedish_dates import long_time

KIND = "UNDELIVERED"
STAFF_PAGE = "/personal/utskick"


@dataclass(frozen=True)
class Notices:
    """Who writes the notices, and where staff's pages are."""

    mail_from: str
    base_url: str

    def tell(self, session: Session, dead: Outbox, now: datetime) -> Outbox | None:
        """Write the notice, in the transaction that gives the mail up. It says which booking, not who or what.

        None when there is nobody else to tell, or a notice to that mailbox waits already: they all lead to one page.
        """
        if not dead.notify or dead.notify == dead.recipient or _one_waits(session, dead.notify):
            return None
        meeting = session.get(Meeting, dead.meeting_id) if dead.meeting_id else None
        domain = parseaddr(self.mail_from)[1].rpartition("@")[2] or "localhost"
        return service.enqueue(
            session,
            kind=KIND,
            recipient=dead.notify,
            # With the moment, since a mail can be tried again by hand and given up a second time.
            message_id=f"undelivered.{dead.id}.{int(now.timestamp())}@{domain}",
            payload=_payload(dead, meeting, self.mail_from, f"{self.base_url}{STAFF_PAGE}"),
            now=now,
        )


def _one_waits(session: Session, address: str) -> bool:
    waiting = select(Outbox.id).where(Outbox.kind == KIND, Outbox.recipient == address, service.is_open(Outbox))
    return session.scalar(waiting.limit(1)) is not None


def _payload(dead: Outbox, meeting: Meeting | None, sender: str, url: str) -> Payload:
    facts = [texts("fact_mail", kind=kind_word(dead.kind))]
    subject = texts("notice_subject_other")
    if meeting is not None:
        subject = texts("notice_subject", reference=meeting.reference)
        facts.append(texts("fact_meeting", time=long_time(meeting.starts_at, meeting.ends_at)))
        facts.append(texts("fact_reference", reference=meeting.reference))
    elif dead.reference:
        subject = texts("notice_subject", reference=dead.reference)
        facts.append(texts("fact_reference", reference=dead.reference))
    facts.append(texts("fact_reason", reason=reason(dead.last_error)))
    text = texts("notice_text", facts="\n".join(facts), url=url)
    paragraphs = [escape(part).replace("\n", "<br>\n") for part in text.strip().split("\n\n")]
    return {
        "from": sender,
        "reply_to": None,
        "subject": subject,
        "text": text,
        "html": '<!doctype html>\n<html lang="sv">\n<body>\n'
        + "\n".join(f"<p>{paragraph}</p>" for paragraph in paragraphs)
        + "\n</body>\n</html>\n",
        "ics": None,
        "ics_method": None,
    }

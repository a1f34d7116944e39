"""Meetings and their mails, for the tests that look at what leaves."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from uuid import uuid4

from icalendar import Calendar, Event
from sqlalchemy import select
from sqlalchemy.orm import Session

from api.booking import mails
from api.booking.links import new_link
from api.booking.mails import Earlier
from api.booking.tables import Counsellor, Meeting
from api.outbox import service as outbox
from api.outbox.message import build
from api.outbox.office import Office
from api.privacy.secret_links import new_reference
from tests.conftest import NOW

COUNSELLOR = "syv.karlstad-1@example.org"
PERSON = "deltagare@example.org"
THURSDAY = datetime(2026, 11, 26, 12, 0, tzinfo=UTC)


@dataclass(frozen=True)
class Mail:
    """A mail as its recipient's program reads it."""

    kind: str
    message: EmailMessage

    @property
    def to(self) -> str:
        return str(self.message["To"])

    def part(self, kind: str) -> EmailMessage:
        return next(part for part in self.message.walk() if part.get_content_type() == kind)

    @property
    def text(self) -> str:
        return self.part("text/plain").get_content().replace("\r\n", "\n")

    @property
    def html(self) -> str:
        return self.part("text/html").get_content()

    @property
    def calendar(self) -> Calendar:
        return Calendar.from_ical(self.part("text/calendar").get_payload(decode=True))

    @property
    def event(self) -> Event:
        (event,) = self.calendar.walk("VEVENT")
        return event


def take(session: Session, now: datetime) -> dict[str, Mail]:
    """Everything that is due, sent; by address."""
    found = {}
    while claims := outbox.claim(session, now):
        for claim in claims:
            raw = build(
                claim.payload, recipient=claim.recipient, message_id=claim.message_id, date=claim.dated_at
            ).as_bytes()
            assert claim.recipient not in found, "one mail to each for each change"
            found[claim.recipient] = Mail(claim.kind, message_from_bytes(raw, policy=policy.default))
            outbox.mark_sent(session, claim.id, now)
    return found


def new(
    session: Session, *, email: str | None = PERSON, counsellor: str = "karlstad-1", at: datetime = THURSDAY, **values
) -> Meeting:
    """A confirmed meeting, by default on Thursday at 13 in Sweden, with its mails not yet written."""
    syv = session.scalars(select(Counsellor).where(Counsellor.slug == counsellor)).unique().one()
    facts = {
        "status": "confirmed",
        "meeting_type": "phone",
        "person_name": "Kim Öberg",
        "contact_kind": "email" if email else "phone",
        "contact_value": email or "0701740635",
        "ical_uid": f"{uuid4()}@example.org",
    }
    meeting = Meeting(
        reference=new_reference(),
        counsellor=syv,
        starts_at=at,
        ends_at=at + timedelta(minutes=30),
        block_from=at,
        block_to=at + timedelta(minutes=40),
        sequence=0,
        created_at=NOW,
        confirmed_at=NOW,
        **(facts | values),
    )
    session.add(meeting)
    session.flush()
    return meeting


def book(session: Session, meeting: Meeting, office: Office, now: datetime) -> str:
    url = new_link(session, meeting, office, now)
    mails.booked(session, meeting, office, manage_url=url, now=now)
    return url


def move(session: Session, meeting: Meeting, office: Office, now: datetime, *, hours: int = 2, **changes) -> bool:
    before = Earlier.of(meeting)
    for name in ("starts_at", "ends_at", "block_from", "block_to"):
        setattr(meeting, name, getattr(meeting, name) + timedelta(hours=hours))
    message = changes.pop("message", "")
    for name, value in changes.items():
        setattr(meeting, name, value)
    meeting.sequence += 1
    session.flush()
    return mails.moved(session, meeting, before, office, now=now, message=message)


def cancel(session: Session, meeting: Meeting, office: Office, now: datetime, *, by_person=True, message="") -> bool:
    meeting.status, meeting.cancelled_at = "cancelled", now
    meeting.sequence += 1
    session.flush()
    return mails.cancelled(session, meeting, office, now=now, by_person=by_person, message=message)


def other_counsellor(session: Session) -> Counsellor:
    return session.scalars(select(Counsellor).where(Counsellor.slug == "karlstad-2")).unique().one()

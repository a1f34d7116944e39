"""Mails written over a database of hostile strings: nothing comes alive in them, and no header or recipient is added
(docs/trust/attacks.md)."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from datetime import datetime, timedelta
from email.message import EmailMessage
from pathlib import Path
from shutil import copy

import pytest
from aiosmtpd.smtp import SMTP
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from api import tables as t
from api.booking import letters as meeting_letters
from api.booking import mails as meeting_mails
from api.contact.enquiries import mails as enquiry_mails
from api.contact.enquiries.office import Promise
from api.database import Database
from api.events import letters as event_letters
from api.events import mails as event_mails
from api.outbox import service
from api.outbox.delivery import SmtpMailer
from api.outbox.message import Letter, build
from api.outbox.notices import Notices
from api.outbox.sending import send_due
from tests.api.outbox.conftest import Mailbox, serving
from tests.api.trust.payloads import MARK
from tests.api.trust.planting import Planted, plant
from tests.api.trust.reading import html_faults, ics_faults
from tests.api.trust.rows import OFFICE
from tests.conftest import NOW, MovableClock

HEADERS = ["From", "To", "Reply-To", "Subject", "Date", "Message-ID", "Auto-Submitted", "MIME-Version", "Content-Type"]
URL = "https://vagledaren.example.org/mote/x"


@pytest.fixture
def database(seeded_file: Path, tmp_path: Path) -> Iterator[Database]:
    """SQLite is enough, and it lets us write more than fits."""
    database = Database(f"sqlite:///{copy(seeded_file, tmp_path / 'planted.db')}")
    yield database
    database.dispose()


@pytest.fixture
async def server() -> AsyncIterator[tuple[str, Mailbox]]:
    """A mail server and what it took."""
    mailbox = Mailbox()
    async with serving(lambda: SMTP(mailbox, hostname="mail.example.org")) as address:
        yield f"smtp://{address}", mailbox


@pytest.mark.parametrize("shift", [0, 11])
async def test_no_mail_holds_more_than_it_should(
    database: Database, clock: MovableClock, server: tuple[str, Mailbox], shift: int
) -> None:
    with database.transaction() as session:
        planted = plant(session, clock(), shift)
        session.execute(delete(t.Outbox))
        _unbreak_addresses(session)
        _write_all(session, clock())
        session.flush()
        written = len(session.scalars(select(t.Outbox.id)).all())
        fit = session.scalars(select(t.Outbox).order_by(t.Outbox.kind, t.Outbox.recipient)).all()
        for number, row in enumerate(fit):  # most of them reach somebody, so that what they say is looked at too
            row.recipient = f"person{number}@example.org" if number % 4 else row.recipient
            row.payload = {**row.payload, "reply_to": "boka@example.org"} if number % 4 else row.payload
    url, mailbox = server
    await send_due(database, SmtpMailer(url), clock)
    assert written > 60
    assert len(mailbox.mails) >= written // 4
    for mail, (_, recipients) in zip(mailbox.mails, mailbox.envelopes, strict=True):
        assert _faults(mail) == [], mail["Subject"]
        assert len(recipients) == 1
        if recipients[0].startswith("person"):
            assert [address.addr_spec for address in mail["To"].addresses] == recipients
    with database.transaction(read_only=True) as session:
        given_up = session.scalars(select(t.Outbox).where(t.Outbox.dead_at.is_not(None))).all()
        assert not [row.recipient for row in given_up if row.recipient.startswith("person") and _sound(row)]
    assert _seen(mailbox, planted) >= SEEN
    assert not _seen(mailbox, planted) & NOT_TO_STRANGERS


SEEN = {
    "counsellor.title", "enquiry.function", "enquiry.message", "enquiry.name", "enquiry.organisation", "event.contact",
    "event.host", "event.title", "event_signup.name", "meeting.asked_about", "meeting.person_name", "node.name",
}  # fmt: skip
"""Columns that mails must have shown, or this test has looked at nothing."""
NOT_TO_STRANGERS = {"event_signup.needs"}
"""Words that anybody may send to an address that they typed: of use to who wants to advertise, so no mail has them."""


def _sound(row: t.Outbox) -> bool:
    """Whether nothing in its headers has line ends, which no mail may have."""
    return not any(sign in str(row.payload.get("subject", "")) for sign in "\r\n")


def _faults(mail: EmailMessage) -> list[str]:
    names = list(mail.keys())
    faults = [f"header {name}" for name in names if name not in HEADERS or names.count(name) > 1]
    for part in mail.walk():
        kind = part.get_content_type()
        if kind == "text/html":
            faults += [fault for fault in html_faults(part.get_content()) if fault != "<script> from elsewhere"]
        elif kind in ("text/calendar", "application/ics"):
            content = part.get_payload(decode=True)
            assert isinstance(content, bytes)
            faults += ics_faults(content)
        elif kind not in ("text/plain", "multipart/mixed", "multipart/alternative"):
            faults.append(kind)
    return faults


def _seen(mailbox: Mailbox, planted: Planted) -> set[str]:
    parts = [part for mail in mailbox.mails for part in mail.walk()]
    texts = [part.get_content() for part in parts if part.get_content_type() == "text/html"]
    return {planted.columns[mark.lower()] for text in texts for mark in MARK.findall(text)}


def _write_all(session: Session, now: datetime) -> None:
    """Every mail of every capability, about every row."""
    for meeting in session.scalars(select(t.Meeting)).unique().all():
        before = meeting_letters.Earlier.of(meeting)
        meeting_mails.booked(session, meeting, OFFICE, manage_url=URL, now=now)
        _next(session, meeting)
        meeting_mails.moved(session, meeting, before, OFFICE, now=now, message=meeting.counsellor_note or "")
        _next(session, meeting)
        meeting_mails.cancelled(session, meeting, OFFICE, now=now, by_person=False, message=meeting.asked_about or "")
        left_by = meeting.counsellor.title
        for letter in (
            meeting_letters.person_reminder(meeting, OFFICE, manage_url=URL),
            meeting_letters.counsellor_booked(meeting, OFFICE, now=now, taken_over=True, left_by=left_by),
            meeting_letters.counsellor_readdressed(meeting, OFFICE, now=now),
            meeting_letters.counsellor_address_left(meeting, "gammal@example.org", OFFICE, now=now),
        ):
            _keep(session, letter, now)
    for signup in session.scalars(select(t.EventSignup)).unique().all():
        words = signup.event.cancel_reason
        event_before = event_letters.Earlier.of(signup.event)
        for letter in (
            event_letters.signed(signup, OFFICE, now=now, url=URL),
            event_letters.waiting(signup, OFFICE, url=URL, place=2),
            event_letters.offer(signup, OFFICE, url=URL),
            event_letters.free_place(signup, OFFICE, url=URL),
            event_letters.lapsed(signup, OFFICE),
            event_letters.moved(signup, event_before, OFFICE, now=now, url=URL, message=words),
            event_letters.cancelled(signup, OFFICE, now=now, had_place=True, message=words),
            event_letters.reminder(signup, OFFICE, url=URL),
            event_letters.link_again(signup, OFFICE, url=URL),
            event_letters.written(signup, OFFICE, subject=signup.event.title, message=words),
            event_letters.call(signup.event, OFFICE, what="offered", references=["IV-1"], until=now),
        ):
            _keep(session, letter, now)
        event_mails.written(session, signup, now, OFFICE, subject=signup.event.title, text=words)
    promise = Promise(OFFICE, 2, 365)
    for enquiry in session.scalars(select(t.Enquiry)).unique().all():
        enquiry_mails.sent(session, enquiry, promise, now)
        enquiry_mails.answered(session, enquiry, enquiry.message, promise, now)
        enquiry_mails.overdue(session, enquiry, promise, now, to_default=True)
        enquiry_mails.taken_back(session, enquiry, promise, now)
    dead = session.scalars(select(t.Outbox)).first()
    assert dead
    dead.notify, dead.last_error = "noden@example.org", dead.recipient[:80]
    Notices(OFFICE.mail_from, OFFICE.base_url).tell(session, dead, now)


_ADDRESSES = (
    (t.Meeting, "contact_value"), (t.EventSignup, "email"), (t.Event, "contact_email"), (t.Enquiry, "email"),
    (t.Enquiry, "function_email"), (t.EnquiryRoute, "email"), (t.Counsellor, "email"), (t.Node, "email"),
)  # fmt: skip


def _unbreak_addresses(session: Session) -> None:
    """The calendar library refuses addresses with line ends, and so does each field that takes one."""
    for model, name in _ADDRESSES:
        for row in session.scalars(select(model)).unique():
            setattr(row, name, " ".join((getattr(row, name) or "").split()))
    for event in session.scalars(select(t.Event)):  # a field of one line takes none, and no mail leaves with one
        event.title = event.title.replace("\r", " ").replace("\n", " ")
    session.flush()


def _next(session: Session, meeting: t.Meeting) -> None:
    """The next revision; the mails of the one before count as sent, so that the next is written in full."""
    for row in session.scalars(select(t.Outbox).where(t.Outbox.thread == meeting.id)):
        row.attempts = 1
    meeting.sequence += 1
    session.flush()


_count = iter(range(10**6))


def _keep(session: Session, letter: Letter, now: datetime) -> None:
    """File a letter as it is, under nothing, so that none takes another's place."""
    number = next(_count)
    service.enqueue(
        session, kind=letter.kind, recipient=f"x{number}@example.org", message_id=f"{number}@example.org",
        payload=letter.payload, now=now - timedelta(seconds=1),
    )  # fmt: skip


def test_a_header_with_a_line_end_is_no_mail() -> None:
    """The last line of defence, whatever a capability lets through."""
    bad = "x\r\nBcc: evil@example.org"
    for field in ("from", "reply_to", "subject"):
        with pytest.raises(ValueError):
            _built(**{field: bad})
    with pytest.raises(ValueError):
        _built(recipient=bad)


def _built(recipient: str = "a@example.org", **changes: str) -> EmailMessage:
    words = {"from": "b@example.org", "reply_to": "c@example.org", "subject": "s", "text": "t", "html": "h"} | changes
    payload = {**words, "ics": None, "ics_method": None}
    return build(payload, recipient=recipient, message_id="1@example.org", date=NOW)  # type: ignore[arg-type]

"""Sending an enquiry, working with it, and finding it again."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import func, or_, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from api.contact.enquiries import mails, parsing
from api.contact.enquiries.errors import EnquiryDone, EnquiryLimit, EnquiryNotFound
from api.contact.enquiries.matters import details_of
from api.contact.enquiries.office import Promise
from api.contact.enquiries.routing import recipient_of
from api.contact.enquiries.tables import Enquiry, EnquiryLink, EnquiryNote, Matter, NoteKind
from api.privacy.contacts import Contact
from api.privacy.secret_links import hash_token, new_reference, request_digest
from api.staff.audit import record
from api.working_days import end_of_working_day

MESSAGE_LIMIT = 1000
ANSWER_LIMIT = 5000
A_DAY = 8
"""How many enquiries one contact may send within 24 hours: our receipts must not fill anybody's mailbox."""

__all__ = [
    "NewEnquiry",
    "Sent",
    "answer",
    "by_link",
    "close",
    "find",
    "note",
    "reopen",
    "send",
    "take",
    "take_back",
]


@dataclass(frozen=True)
class NewEnquiry:
    """What somebody asks. `details` are the matter's own fields (`matters.QUESTIONS`); texts as `parsing` reads them.

    `municipality_id` is None for somewhere else; `conversation_id` where it was asked in the chat: it goes with it.
    """

    matter: Matter
    name: str
    contact: Contact
    municipality_id: int | None = None
    organisation: str = ""
    message: str = ""
    details: Mapping[str, Any] = field(default_factory=dict)  # Any: JSON
    network_id: int | None = None
    conversation_id: UUID | None = None


@dataclass(frozen=True)
class Sent:
    """An enquiry, and the address of the sender's own page for it."""

    enquiry: Enquiry
    own_url: str
    repeated: bool
    """The same had been sent with the same key before: nothing new was stored or mailed."""


def send(session: Session, new: NewEnquiry, promise: Promise, now: datetime, *, client_key: str = "") -> Sent:
    """Store an enquiry, mail it to the function that answers and a receipt to the sender.

    The same content with the same `client_key` (of a form, of a conversation) is one enquiry, however often it is
    sent. Identity numbers are masked. Raises EnquiryIncomplete, EnquiryLimit, and BadCell for texts that are too long.
    """
    digest = request_digest(client_key, _content(new)) if client_key else None
    first = _by_key(session, digest)
    if first is None:
        enquiry = _row(session, new, promise, now, digest)
        try:
            with session.begin_nested():
                session.add(enquiry)
                session.flush()
        except IntegrityError:
            first = _by_key(session, digest)  # the same form was sent twice at the same moment
            if first is None:
                raise
    if first is not None:
        return Sent(first, mails.new_link(session, first, promise, now), repeated=True)
    session.refresh(enquiry)
    url = mails.sent(session, enquiry, promise, now)
    _record(
        session,
        enquiry,
        "sent",
        "chat" if new.conversation_id else "visitor",
        now,
        matter=enquiry.matter,
        municipality=enquiry.municipality.code if enquiry.municipality else "",
    )
    return Sent(enquiry, url, repeated=False)


def take(session: Session, enquiry_id: UUID, now: datetime, actor: str) -> Enquiry:
    """Say that the account has it, also when another had it before. Raises EnquiryNotFound, EnquiryDone."""
    enquiry = _open(session, enquiry_id)
    enquiry.status, enquiry.taken_by = "taken", actor
    _record(session, enquiry, "taken", actor, now)
    return enquiry


def answer(
    session: Session, enquiry_id: UUID, text: str, promise: Promise, now: datetime, actor: str, *, mail: bool = True
) -> bool:
    """Answer an enquiry; whether the sender gets a mail. Its replies go to the function.

    `mail=False` where the answer was given in another way, such as by telephone; `text` may then be empty.
    Raises EnquiryNotFound, EnquiryDone, and BadCell for a text that is refused; nothing has then changed.
    """
    enquiry = _open(session, enquiry_id)
    mailed = mail and bool(enquiry.email)
    # Read before anything changes: a page that tells what was wrong with the text commits its session all the same.
    text = parsing.message(text, ANSWER_LIMIT) if text.strip() else ""
    enquiry.status, enquiry.answered_at, enquiry.remind_at = "answered", now, None
    enquiry.taken_by = enquiry.taken_by or actor
    if text:
        _write(session, enquiry, "answer" if mailed else "note", text, now, actor)
    if mailed:
        mails.answered(session, enquiry, text, promise, now)
    _record(session, enquiry, "answered" if mailed else "answered_otherwise", actor, now)
    return mailed


def note(session: Session, enquiry_id: UUID, text: str, now: datetime, actor: str) -> Enquiry:
    """Write a note for colleagues; the sender never sees it. Raises EnquiryNotFound."""
    enquiry = find(session, enquiry_id, to_change=True)
    _write(session, enquiry, "note", parsing.message(text, ANSWER_LIMIT), now, actor)
    _record(session, enquiry, "noted", actor, now)
    return enquiry


def close(session: Session, enquiry_id: UUID, now: datetime, actor: str) -> Enquiry:
    """Be done with it; from now on its time to be erased runs. Raises EnquiryNotFound."""
    enquiry = find(session, enquiry_id, to_change=True)
    if enquiry.status != "closed":
        enquiry.status, enquiry.closed_at, enquiry.remind_at = "closed", now, None
        _record(session, enquiry, "closed", actor, now)
    return enquiry


def reopen(session: Session, enquiry_id: UUID, promise: Promise, now: datetime, actor: str) -> Enquiry:
    """Take an answered or closed enquiry up again, with a new last day. EnquiryDone when the sender withdrew it."""
    enquiry = find(session, enquiry_id, to_change=True)
    if enquiry.taken_back:
        raise EnquiryDone
    if enquiry.status in ("answered", "closed"):
        enquiry.status = "taken" if enquiry.taken_by else "new"
        enquiry.answered_at = enquiry.closed_at = None
        enquiry.due_at = enquiry.remind_at = end_of_working_day(now, promise.answer_days)
        enquiry.reminders = 0
        _record(session, enquiry, "reopened", actor, now)
    return enquiry


def take_back(session: Session, token: str, promise: Promise, now: datetime) -> Enquiry:
    """The sender withdraws it; the function is told unless it has answered. Raises EnquiryNotFound."""
    enquiry = by_link(session, token, to_change=True)
    if enquiry.status != "closed":
        unanswered = enquiry.answered_at is None
        enquiry.status, enquiry.closed_at, enquiry.remind_at, enquiry.taken_back = "closed", now, None, True
        if unanswered:
            mails.taken_back(session, enquiry, promise, now)
        _record(session, enquiry, "taken_back", "link", now)
    return enquiry


def find(session: Session, enquiry_id: UUID, *, to_change: bool = False) -> Enquiry:
    """The enquiry; `to_change` locks it. Raises EnquiryNotFound."""
    lock = {"of": Enquiry} if to_change else None
    enquiry = session.get(Enquiry, enquiry_id, with_for_update=lock, populate_existing=to_change)
    if enquiry is None:
        raise EnquiryNotFound
    return enquiry


def by_link(session: Session, token: str, *, to_change: bool = False) -> Enquiry:
    """The enquiry that a sender's link opens. Raises EnquiryNotFound for wrong, old and erased ones alike."""
    link = session.get(EnquiryLink, hash_token(token))
    if link is None:
        raise EnquiryNotFound
    return find(session, link.enquiry_id, to_change=to_change)


def _row(session: Session, new: NewEnquiry, promise: Promise, now: datetime, digest: str | None) -> Enquiry:
    lately = select(func.count()).select_from(Enquiry).where(Enquiry.created_at > now - timedelta(days=1))
    value = new.contact.value
    if (session.scalar(lately.where(or_(Enquiry.email == value, Enquiry.phone == value))) or 0) >= A_DAY:
        raise EnquiryLimit
    recipient = recipient_of(session, new.matter, new.municipality_id, promise.office)
    due = end_of_working_day(now, promise.answer_days)
    return Enquiry(
        id=uuid4(),
        reference=new_reference(),
        matter=new.matter,
        municipality_id=new.municipality_id,
        network_id=new.network_id,
        organisation=parsing.words(new.organisation, 120),
        name=parsing.words(new.name, 80),
        email=value if new.contact.kind == "email" else "",
        phone=value if new.contact.kind == "phone" else "",
        message=parsing.message(new.message, MESSAGE_LIMIT),
        details=details_of(new.matter, _masked(new.details)),
        status="new",
        function=recipient.function,
        function_email=recipient.email,
        created_at=now,
        due_at=due,
        remind_at=due,
        reminders=0,
        mails=0,
        taken_back=False,
        conversation_id=new.conversation_id,
        client_key=digest,
    )


def _masked(details: Mapping[str, Any]) -> dict[str, Any]:  # Any: JSON
    return {name: parsing.words(value, 200) if isinstance(value, str) else value for name, value in details.items()}


def _content(new: NewEnquiry) -> str:
    parts = [new.matter, new.municipality_id, new.network_id, new.organisation, new.name, new.contact.value]
    return json.dumps([*parts, new.message, dict(new.details), str(new.conversation_id)], sort_keys=True)


def _by_key(session: Session, digest: str | None) -> Enquiry | None:
    return session.scalar(select(Enquiry).where(Enquiry.client_key == digest)) if digest else None


def _open(session: Session, enquiry_id: UUID) -> Enquiry:
    enquiry = find(session, enquiry_id, to_change=True)
    if enquiry.status not in ("new", "taken"):
        raise EnquiryDone
    return enquiry


def _write(session: Session, enquiry: Enquiry, kind: NoteKind, text: str, now: datetime, actor: str) -> None:
    session.add(EnquiryNote(enquiry_id=enquiry.id, kind=kind, at=now, actor=actor, text=text))


def _record(session: Session, enquiry: Enquiry, action: str, actor: str, now: datetime, **more: str) -> None:
    """Without free text, names and contacts: the trail is kept when the enquiry is erased."""
    record(session, at=now, actor=actor, action=f"enquiry.{action}", subject=f"enquiry:{enquiry.id}", **more)

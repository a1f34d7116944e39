"""Telling the function and the sender about an enquiry: one function for each thing that happens, in its transaction.

Nothing that a stranger wrote stands in a subject line or in the receipt: it goes to an address that anybody may have
typed, so it must be of no use to somebody who wants to advertise.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from api.contact.enquiries.matters import title_of, told
from api.contact.enquiries.office import Promise
from api.contact.enquiries.routing import Recipient, default_recipient
from api.contact.enquiries.tables import Enquiry, EnquiryLink
from api.contact.enquiries.wording import MAIL_TEXTS, TEXTS, deadline
from api.outbox import service as outbox
from api.outbox.mail_layout import MailLayout
from api.outbox.tables import Outbox
from api.privacy.secret_links import hash_token, new_link_token

STAFF_PAGE = "/personal/arenden"
OWN_PAGE = "/arende"
_LAYOUT = MailLayout.beside(__file__)


def new_link(session: Session, enquiry: Enquiry, promise: Promise, now: datetime) -> str:
    """The address of the sender's own page, with a token that is known only now. Earlier links go on working."""
    token = new_link_token()
    session.add(EnquiryLink(token_hash=hash_token(token), enquiry_id=enquiry.id, created_at=now))
    return f"{promise.office.base_url}{OWN_PAGE}/{token}"


def sent(session: Session, enquiry: Enquiry, promise: Promise, now: datetime) -> str:
    """It has just come in: to the function, and a receipt to the sender. Returns the sender's link."""
    url = new_link(session, enquiry, promise, now)
    _to_function(session, enquiry, "ENQUIRY", "function_new", promise, now)
    if enquiry.email:
        values = {"own_url": url, "answered_by": deadline(enquiry.due_at, now), "kept_days": promise.kept_days}
        _to_sender(session, enquiry, "RECEIPT", "sender_receipt", values, promise, now)
    return url


def answered(session: Session, enquiry: Enquiry, text: str, promise: Promise, now: datetime) -> None:
    """The answer, from the function to the sender."""
    values = {"answer": text, "own_url": new_link(session, enquiry, promise, now)}
    _to_sender(session, enquiry, "ANSWER", "sender_answer", values, promise, now)


def taken_back(session: Session, enquiry: Enquiry, promise: Promise, now: datetime, *, erased: bool = False) -> None:
    """The function need not answer any more. What has not left to it goes with the rest, to whoever got it.

    `erased`: the enquiry and its mails are gone after this transaction, so this one mail is about nothing that is
    stored. It holds nothing of the sender, and is not written when no attempt was made to reach the function.
    """
    if erased and not _has_left(session, enquiry):
        return
    _to_function(session, enquiry, "WITHDRAWN", "function_taken_back", promise, now, apart=erased)


def overdue(session: Session, enquiry: Enquiry, promise: Promise, now: datetime, *, to_default: bool) -> None:
    """Nobody has answered in time: to the function, or to the one that gets what no other takes."""
    other = default_recipient(session, promise.office) if to_default else None
    if other is not None and other.email == enquiry.function_email:
        other = None
    template = "default_overdue" if other else "function_overdue"
    _to_function(session, enquiry, "OVERDUE", template, promise, now, recipient=other)


def _to_function(
    session: Session,
    enquiry: Enquiry,
    kind: str,
    template: str,
    promise: Promise,
    now: datetime,
    recipient: Recipient | None = None,
    *,
    apart: bool = False,
) -> None:
    address = recipient.email if recipient else enquiry.function_email
    values = {
        "staff_url": f"{promise.office.base_url}{STAFF_PAGE}/{enquiry.id}",
        "organisation": enquiry.organisation,
        "name": enquiry.name,
        "email": enquiry.email,
        "phone": enquiry.phone,
        "details": told(enquiry.matter, enquiry.details),
        "message": enquiry.message,
        "answer_by": deadline(enquiry.due_at, now),
        "taken": enquiry.status == "taken",
    }
    # Whoever answers the mail writes to the sender.
    reply_to = enquiry.email or None if kind == "ENQUIRY" else None
    _file(session, enquiry, kind, template, address, values, reply_to, promise, now, notify="", apart=apart)


def _has_left(session: Session, enquiry: Enquiry) -> bool:
    """Whether the function may know of it: an attempt that failed may have arrived all the same."""
    told = select(Outbox.id).where(Outbox.thread == enquiry.id, Outbox.kind == "ENQUIRY", Outbox.attempts > 0)
    return session.scalar(told.limit(1)) is not None


def _to_sender(
    session: Session,
    enquiry: Enquiry,
    kind: str,
    template: str,
    values: Mapping[str, object],
    promise: Promise,
    now: datetime,
) -> None:
    to_function = enquiry.function_email
    _file(session, enquiry, kind, template, enquiry.email, values, to_function, promise, now, notify=to_function)


def _file(
    session: Session,
    enquiry: Enquiry,
    kind: str,
    template: str,
    address: str,
    values: Mapping[str, object],
    reply_to: str | None,
    promise: Promise,
    now: datetime,
    *,
    notify: str,
    apart: bool = False,
) -> None:
    subject = MAIL_TEXTS(f"subject_{template}", matter=title_of(enquiry.matter), reference=enquiry.reference)
    known = {
        "matter": title_of(enquiry.matter),
        "municipality": enquiry.municipality.name if enquiry.municipality else TEXTS("elsewhere"),
        "function": enquiry.function,
        "reference": enquiry.reference,
        "subject": subject,
    }
    every = {**known, **values}
    outbox.enqueue(
        session,
        kind=kind,
        recipient=outbox.address_now(session, enquiry.id, address),
        message_id=f"{enquiry.id}.{enquiry.mails}@{promise.office.domain}",
        payload={
            "from": promise.office.mail_from,
            "reply_to": reply_to,
            "subject": subject,
            "text": _LAYOUT.text(template, every),
            "html": _LAYOUT.html(template, every, subject=subject),
            "ics": None,
            "ics_method": None,
        },
        now=now,
        thread=None if apart else enquiry.id,
        reference=enquiry.reference,
        sequence=enquiry.mails,
        notify=promise.office.failures_to(notify or default_recipient(session, promise.office).email),
    )
    enquiry.mails += 1

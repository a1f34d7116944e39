"""`/personal/arenden/{id}`: one enquiry with its mails and history, and what can be done with it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Form, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse
from sqlalchemy import select
from sqlalchemy.orm import Session

from api.cells import BadCell
from api.clock import Now
from api.contact.enquiries import service
from api.contact.enquiries.errors import EnquiryDone
from api.contact.enquiries.matters import title_of, told
from api.contact.enquiries.office import PromiseOf
from api.contact.enquiries.pages.access import EnquiryStaff, find_visible
from api.contact.enquiries.pages.listing import place_of
from api.contact.enquiries.pages.selection import PATH, TEXTS
from api.contact.enquiries.tables import Enquiry
from api.contact.enquiries.wording import deadline, status_word
from api.contact.networks.tables import Network
from api.database import ReadSession, WriteSession
from api.outbox.tables import Outbox
from api.outbox.wording import kind_word
from api.staff import actors
from api.staff.addresses import told as said
from api.staff.editing.fields import reason
from api.staff.frame import staff_page
from api.staff.sessions import SignedIn
from api.staff.tables import Audit

router = APIRouter(include_in_schema=False)
_ONE = PATH + "/{enquiry_id}"
_Text = Annotated[str, Form(max_length=service.ANSWER_LIMIT * 2)]
Wrote = Literal["answer", "note"]


@dataclass(frozen=True)
class Step:
    """One line of the history; `text` is what staff wrote, `label` what sort of text it is."""

    at: datetime
    what: str
    who: str
    label: str = ""
    text: str = ""


@router.api_route(_ONE, methods=["GET", "HEAD"])
def show(request: Request, account: EnquiryStaff, session: ReadSession, now: Now, enquiry_id: UUID) -> HTMLResponse:
    """Everything that is known of it."""
    return _page(request, account, session, now, find_visible(session, account, enquiry_id))


@router.post(_ONE + "/ta")
def take(account: EnquiryStaff, session: WriteSession, now: Now, enquiry_id: UUID) -> Response:
    """Say that one has it."""
    find_visible(session, account, enquiry_id)
    service.take(session, enquiry_id, now, account.actor)
    return _back(enquiry_id, "arende_taget")


@router.post(_ONE + "/svara")
def answer(
    request: Request,
    account: EnquiryStaff,
    session: WriteSession,
    now: Now,
    promise: PromiseOf,
    enquiry_id: UUID,
    answer: _Text = "",
) -> Response:
    """Mail the answer to the sender."""
    enquiry = find_visible(session, account, enquiry_id)
    try:
        if not answer.strip():
            raise BadCell("cell_required", {})
        service.answer(session, enquiry_id, answer, promise, now, account.actor)
    except (BadCell, EnquiryDone) as error:
        return _page(request, account, session, now, enquiry, wrote="answer", text=answer, error=error)
    return _back(enquiry_id, "arende_besvarat")


@router.post(_ONE + "/besvarat")
def answered_otherwise(
    account: EnquiryStaff, session: WriteSession, now: Now, promise: PromiseOf, enquiry_id: UUID
) -> Response:
    """It was answered by telephone or from the function's own mailbox."""
    find_visible(session, account, enquiry_id)
    service.answer(session, enquiry_id, "", promise, now, account.actor, mail=False)
    return _back(enquiry_id, "arende_markerat")


@router.post(_ONE + "/anteckning")
def note(
    request: Request, account: EnquiryStaff, session: WriteSession, now: Now, enquiry_id: UUID, note: _Text = ""
) -> Response:
    """Write a note for colleagues."""
    enquiry = find_visible(session, account, enquiry_id)
    try:
        if not note.strip():
            raise BadCell("cell_required", {})
        service.note(session, enquiry_id, note, now, account.actor)
    except BadCell as error:
        return _page(request, account, session, now, enquiry, wrote="note", text=note, error=error)
    return _back(enquiry_id, "arende_anteckning")


@router.post(_ONE + "/avsluta")
def close(account: EnquiryStaff, session: WriteSession, now: Now, enquiry_id: UUID) -> Response:
    """Be done with it."""
    find_visible(session, account, enquiry_id)
    service.close(session, enquiry_id, now, account.actor)
    return _back(enquiry_id, "arende_avslutat")


@router.post(_ONE + "/oppna")
def reopen(account: EnquiryStaff, session: WriteSession, now: Now, promise: PromiseOf, enquiry_id: UUID) -> Response:
    """Take it up again."""
    find_visible(session, account, enquiry_id)
    service.reopen(session, enquiry_id, promise, now, account.actor)
    return _back(enquiry_id, "arende_oppnat")


def history_of(session: Session, enquiry: Enquiry) -> list[Step]:
    """What has happened to it, latest first."""
    rows = session.scalars(select(Audit).where(Audit.subject == f"enquiry:{enquiry.id}")).all()
    names = actors.titles(session, {row.actor for row in rows})
    steps = [
        Step(
            row.at, TEXTS(f"did_{row.action.removeprefix('enquiry.')}"), _who(names, row.actor), *_text_of(enquiry, row)
        )
        for row in rows
    ]
    return sorted(steps, key=lambda step: step.at, reverse=True)


def _text_of(enquiry: Enquiry, row: Audit) -> tuple[str, str]:
    """What was written at that moment, with the word for it."""
    wrote = next((one for one in enquiry.notes if one.at == row.at and one.actor == row.actor), None)
    return (TEXTS(f"wrote_{wrote.kind}"), wrote.text) if wrote else ("", "")


def _who(names: dict[str, str], actor: str) -> str:
    return TEXTS(f"by_{actor}") if actor in ("visitor", "chat", "link") else names[actor]


def mails_of(session: Session, enquiry: Enquiry) -> list[tuple[datetime, str, str, str]]:
    """When, what, to whom and how it went, of each mail about it; the latest first."""
    rows = session.scalars(select(Outbox).where(Outbox.thread == enquiry.id).order_by(Outbox.id.desc()))
    return [(row.sent_at or row.created_at, kind_word(row.kind), row.recipient, _went(row)) for row in rows]


def _went(row: Outbox) -> str:
    if row.sent_at:
        return TEXTS("mail_sent")
    if row.dead_at:
        return TEXTS("mail_failed")
    return TEXTS("mail_dropped" if row.superseded_at else "mail_waits")


def _page(
    request: Request,
    account: SignedIn,
    session: Session,
    now: datetime,
    enquiry: Enquiry,
    *,
    wrote: Wrote | None = None,
    text: str = "",
    error: BadCell | EnquiryDone | None = None,
) -> HTMLResponse:
    done = isinstance(error, EnquiryDone)
    sentence = reason(error) if isinstance(error, BadCell) else error.detail if error else ""
    taken_by = actors.titles(session, {enquiry.taken_by})[enquiry.taken_by] if enquiry.taken_by else ""
    network = session.get(Network, enquiry.network_id) if enquiry.network_id else None
    return staff_page(
        request,
        account,
        "staff_enquiry.html",
        status_code=409 if done else 422 if error else 200,
        enquiry=enquiry,
        base=f"{PATH}/{enquiry.id}",
        title=title_of(enquiry.matter),
        place=place_of(enquiry),
        details=told(enquiry.matter, enquiry.details),
        network=network,
        status=status_word(enquiry.status),
        waits=enquiry.status in ("new", "taken"),
        late=enquiry.status in ("new", "taken") and enquiry.due_at < now,
        due=deadline(enquiry.due_at, now),
        taken_by=taken_by,
        own=enquiry.taken_by == account.actor,
        steps=history_of(session, enquiry),
        mails=mails_of(session, enquiry),
        wrote=wrote,
        text=text,
        wrong=sentence,
        answer_limit=service.ANSWER_LIMIT,
    )


def _back(enquiry_id: UUID, key: str) -> RedirectResponse:
    return RedirectResponse(said(f"{PATH}/{enquiry_id}", key), status_code=303)

"""Staff's pages that write to everybody who has signed up: cancelling an event, and a mail of their own."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from uuid import UUID

from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse
from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from api.cells import line_text, long_text
from api.clock import Now
from api.database import ReadSession, WriteSession
from api.events import changes
from api.events.errors import EventPassed
from api.events.pages.access import STAFF_PATH
from api.events.pages.keeping import ONE, told_all
from api.events.pages.showing import Shown
from api.events.seats import lock_event, seats_of
from api.events.tables import LIVE, Event, EventSignup
from api.outbox.office import OfficeOf
from api.privacy.people import without_personal_numbers as safe
from api.staff import audit
from api.staff.addresses import told
from api.staff.editing.fields import Field, Form, blank, submitted
from api.staff.editing.sending import Sent
from api.staff.editing.storing import find
from api.staff.frame import staff_page
from api.staff.roles import Staff
from api.staff.sessions import SignedIn
from api.staff.tables import Audit

router = APIRouter(include_in_schema=False)

_REASON = Field("orsak", safe(partial(long_text, limit=500)), required=True)
_MAIL = (
    Field("rubrik", safe(partial(line_text, limit=120)), required=True),
    Field("text", safe(partial(long_text, limit=2000)), required=True),
)


@dataclass(frozen=True)
class Reached:
    """Who hears of it: how many by mail, and those who have to be phoned."""

    mails: int
    phones: Sequence[EventSignup]


@router.api_route(ONE + "/stall-in", methods=["GET", "HEAD"])
def ask_cancel(request: Request, account: Staff, session: ReadSession, now: Now, event_id: UUID) -> HTMLResponse:
    """What cancelling means, for how many."""
    return _cancel_page(request, account, session, now, _open_event(session, event_id, now), blank((_REASON,)))


@router.post(ONE + "/stall-in")
def cancel(
    request: Request, account: Staff, session: WriteSession, now: Now, office: OfficeOf, event_id: UUID, sent: Sent
) -> Response:
    """Cancel it for everybody."""
    event = _open_event(session, event_id, now)
    form = submitted((_REASON,), sent, None)
    if not form.sound:
        return _cancel_page(request, account, session, now, event, form)
    done = changes.cancel_event(session, event, form.values["orsak"], now=now, actor=account.actor, office=office)
    mailed = changes.Changed(
        "", done.mailed, done.to_call
    )  # a cancelled event is not taken back: people have been told
    return RedirectResponse(told_all(f"{STAFF_PATH}/{event.id}", "traff_installd", mailed), status_code=303)


@router.api_route(ONE + "/mejl", methods=["GET", "HEAD"])
def write(request: Request, account: Staff, session: ReadSession, now: Now, event_id: UUID) -> HTMLResponse:
    """The empty mail, and who would get it."""
    return _mail_page(request, account, session, now, _open_event(session, event_id, now), blank(_MAIL), {})


@router.post(ONE + "/mejl")
def send(
    request: Request, account: Staff, session: WriteSession, now: Now, office: OfficeOf, event_id: UUID, sent: Sent
) -> Response:
    """First the mail as it will be, then, from that page, send it."""
    event = _open_event(session, event_id, now)
    form = submitted(_MAIL, sent, None)
    if not form.sound or sent.get("skicka") != "ja":
        return _mail_page(request, account, session, now, event, form, sent, checked=form.sound)
    lock_event(session, event.id)
    if not _first_time(session, event, sent.get("nyckel", ""), now, account.actor):
        return RedirectResponse(told(f"{STAFF_PATH}/{event.id}", "traff_mejlat_redan"), status_code=303)
    done = changes.message_all(
        session,
        event,
        form.values["rubrik"],
        form.values["text"],
        now=now,
        actor=account.actor,
        office=office,
        waiting=True,
    )
    return RedirectResponse(told_all(f"{STAFF_PATH}/{event.id}", "traff_mejlat", done), status_code=303)


def _first_time(session: Session, event: Event, key: str, now: datetime, actor: str) -> bool:
    """Whether the form is sent for the first time; a second press of its button mails nobody again. The event is
    locked."""
    action, subject = "event.message_form", f"event:{event.id}"
    sent = exists().where(Audit.action == action, Audit.subject == subject, Audit.details["form"].as_string() == key)
    if session.scalar(select(sent)):
        return False
    audit.record(session, at=now, actor=actor, action=action, subject=subject, form=key[:100])
    return True


def _open_event(session: Session, event_id: UUID, now: datetime) -> Event:
    """EventPassed for one that has begun, is cancelled or a draft."""
    event: Event = find(session, Event, str(event_id))
    if event.status != "published" or event.starts_at <= now:
        raise EventPassed
    return event


def _reached(session: Session, event: Event) -> Reached:
    rows = select(EventSignup).where(EventSignup.event_id == event.id, EventSignup.status.in_(LIVE))
    everybody = session.scalars(rows.order_by(EventSignup.number)).all()
    mails, _ = changes.recipients(session, event)
    return Reached(mails, [one for one in everybody if one.phone and not one.email])


def _cancel_page(
    request: Request, account: SignedIn, session: Session, now: datetime, event: Event, form: Form
) -> HTMLResponse:
    return staff_page(
        request,
        account,
        "staff_event_cancel.html",
        status_code=422 if form.errors else 200,
        events_path=STAFF_PATH,
        one=Shown(event, now, seats_of(session, event)),
        reached=_reached(session, event),
        reason=form.texts["orsak"],
        error=form.errors.get("orsak"),
    )


def _mail_page(
    request: Request,
    account: SignedIn,
    session: Session,
    now: datetime,
    event: Event,
    form: Form,
    sent: Mapping[str, str],
    *,
    checked: bool = False,
) -> HTMLResponse:
    return staff_page(
        request,
        account,
        "staff_event_mail.html",
        status_code=422 if form.errors else 200,
        events_path=STAFF_PATH,
        one=Shown(event, now, seats_of(session, event)),
        reached=_reached(session, event),
        texts={**form.texts, "nyckel": sent.get("nyckel", "")[:100] or secrets.token_urlsafe(16)},
        errors=form.errors,
        checked=checked,
    )

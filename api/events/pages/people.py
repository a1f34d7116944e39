"""`/personal/traffar/{id}/deltagare`: who comes, made for a telephone at the door; and the list on paper.

Each tick is a form of its own, so that it works without JavaScript, and leads back to the same row.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Form, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from api.clock import Now
from api.database import WriteSession
from api.events import service
from api.events.attendance import DOORS_OPEN, attendees, mark_attendance
from api.events.errors import NeedsTooLong, OfferGone, SignupClosed, SignupNotFound
from api.events.pages.access import STAFF_PATH, EventStaff, find_event, may_change, note_seen
from api.events.pages.showing import Shown
from api.events.pages.signing import read_person, texts_of
from api.events.seats import seats_of
from api.events.tables import Event, EventSignup, SignupStatus
from api.folding import fold
from api.outbox.office import OfficeOf
from api.settings import Settings
from api.staff.addresses import told
from api.staff.editing.sending import Sent
from api.staff.frame import staff_page
from api.staff.sessions import SignedIn
from api.swedish_dates import moment

PEOPLE = STAFF_PATH + "/{event_id}/deltagare"
router = APIRouter(include_in_schema=False)

_CAME = {"kom": True, "kom-inte": False, "oklart": None}


@router.api_route(PEOPLE, methods=["GET", "HEAD"])
def show(request: Request, account: EventStaff, session: WriteSession, now: Now, event_id: UUID) -> HTMLResponse:
    """Everybody. That somebody has seen the names is noted in the audit trail."""
    event = find_event(session, account, event_id)
    note_seen(session, account, event, now)
    return _page(request, account, session, now, event)


@router.post(PEOPLE)
def search(
    request: Request,
    account: EventStaff,
    session: WriteSession,
    now: Now,
    event_id: UUID,
    sok: Annotated[str, Form(max_length=200)] = "",
) -> HTMLResponse:
    """Those whose name or code fits. A POST, because names do not belong in addresses."""
    event = find_event(session, account, event_id)
    note_seen(session, account, event, now)
    return _page(request, account, session, now, event, searched=sok.strip())


@router.api_route(STAFF_PATH + "/{event_id}/lista", methods=["GET", "HEAD"])
def on_paper(request: Request, account: EventStaff, session: WriteSession, now: Now, event_id: UUID) -> HTMLResponse:
    """Names and needs, to be printed; no contacts."""
    event = find_event(session, account, event_id)
    note_seen(session, account, event, now)
    return staff_page(
        request,
        account,
        "staff_event_list.html",
        events_path=STAFF_PATH,
        one=Shown(event, now, seats_of(session, event)),
        people=attendees(session, event),
    )


@router.post(PEOPLE + "/ny")
def add(
    request: Request, account: EventStaff, session: WriteSession, now: Now, office: OfficeOf, event_id: UUID, sent: Sent
) -> Response:
    """Sign somebody up who phones, or let in somebody at the door."""
    event = find_event(session, account, event_id)
    at_the_door = _may_tick(event, now)
    person, errors = read_person(sent, contact_needed=not at_the_door)
    done, key = "", "deltagare_tillagd"
    if not errors:
        form = f"desk-{account.id}-{sent.get('nyckel', '')[:100]}"
        try:
            if at_the_door:
                came = service.add_walk_in(
                    session, event.id, person, now=now, office=office, by=account.actor, key=form
                )
                done = str(came.id)
            else:
                signed = service.sign_up(session, event.id, person, now=now, office=office, key=form, by=account.actor)
                done, key = str(signed.signup.id), _done_key(signed)
        except NeedsTooLong as error:
            errors["behov"] = error.detail
        except SignupClosed as error:
            errors[""] = error.detail
    if errors:
        return _page(request, account, session, now, event, sent=sent, errors=errors)
    return _back(event.id, done, key)


@router.post(PEOPLE + "/{signup_id}/narvaro")
def tick(
    account: EventStaff,
    session: WriteSession,
    now: Now,
    event_id: UUID,
    signup_id: UUID,
    narvaro: Annotated[str, Form(max_length=20)] = "",
) -> Response:
    """Somebody came, did not come, or it is not known after all."""
    signup = _signup(session, account, event_id, signup_id)
    mark_attendance(session, signup, _CAME.get(narvaro), now=now, actor=account.actor)
    return _back(event_id, str(signup_id), "")


@router.post(PEOPLE + "/{signup_id}/plats")
def take_offer(
    account: EventStaff, session: WriteSession, now: Now, office: OfficeOf, event_id: UUID, signup_id: UUID
) -> Response:
    """Say yes to an offered or a free place for somebody on the telephone."""
    signup = _signup(session, account, event_id, signup_id)
    try:
        service.accept_offer(session, signup, now=now, office=office, by=account.actor)
    except (OfferGone, SignupClosed):
        return _back(event_id, "", "plats_borta")
    return _back(event_id, str(signup_id), "plats_tagen")


@router.post(PEOPLE + "/{signup_id}/avanmal")
def cancel(
    account: EventStaff, session: WriteSession, now: Now, office: OfficeOf, event_id: UUID, signup_id: UUID
) -> Response:
    """Cancel for somebody who phones."""
    signup = _signup(session, account, event_id, signup_id)
    service.cancel_signup(session, signup, now=now, by=account.actor, office=office)
    return _back(event_id, "", "deltagare_avanmald")


def _signup(session: Session, account: SignedIn, event_id: UUID, signup_id: UUID) -> EventSignup:
    event = find_event(session, account, event_id)
    signup = service.signup_of(session, signup_id)
    if signup.event_id != event.id:
        raise SignupNotFound
    return signup


def _done_key(signed: service.SignedUp) -> str:
    if signed.repeated:
        return "deltagare_fanns"
    return "deltagare_anmald" if signed.signup.status == "signed" else "deltagare_i_ko"


def _back(event_id: UUID, signup: str, key: str) -> RedirectResponse:
    """To the same row. A tick says nothing above it: the row itself shows what was done."""
    page = PEOPLE.format(event_id=event_id)
    address = told(page, key) if key else page
    return RedirectResponse(f"{address}#p-{signup}" if signup and not key else address, status_code=303)


def _may_tick(event: Event, now: datetime) -> bool:
    return event.status == "published" and now >= event.starts_at - DOORS_OPEN


def _page(
    request: Request,
    account: SignedIn,
    session: Session,
    now: datetime,
    event: Event,
    *,
    searched: str = "",
    sent: Mapping[str, str] | None = None,
    errors: Mapping[str, str] | None = None,
) -> HTMLResponse:
    settings: Settings = request.app.state.settings
    coming = attendees(session, event)
    offered, waiting = (_in_line(session, event, status) for status in ("offered", "waiting"))
    counts = {status: sum(one.status == status for one in coming) for status in ("attended", "signed", "absent")}
    counts |= {"offered": len(offered), "waiting": len(waiting)}
    coming, offered, waiting = (_fitting(some, searched) for some in (coming, offered, waiting))
    texts = texts_of(sent or {})
    texts["nyckel"] = texts["nyckel"] or secrets.token_urlsafe(16)
    return staff_page(
        request,
        account,
        "staff_event_people.html",
        status_code=422 if errors else 200,
        events_path=STAFF_PATH,
        one=Shown(event, now, seats_of(session, event)),
        coming=coming,
        offered=offered,
        waiting=waiting,
        takeable={one.id for one in waiting if service.may_take(session, one, now)},
        found=len(coming) + len(offered) + len(waiting),
        gone=session.scalar(
            select(func.count()).where(EventSignup.event_id == event.id, EventSignup.status == "cancelled")
        ),
        counts=counts,
        searched=searched,
        texts=texts,
        errors=errors or {},
        begun=event.starts_at <= now,
        forgotten=event.ends_at <= now,
        may_tick=_may_tick(event, now),
        may_add=event.status == "published" and (_may_tick(event, now) or event.closes_at > now),
        may_change=may_change(account),
        ticking_from=moment(event.starts_at - DOORS_OPEN),
        days=settings.retention_events_days,
    )


def _in_line(session: Session, event: Event, status: SignupStatus) -> Sequence[EventSignup]:
    rows = select(EventSignup).where(EventSignup.event_id == event.id, EventSignup.status == status)
    return session.scalars(rows.order_by(EventSignup.number)).all()


def _fitting(signups: Sequence[EventSignup], text: str) -> Sequence[EventSignup]:
    """By a part of the name or the code. Compared here: SQLite does not fold å, ä and ö."""
    if not text:
        return signups
    plain, wanted = text.casefold(), fold(text)
    return [
        one
        for one in signups
        if plain in (one.name or "").casefold()
        or (wanted and (wanted in fold(one.name or "") or wanted in fold(one.reference)))
    ]

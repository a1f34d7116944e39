"""Somebody's own sign-up behind a secret link: how it stands, the calendar file, cancelling, answering an offer.

Opening the page changes nothing, since mail filters and previews open links too. The secret in the path is what a
forged form on another site cannot know; it is kept out of Referer headers, caches, logs and search engines.
"""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime

from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse
from sqlalchemy.orm import Session

from api.clock import Now
from api.database import ReadSession, WriteSession
from api.events import letters, service
from api.events.addresses import OWN
from api.events.errors import OfferGone, SignupClosed, SignupNotFound, SignupPassed
from api.events.line import place_in_line
from api.events.links import signup_by_link
from api.events.pages.showing import TEXTS, Shown
from api.events.seats import seats_of
from api.events.tables import EventSignup
from api.outbox.office import OfficeOf
from api.pages import render
from api.settings import Settings
from api.staff.visitors import OpenedLink
from api.swedish_dates import moment

router = APIRouter(prefix=OWN, include_in_schema=False, dependencies=[OpenedLink])

_SECRET_PAGE = {"Referrer-Policy": "no-referrer", "Cache-Control": "no-store", "X-Robots-Tag": "noindex"}
_SAID = frozenset({"plats", "forsent"})
"""What `?klart=` may say; the sentences are `said_…`."""


@router.api_route("/{token}", methods=["GET", "HEAD"])
def show(token: str, request: Request, session: ReadSession, now: Now, klart: str = "") -> HTMLResponse:
    """The sign-up, and what can be done with it."""
    signup = _find(session, token)
    if signup is None:
        return _missing(request)
    settings: Settings = request.app.state.settings
    return render(
        request,
        "event_signup.html",
        headers=_SECRET_PAGE,
        state=state_of(signup, now),
        token=token,
        signup=signup,
        one=Shown(signup.event, now, seats_of(session, signup.event)),
        place_in_queue=place_in_line(session, signup),
        free_now=signup.status == "waiting" and service.may_take(session, signup, now),
        offered_until=moment(signup.offered_until) if signup.offered_until else "",
        said=TEXTS(f"said_{klart}") if klart in _SAID else "",
        days=settings.retention_events_days,
    )


@router.post("/{token}/ja")
def accept(token: str, request: Request, session: WriteSession, now: Now, office: OfficeOf) -> Response:
    """Take the place that is offered. Too late: the page says so."""
    signup = _find(session, token)
    if signup is None:
        return _missing(request)
    try:
        service.accept_offer(session, signup, now=now, office=office)
    except (OfferGone, SignupClosed):
        return _back(token, "?klart=forsent")
    return _back(token, "?klart=plats")


@router.post("/{token}/nej")
@router.post("/{token}/avboka")
def cancel(token: str, request: Request, session: WriteSession, now: Now, office: OfficeOf) -> Response:
    """Decline, leave the waiting list or cancel, then show the page again. Too late or already done: it says so."""
    signup = _find(session, token)
    if signup is None:
        return _missing(request)
    with suppress(SignupPassed):  # then nothing was changed
        service.cancel_signup(session, signup, now=now, by="link", office=office)
    return _back(token)


@router.get("/{token}/traff.ics")
def calendar_file(token: str, request: Request, session: ReadSession, office: OfficeOf) -> Response:
    """The event for the person's own calendar, without anybody's address."""
    signup = _find(session, token)
    if signup is None:
        return _missing(request)
    headers = _SECRET_PAGE | {"Content-Disposition": 'attachment; filename="traff.ics"'}
    content = letters.own_calendar_file(signup, office, stamp=signup.changed_at)
    return Response(content, media_type="text/calendar; charset=utf-8", headers=headers)


def state_of(signup: EventSignup, now: datetime) -> str:
    """What the page says first; the event's own end comes before what the person did."""
    event, status = signup.event, signup.status
    if event.status == "cancelled":
        return "event"
    if status == "cancelled":
        return "lapsed" if signup.ended_by == "lapsed" else "cancelled"
    if event.starts_at <= now or status in ("attended", "absent"):
        return "past"
    if status == "offered" and signup.offered_until and signup.offered_until <= now:
        return "lapsed"
    return str(status)


def _find(session: Session, token: str) -> EventSignup | None:
    try:
        return signup_by_link(session, token)
    except SignupNotFound:
        return None


def _back(token: str, query: str = "") -> RedirectResponse:
    return RedirectResponse(f"{OWN}/{token}{query}", status_code=303, headers=_SECRET_PAGE)


def _missing(request: Request) -> HTMLResponse:
    """The same page for a wrong, an old and an erased link."""
    return render(request, "event_signup.html", status_code=404, headers=_SECRET_PAGE, state="missing")

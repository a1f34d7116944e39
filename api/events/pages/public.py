"""The public pages of events: the list, one event with its form, and the calendar feed.

The form needs no account and holds no secret: it is taken from our own pages only, counted per network address, and
a form that is sent twice makes one sign-up, by the key that the page put into it.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from itertools import groupby

from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse
from sqlalchemy import select
from sqlalchemy.orm import Session

from api.clock import STOCKHOLM, Now
from api.database import ReadSession, WriteSession
from api.errors import NotFound
from api.events.addresses import FEED, PATH
from api.events.errors import EventNotFound
from api.events.links import event_by_address
from api.events.pages.feed import feed_file
from api.events.pages.filters import KINDS, Filters, read_filters
from api.events.pages.showing import TEXTS, Shown
from api.events.pages.signing import MAILED, NOT_SENT, Refused, sign_up, texts_of
from api.events.pages.structured import event_document
from api.events.seats import seats
from api.events.tables import Event
from api.outbox.office import OfficeOf
from api.pages import absolute, render
from api.settings import Settings
from api.staff.editing.sending import Sent
from api.staff.visitors import OurForm, SentForm, origin_of

router = APIRouter(include_in_schema=False)

_LONG_AGO = timedelta(days=180)
"""What has been is listed for half a year."""
_MOST_PAST = 30


@router.api_route(PATH, methods=["GET", "HEAD"])
def events(request: Request, session: ReadSession, now: Now) -> HTMLResponse:
    """What comes, month by month, by the choices in the address; and what has been, folded."""
    filters = read_filters(request.query_params)
    coming = _shown(session, _coming(session, now), now)
    fits = [one for one in coming if _fits(one, filters)]
    months = {f"{_month(one):%Y-%m}": one.month for one in coming}
    return render(
        request,
        "events.html",
        canonical=absolute(request, filters.address(PATH)),
        base=PATH,
        feed=absolute(request, FEED),
        filters=filters,
        chosen_month=f"{filters.month:%Y-%m}" if filters.month else "",
        choices={
            "kinds": [(kind, word, TEXTS(f"kind_{kind}")) for kind, word in KINDS.items()],
            "municipalities": sorted({one.event.municipality.name for one in coming}),
            "months": list(months.items()),
        },
        shown=fits,
        months=[(month, list(some)) for month, some in groupby(fits, key=lambda one: one.month)],
        past=_shown(session, _past(session, now), now),
    )


@router.get(FEED)
def feed(session: ReadSession, now: Now, office: OfficeOf) -> Response:
    """What comes, for calendar programs that fetch it again and again."""
    shown = _shown(session, _coming(session, now), now)
    headers = {"Cache-Control": "max-age=900"}
    return Response(feed_file(shown, office), media_type="text/calendar; charset=utf-8", headers=headers)


@router.api_route(PATH + "/{name}", methods=["GET", "HEAD"])
def event(request: Request, session: ReadSession, now: Now, name: str, klart: str = "") -> HTMLResponse:
    """One event, with the form as long as one can sign up. 404 for a draft."""
    return _page(request, _one(session, name, now), {}, mailed=klart == MAILED)


@router.post(PATH + "/{name}", dependencies=[OurForm, SentForm])
def sign_up_for(request: Request, session: WriteSession, now: Now, office: OfficeOf, name: str, sent: Sent) -> Response:
    """Sign up, and say that a mail is on its way or go to the person's own page; what is wrong comes back with
    everything that was typed."""
    one = _one(session, name, now)
    outcome = sign_up(session, one.event, sent, now, office, origin_of(request, now))
    if isinstance(outcome, Refused):
        return _page(request, _one(session, name, now), sent, outcome)
    return RedirectResponse(outcome, status_code=303, headers={"Referrer-Policy": "no-referrer"})


def _page(
    request: Request, one: Shown, sent: Mapping[str, str], refused: Refused = NOT_SENT, *, mailed: bool = False
) -> HTMLResponse:
    settings: Settings = request.app.state.settings
    url = absolute(request, one.path)
    texts = texts_of(sent)
    texts["nyckel"] = texts["nyckel"] or secrets.token_urlsafe(16)
    return render(
        request,
        "event.html",
        status_code=refused.status,
        headers={"Cache-Control": "no-store"},  # the form's key is for one visitor
        canonical=url,
        base=PATH,
        one=one,
        texts=texts,
        errors=refused.errors,
        already=refused.already,
        mailed=mailed,
        days=settings.retention_events_days,
        document=event_document(one, url, example_label=TEXTS("example_label")),
    )


def _one(session: Session, name: str, now: datetime) -> Shown:
    try:
        found = event_by_address(session, name)
    except EventNotFound:
        raise NotFound from None
    return _shown(session, [found], now)[0]


def _shown(session: Session, some: Sequence[Event], now: datetime) -> list[Shown]:
    places = seats(session, some)
    return [Shown(one, now, places[one.id]) for one in some]


def _coming(session: Session, now: datetime) -> Sequence[Event]:
    rows = select(Event).where(Event.status != "draft", Event.ends_at > now)
    return session.scalars(rows.order_by(Event.starts_at, Event.id)).all()


def _past(session: Session, now: datetime) -> Sequence[Event]:
    rows = select(Event).where(Event.status == "published", Event.ends_at <= now, Event.ends_at > now - _LONG_AGO)
    return session.scalars(rows.order_by(Event.starts_at.desc(), Event.id).limit(_MOST_PAST)).all()


def _month(one: Shown) -> datetime:
    return one.event.starts_at.astimezone(STOCKHOLM)


def _fits(one: Shown, filters: Filters) -> bool:
    local = _month(one)
    return (
        filters.kind in (None, one.event.kind)
        and filters.municipality in (None, one.event.municipality.name)
        and (filters.month is None or (local.year, local.month) == (filters.month.year, filters.month.month))
        and (not filters.only_open or one.state == "open")
    )

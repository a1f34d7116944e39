"""`/personal/mottagare`: which function gets which enquiries, and a box to try it in."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse, Response
from sqlalchemy.orm import Session

from api.clock import Now
from api.contact.enquiries.errors import RouteNeeded
from api.contact.enquiries.matters import title_of
from api.contact.enquiries.pages.selection import municipalities
from api.contact.enquiries.routes import service
from api.contact.enquiries.routes.fields import FIELDS, LABELS, RECIPIENT, TEXTS
from api.contact.enquiries.routes.kept import PATH, matter_word, name_of, place_word
from api.contact.enquiries.routing import most_specific
from api.contact.enquiries.tables import MATTERS, EnquiryRoute
from api.database import ReadSession, WriteSession
from api.staff.actors import latest_change
from api.staff.editing.attempt import Attempt, attempt
from api.staff.editing.fields import Field, blank, of_row, submitted
from api.staff.editing.sending import Sent
from api.staff.editing.storing import RowId, add, find, remove, save
from api.staff.frame import staff_page
from api.staff.roles import Staff
from api.staff.sessions import SignedIn

router = APIRouter(include_in_schema=False)
_Choice = Annotated[str, Query(max_length=40)]


@router.api_route(PATH, methods=["GET", "HEAD"])
def overview(
    request: Request, account: Staff, session: ReadSession, arende: _Choice = "", kommun: _Choice = ""
) -> HTMLResponse:
    """Every route, and where the enquiry in the try-box would go."""
    places = municipalities(session)
    place = next((name for number, name in places if number == kommun), "")
    matter = arende if arende in MATTERS else ""
    rows = service.routes(session)
    tried = most_specific(rows, matter, int(kommun) if place else None) if matter else None
    return staff_page(
        request,
        account,
        "keep_routes.html",
        rows=[(row, matter_word(row.matter), place_word(row)) for row in rows],
        has_default=any(row.is_default for row in rows),
        tried=tried,
        why=name_of(tried) if tried else "",
        matter=matter,
        place=place,
        kommun=kommun,
        matters=_matters(),
        municipalities=places,
    )


@router.api_route(PATH + "/ny", methods=["GET", "HEAD"])
def new(request: Request, account: Staff, session: ReadSession) -> HTMLResponse:
    """The empty form."""
    return _page(request, account, session, None, Attempt(blank(FIELDS)))


@router.post(PATH + "/ny")
def create(request: Request, account: Staff, session: WriteSession, now: Now, sent: Sent) -> Response:
    """Store a new route."""
    tried = _tried(session, FIELDS, sent, None)
    if not tried.sound:
        return _page(request, account, session, None, tried)
    return add(session, account, now, EnquiryRoute(example=False, **tried.form.values), PATH)


@router.api_route(PATH + "/{route_id}", methods=["GET", "HEAD"])
def show(request: Request, account: Staff, session: ReadSession, route_id: RowId) -> HTMLResponse:
    """The form of a route."""
    row = find(session, EnquiryRoute, route_id)
    return _page(request, account, session, row, Attempt(of_row(_fields_of(row), row)))


@router.post(PATH + "/{route_id}")
def change(request: Request, account: Staff, session: WriteSession, now: Now, sent: Sent, route_id: RowId) -> Response:
    """Store what was changed. It holds for enquiries that come in from now on."""
    row = find(session, EnquiryRoute, route_id, to_change=True)
    tried = _tried(session, _fields_of(row), sent, row)
    if not tried.sound:
        return _page(request, account, session, row, tried)
    return save(session, account, now, row, tried.form.values, f"{PATH}/{row.id}")


@router.post(PATH + "/{route_id}/ta-bort")
def take_away(account: Staff, session: WriteSession, now: Now, route_id: RowId) -> Response:
    """Remove a route; what it took goes by the next fitting one. Raises RouteNeeded for the default."""
    row = find(session, EnquiryRoute, route_id, to_change=True)
    if row.is_default:
        raise RouteNeeded
    return remove(session, account, now, row, PATH)


def _fields_of(row: EnquiryRoute) -> tuple[Field, ...]:
    return RECIPIENT if row.is_default else FIELDS


def _tried(session: Session, fields: tuple[Field, ...], sent: Sent, row: EnquiryRoute | None) -> Attempt:
    form = submitted(fields, sent, row)
    form = form.wrong(service.errors(session, form.values, row))
    return attempt(form, service.questions(form.values), sent)


def _page(
    request: Request, account: SignedIn, session: Session, row: EnquiryRoute | None, tried: Attempt
) -> HTMLResponse:
    return staff_page(
        request,
        account,
        "keep_route.html",
        status_code=tried.status,
        row=row,
        about=name_of(row) if row else "",
        own_path=f"{PATH}/{row.id}" if row else f"{PATH}/ny",
        tried=tried,
        labels=LABELS,
        latest=latest_change(session, "enquiry_route", row.id) if row else "",
        matters=[("", TEXTS("any_matter")), *_matters()],
        municipalities=[("", TEXTS("any_municipality")), *municipalities(session)],
    )


def _matters() -> list[tuple[str, str]]:
    return [(matter, title_of(matter)) for matter in MATTERS]

"""`/personal/foretag`: companies that receive pupils, apprentices and visitors."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse, Response
from sqlalchemy.orm import Session

from api.clock import Now
from api.contact.hosts import service
from api.contact.hosts.fields import ACCESS, FIELDS, LABELS, RECEIVES, STATUSES, TEXTS, wrong_together
from api.contact.hosts.kept import PATH
from api.contact.hosts.listing import companies_csv
from api.contact.hosts.tables import HOST_STATUSES, ReceivingCompany
from api.csv_files import CSV_TYPE
from api.database import ReadSession, WriteSession
from api.guidance.places import find_municipality
from api.staff.actors import latest_change
from api.staff.editing.attempt import Attempt, attempt
from api.staff.editing.fields import blank, of_row, submitted
from api.staff.editing.sending import Sent
from api.staff.editing.storing import RowId, add, find, remove, save
from api.staff.frame import staff_page
from api.staff.roles import Staff
from api.staff.sessions import SignedIn

router = APIRouter(include_in_schema=False)
_Choice = Annotated[str, Query(max_length=60)]


@router.api_route(PATH, methods=["GET", "HEAD"])
def overview(
    request: Request, account: Staff, session: ReadSession, kommun: _Choice = "", status: _Choice = ""
) -> HTMLResponse:
    """Every company, or those of one municipality or status."""
    place = find_municipality(session, kommun)
    chosen = status if status in HOST_STATUSES else ""
    rows = service.companies(session, service.Wanted(municipality=place), status=chosen or None)
    return staff_page(
        request,
        account,
        "keep_hosts.html",
        rows=rows,
        receives=[(name, TEXTS(f"receives_{name}")) for name in RECEIVES],
        municipalities=[one.name for one in service.municipalities(session)],
        municipality=place.name if place else "",
        status=chosen,
        statuses=STATUSES,
        status_word=dict(STATUSES),
    )


@router.get(PATH + "/foretag.csv")
def file(account: Staff, session: ReadSession) -> Response:
    """Every company with its contact, for Excel."""
    headers = {"Content-Disposition": 'attachment; filename="foretag.csv"', "Cache-Control": "no-store"}
    return Response(companies_csv(service.companies(session)), media_type=CSV_TYPE, headers=headers)


@router.api_route(PATH + "/nytt", methods=["GET", "HEAD"])
def new(request: Request, account: Staff, session: ReadSession) -> HTMLResponse:
    """The empty form."""
    return _page(request, account, session, None, Attempt(blank(FIELDS)))


@router.post(PATH + "/nytt")
def create(request: Request, account: Staff, session: WriteSession, now: Now, sent: Sent) -> Response:
    """Store a new company."""
    tried = _tried(session, sent, None)
    if not tried.sound:
        return _page(request, account, session, None, tried)
    return add(session, account, now, ReceivingCompany(**tried.form.values), PATH)


@router.api_route(PATH + "/{company_id}", methods=["GET", "HEAD"])
def show(request: Request, account: Staff, session: ReadSession, company_id: RowId) -> HTMLResponse:
    """The form of a company."""
    row = find(session, ReceivingCompany, company_id)
    return _page(request, account, session, row, Attempt(of_row(FIELDS, row)))


@router.post(PATH + "/{company_id}")
def change(
    request: Request, account: Staff, session: WriteSession, now: Now, sent: Sent, company_id: RowId
) -> Response:
    """Store what was changed."""
    row = find(session, ReceivingCompany, company_id, to_change=True)
    tried = _tried(session, sent, row)
    if not tried.sound:
        return _page(request, account, session, row, tried)
    return save(session, account, now, row, tried.form.values, f"{PATH}/{row.id}")


@router.api_route(PATH + "/{company_id}/ta-bort", methods=["GET", "HEAD"])
def ask_to_remove(request: Request, account: Staff, session: ReadSession, company_id: RowId) -> HTMLResponse:
    """What goes, and what to do instead."""
    row = find(session, ReceivingCompany, company_id)
    return staff_page(request, account, "keep_host_remove.html", company=row, own_path=f"{PATH}/{row.id}")


@router.post(PATH + "/{company_id}/ta-bort")
def take_away(account: Staff, session: WriteSession, now: Now, company_id: RowId) -> Response:
    """Remove a company; it can be undone."""
    return remove(session, account, now, find(session, ReceivingCompany, company_id, to_change=True), PATH)


def _tried(session: Session, sent: Sent, row: ReceivingCompany | None) -> Attempt:
    form = submitted(FIELDS, sent, row)
    form = form.wrong(service.errors(session, form.values, row) | wrong_together(form.values))
    return attempt(form, service.questions(form.values), sent)


def _page(
    request: Request, account: SignedIn, session: Session, row: ReceivingCompany | None, tried: Attempt
) -> HTMLResponse:
    return staff_page(
        request,
        account,
        "keep_host.html",
        status_code=tried.status,
        company=row,
        own_path=f"{PATH}/{row.id}" if row else f"{PATH}/nytt",
        tried=tried,
        labels=LABELS,
        latest=latest_change(session, "receiving_company", row.id) if row else "",
        municipalities=[("", ""), *((str(one.id), one.name) for one in service.municipalities(session))],
        statuses=STATUSES,
        access=ACCESS,
    )

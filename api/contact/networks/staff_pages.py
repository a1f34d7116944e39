"""`/personal/natverk`: the networks that the public pages and the chat tell about."""

from __future__ import annotations

from datetime import datetime

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response
from sqlalchemy.orm import Session

from api.clock import Now, stockholm_date
from api.contact.networks import service
from api.contact.networks.errors import NetworkInUse
from api.contact.networks.fields import FIELDS, LABELS, STATUSES, wrong_together
from api.contact.networks.kept import PATH
from api.contact.networks.tables import Network
from api.database import ReadSession, WriteSession
from api.staff.actors import latest_change
from api.staff.editing.attempt import Attempt, attempt
from api.staff.editing.fields import blank, of_row, submitted
from api.staff.editing.sending import Sent
from api.staff.editing.storing import RowId, add, find, pointing_at, remove, save
from api.staff.frame import staff_page
from api.staff.roles import Staff
from api.staff.sessions import SignedIn

router = APIRouter(include_in_schema=False)


@router.api_route(PATH, methods=["GET", "HEAD"])
def overview(request: Request, account: Staff, session: ReadSession, now: Now) -> HTMLResponse:
    """Every network with its next meeting."""
    rows = [(row, service.next_meeting(session, row, now)) for row in service.networks(session)]
    return staff_page(request, account, "keep_networks.html", rows=rows, status_word=dict(STATUSES))


@router.api_route(PATH + "/nytt", methods=["GET", "HEAD"])
def new(request: Request, account: Staff, session: ReadSession) -> HTMLResponse:
    """The empty form."""
    return _page(request, account, session, None, Attempt(blank(FIELDS)))


@router.post(PATH + "/nytt")
def create(request: Request, account: Staff, session: WriteSession, now: Now, sent: Sent) -> Response:
    """Store a new network; its address is made from the name."""
    tried = _tried(session, sent, None, now)
    if not tried.sound:
        return _page(request, account, session, None, tried)
    slug = service.new_slug(session, tried.form.values["name"])
    return add(session, account, now, Network(slug=slug, **tried.form.values), PATH)


@router.api_route(PATH + "/{network_id}", methods=["GET", "HEAD"])
def show(request: Request, account: Staff, session: ReadSession, network_id: RowId) -> HTMLResponse:
    """The form of a network."""
    row = find(session, Network, network_id)
    return _page(request, account, session, row, Attempt(of_row(FIELDS, row)))


@router.post(PATH + "/{network_id}")
def change(
    request: Request, account: Staff, session: WriteSession, now: Now, sent: Sent, network_id: RowId
) -> Response:
    """Store what was changed."""
    row = find(session, Network, network_id, to_change=True)
    tried = _tried(session, sent, row, now)
    if not tried.sound:
        return _page(request, account, session, row, tried)
    return save(session, account, now, row, tried.form.values, f"{PATH}/{row.id}")


@router.api_route(PATH + "/{network_id}/ta-bort", methods=["GET", "HEAD"])
def ask_to_remove(request: Request, account: Staff, session: ReadSession, network_id: RowId) -> HTMLResponse:
    """What goes, or that something keeps the network."""
    row = find(session, Network, network_id)
    held = bool(pointing_at(session, row))
    return staff_page(request, account, "keep_network_remove.html", network=row, held=held, own_path=f"{PATH}/{row.id}")


@router.post(PATH + "/{network_id}/ta-bort")
def take_away(account: Staff, session: WriteSession, now: Now, network_id: RowId) -> Response:
    """Remove a network that no event and no enquiry belongs to. Raises NetworkInUse."""
    row = find(session, Network, network_id, to_change=True)
    if pointing_at(session, row):
        raise NetworkInUse
    return remove(session, account, now, row, PATH)


def _tried(session: Session, sent: Sent, row: Network | None, now: datetime) -> Attempt:
    form = submitted(FIELDS, sent, row)
    form = form.wrong(service.errors(session, form.values, row) | wrong_together(form.values, stockholm_date(now)))
    return attempt(form, service.questions(form.values), sent)


def _page(request: Request, account: SignedIn, session: Session, row: Network | None, tried: Attempt) -> HTMLResponse:
    return staff_page(
        request,
        account,
        "keep_network.html",
        status_code=tried.status,
        network=row,
        own_path=f"{PATH}/{row.id}" if row else f"{PATH}/nytt",
        tried=tried,
        labels=LABELS,
        latest=latest_change(session, "network", row.id) if row else "",
        statuses=STATUSES,
    )

"""`/personal/orter/vagledare/{id}`: what is shown of a counsellor, and a counsellor who comes or goes."""

from __future__ import annotations

from datetime import datetime

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from sqlalchemy.orm import Session

from api.booking import readdressing
from api.booking.contacts import service
from api.booking.contacts.fields import FIELDS, LABELS, PATH, questions
from api.booking.pages.hours import standing_address
from api.booking.tables import Counsellor
from api.catalogue.tables import Node
from api.clock import Now
from api.database import ReadSession, WriteSession
from api.outbox.office import OfficeOf
from api.staff.actors import latest_change
from api.staff.addresses import told
from api.staff.editing.attempt import Attempt, attempt
from api.staff.editing.fields import blank, of_row, submitted
from api.staff.editing.sending import Sent
from api.staff.editing.storing import RowId, find, save
from api.staff.frame import staff_page
from api.staff.history import Edit
from api.staff.roles import Staff
from api.staff.sessions import SignedIn

router = APIRouter(include_in_schema=False)
LIST = "/personal/orter"
NEW = LIST + "/ny-vagledare"


@router.api_route(NEW, methods=["GET", "HEAD"])
def new(request: Request, account: Staff, session: ReadSession, now: Now, nod: str = "") -> HTMLResponse:
    """The empty form; `nod` is the node that was chosen on the list."""
    return _page(request, account, session, now, None, Attempt(blank(FIELDS, node_id=nod, active="ja")))


@router.post(NEW)
def create(request: Request, account: Staff, session: WriteSession, now: Now, sent: Sent) -> Response:
    """Store a new counsellor, who has no hours yet."""
    tried = _tried(session, sent, None, now)
    if not tried.sound:
        return _page(request, account, session, now, None, tried)
    with Edit(session, at=now, actor=account.actor, cause="create") as edit:
        edit.create(service.new(session, tried.form.values))
    return RedirectResponse(told(LIST, "vagledare_upplagd", undo=edit.batch), status_code=303)


@router.api_route(PATH + "/{counsellor_id}", methods=["GET", "HEAD"])
def show(request: Request, account: Staff, session: ReadSession, now: Now, counsellor_id: RowId) -> HTMLResponse:
    """The form of a counsellor."""
    row = find(session, Counsellor, counsellor_id)
    return _page(request, account, session, now, row, Attempt(of_row(FIELDS, row)))


@router.post(PATH + "/{counsellor_id}")
def change(
    request: Request,
    account: Staff,
    session: WriteSession,
    now: Now,
    office: OfficeOf,
    sent: Sent,
    counsellor_id: RowId,
) -> Response:
    """Store what was changed; a new e-mail address takes the coming meetings along.

    What is booked with somebody who can no longer be booked is shown, so that something is done about it.
    """
    row: Counsellor = find(session, Counsellor, counsellor_id, to_change=True)
    address, node_id, was_active = row.email, row.node_id, row.active
    tried = _tried(session, sent, row, now)
    if not tried.sound:
        return _page(request, account, session, now, row, tried)
    closed = was_active and not tried.form.values["active"]
    stands = closed and service.coming(session, row, now)
    onward = standing_address(row) if stands else f"{PATH}/{row.id}"
    stored = save(session, account, now, row, tried.form.values, onward)
    service.let_go(session, row, now, moved=row.node_id != node_id)
    readdressing.tell_addresses(session, row, address, now, account.actor, office)
    return stored


@router.api_route(PATH + "/{counsellor_id}/ta-bort", methods=["GET", "HEAD"])
def ask_to_remove(
    request: Request, account: Staff, session: ReadSession, now: Now, counsellor_id: RowId
) -> HTMLResponse:
    """What goes, or what keeps the counsellor."""
    row = find(session, Counsellor, counsellor_id)
    return staff_page(
        request,
        account,
        "keep_counsellor_remove.html",
        counsellor=row,
        kept_by=service.kept_by(session, row, now),
        own_path=f"{PATH}/{row.id}",
    )


@router.post(PATH + "/{counsellor_id}/ta-bort")
def take_away(account: Staff, session: WriteSession, now: Now, counsellor_id: RowId) -> Response:
    """Remove a counsellor who has no meetings. Raises CounsellorInUse."""
    row: Counsellor = find(session, Counsellor, counsellor_id, to_change=True)
    batch = service.remove(session, row, now, account.actor)
    return RedirectResponse(told(LIST, "borttagen", undo=batch), status_code=303)


def _tried(session: Session, sent: Sent, row: Counsellor | None, now: datetime) -> Attempt:
    form = submitted(FIELDS, sent, row)
    form = form.wrong(service.errors(session, form.values, row, now))
    node = session.get(Node, form.values.get("node_id") or 0)
    return attempt(form, questions(form.values, node.town if node else ""), sent)


def _page(
    request: Request, account: SignedIn, session: Session, now: datetime, row: Counsellor | None, tried: Attempt
) -> HTMLResponse:
    choices = [(str(one.id), f"{one.name} ({one.town})") for one in service.nodes(session)]
    return staff_page(
        request,
        account,
        "keep_counsellor.html",
        status_code=tried.status,
        counsellor=row,
        own_path=f"{PATH}/{row.id}" if row else NEW,
        tried=tried,
        labels=LABELS,
        latest=latest_change(session, "counsellor", row.id) if row else "",
        nodes=choices if row else [("", ""), *choices],
        coming=len(service.coming(session, row, now)) if row else 0,
    )

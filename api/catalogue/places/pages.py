"""`/personal/orter`: nodes and municipalities."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response
from sqlalchemy.orm import Session

from api.catalogue.places import service
from api.catalogue.places.errors import NodeInUse
from api.catalogue.places.fields import (
    MUNICIPALITY,
    MUNICIPALITY_LABELS,
    NEW_MUNICIPALITY,
    NODE,
    NODE_LABELS,
)
from api.catalogue.places.kept import PATH
from api.catalogue.tables import Municipality, Node
from api.clock import Now
from api.database import ReadSession, WriteSession
from api.staff.actors import latest_change
from api.staff.editing.attempt import Attempt, attempt
from api.staff.editing.fields import Form, blank, of_row, submitted
from api.staff.editing.sending import Sent
from api.staff.editing.storing import RowId, add, find, remove, save
from api.staff.frame import staff_page
from api.staff.roles import Staff
from api.staff.sessions import SignedIn

router = APIRouter(include_in_schema=False)


@router.api_route(PATH, methods=["GET", "HEAD"])
def overview(request: Request, account: Staff, session: ReadSession) -> HTMLResponse:
    """Every node with its contacts, and every municipality."""
    return staff_page(
        request,
        account,
        "keep_places.html",
        nodes=service.nodes(session),
        municipalities=service.municipalities(session),
    )


# --- Nodes


@router.api_route(PATH + "/ny-nod", methods=["GET", "HEAD"])
def new_node(request: Request, account: Staff, session: ReadSession) -> HTMLResponse:
    """The empty form."""
    return _node_page(request, account, session, None, Attempt(blank(NODE)))


@router.post(PATH + "/ny-nod")
def add_node(request: Request, account: Staff, session: WriteSession, now: Now, sent: Sent) -> Response:
    """Store a new node."""
    form = submitted(NODE, sent, None)
    tried = _tried_node(session, form, sent, None)
    if not tried.sound:
        return _node_page(request, account, session, None, tried)
    node = Node(slug=service.new_slug(session, form.values["town"]), **form.values)
    return add(session, account, now, node, PATH)


@router.api_route(PATH + "/noder/{node_id}", methods=["GET", "HEAD"])
def show_node(request: Request, account: Staff, session: ReadSession, node_id: RowId) -> HTMLResponse:
    """The form of a node."""
    node = find(session, Node, node_id)
    return _node_page(request, account, session, node, Attempt(of_row(NODE, node)))


@router.post(PATH + "/noder/{node_id}")
def save_node(
    request: Request, account: Staff, session: WriteSession, now: Now, sent: Sent, node_id: RowId
) -> Response:
    """Store what was changed."""
    node = find(session, Node, node_id, to_change=True)
    tried = _tried_node(session, submitted(NODE, sent, node), sent, node)
    if not tried.sound:
        return _node_page(request, account, session, node, tried)
    return save(session, account, now, node, tried.form.values, f"{PATH}/noder/{node.id}")


@router.api_route(PATH + "/noder/{node_id}/ta-bort", methods=["GET", "HEAD"])
def ask_to_remove(request: Request, account: Staff, session: ReadSession, node_id: RowId) -> HTMLResponse:
    """What goes, or what keeps the node."""
    node = find(session, Node, node_id)
    held = service.held_by(session, node)
    return staff_page(request, account, "keep_node_remove.html", node=node, held=held, own_path=_path(node))


@router.post(PATH + "/noder/{node_id}/ta-bort")
def remove_node(account: Staff, session: WriteSession, now: Now, node_id: RowId) -> Response:
    """Remove a node that nothing belongs to. Raises NodeInUse."""
    node = find(session, Node, node_id, to_change=True)
    if service.held_by(session, node):
        raise NodeInUse
    return remove(session, account, now, node, PATH)


def _tried_node(session: Session, form: Form, sent: Sent, node: Node | None) -> Attempt:
    form = form.wrong(service.node_errors(session, form.values, node))
    return attempt(form, service.node_questions(session, form.values), sent)


def _node_page(
    request: Request, account: SignedIn, session: Session, node: Node | None, tried: Attempt
) -> HTMLResponse:
    choices = [(str(one.id), one.name) for one in service.municipalities(session)]
    return staff_page(
        request,
        account,
        "keep_node.html",
        status_code=tried.status,
        node=node,
        own_path=_path(node) if node else f"{PATH}/ny-nod",
        tried=tried,
        labels=NODE_LABELS,
        latest=latest_change(session, "node", node.id) if node else "",
        municipalities=[("", ""), *choices] if node is None else choices,
    )


def _path(node: Node) -> str:
    return f"{PATH}/noder/{node.id}"


# --- Municipalities


@router.api_route(PATH + "/ny-kommun", methods=["GET", "HEAD"])
def new_municipality(request: Request, account: Staff, session: ReadSession) -> HTMLResponse:
    """The empty form."""
    return _municipality_page(request, account, session, None, Attempt(blank(NEW_MUNICIPALITY)))


@router.post(PATH + "/ny-kommun")
def add_municipality(request: Request, account: Staff, session: WriteSession, now: Now, sent: Sent) -> Response:
    """Store a new municipality."""
    form = submitted(NEW_MUNICIPALITY, sent, None)
    tried = Attempt(form.wrong(service.municipality_errors(session, form.values, None)))
    if not tried.sound:
        return _municipality_page(request, account, session, None, tried)
    return add(session, account, now, Municipality(**form.values), PATH)


@router.api_route(PATH + "/kommuner/{municipality_id}", methods=["GET", "HEAD"])
def show_municipality(request: Request, account: Staff, session: ReadSession, municipality_id: RowId) -> HTMLResponse:
    """The form of a municipality."""
    row = find(session, Municipality, municipality_id)
    return _municipality_page(request, account, session, row, Attempt(of_row(MUNICIPALITY, row)))


@router.post(PATH + "/kommuner/{municipality_id}")
def save_municipality(
    request: Request, account: Staff, session: WriteSession, now: Now, sent: Sent, municipality_id: RowId
) -> Response:
    """Store what was changed."""
    row = find(session, Municipality, municipality_id, to_change=True)
    form = submitted(MUNICIPALITY, sent, row)
    tried = Attempt(form.wrong(service.municipality_errors(session, form.values, row)))
    if not tried.sound:
        return _municipality_page(request, account, session, row, tried)
    return save(session, account, now, row, form.values, f"{PATH}/kommuner/{row.id}")


def _municipality_page(
    request: Request, account: SignedIn, session: Session, row: Municipality | None, tried: Attempt
) -> HTMLResponse:
    return staff_page(
        request,
        account,
        "keep_municipality.html",
        status_code=tried.status,
        municipality=row,
        own_path=f"{PATH}/kommuner/{row.id}" if row else f"{PATH}/ny-kommun",
        tried=tried,
        labels=MUNICIPALITY_LABELS,
        latest=latest_change(session, "municipality", row.id) if row else "",
    )

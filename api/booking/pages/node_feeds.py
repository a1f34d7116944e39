"""`/personal/bokningar/{node}/kalender`: the secret calendar feeds of everything that is booked at a node."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse
from sqlalchemy.orm import Session

from api.booking.feed import service as feeds
from api.booking.pages.overview import PATH as OVERVIEW
from api.booking.pages.showing import meeting_page
from api.catalogue.tables import Node
from api.clock import Now
from api.database import ReadSession, WriteSession
from api.outbox.office import OfficeOf
from api.staff.addresses import told
from api.staff.editing.storing import RowId, find
from api.staff.roles import Staff
from api.staff.sessions import SignedIn

router = APIRouter(include_in_schema=False)
PATH = OVERVIEW + "/{node_id}/kalender"


@router.api_route(PATH, methods=["GET", "HEAD"])
def show(request: Request, account: Staff, session: ReadSession, node_id: RowId) -> HTMLResponse:
    """The node's secret addresses that work, without their secrets."""
    return _page(request, account, session, find(session, Node, node_id))


@router.post(PATH)
def create(
    request: Request, account: Staff, session: WriteSession, now: Now, office: OfficeOf, node_id: RowId
) -> HTMLResponse:
    """Make an address. Answered at once and not by a redirect: it is shown this one time."""
    node: Node = find(session, Node, node_id)
    made = feeds.create_feed(session, node, office, now, account.actor)
    return _page(request, account, session, node, url=made.url)


@router.post(PATH + "/{feed_id}/avsluta")
def revoke(account: Staff, session: WriteSession, now: Now, node_id: RowId, feed_id: RowId) -> Response:
    """End an address. FeedUnknown for one that is not this node's."""
    node: Node = find(session, Node, node_id)
    feeds.revoke_feed(session, node, feed_id, now, account.actor)
    return RedirectResponse(told(_address(node), "kalender_avslutad"), status_code=303)


def _address(node: Node) -> str:
    return PATH.format(node_id=node.id)


def _page(request: Request, account: SignedIn, session: Session, node: Node, *, url: str = "") -> HTMLResponse:
    return meeting_page(
        request,
        account,
        "staff_node_feeds.html",
        node=node,
        feeds=feeds.feeds_of(session, node),
        url=url,
        base=_address(node),
        back=OVERVIEW,
    )

"""`/personal/lediga-dagar`: holidays of the coming year, days when a node is closed, holidays it keeps open."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from typing import Annotated
from urllib.parse import quote

import holidays
from fastapi import APIRouter, Form, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse
from sqlalchemy import select
from sqlalchemy.orm import Session

from api.booking import availability
from api.booking.given_days import read_day
from api.booking.openings import bookable_nodes, find_node
from api.booking.pages.showing import meeting_page
from api.booking.tables import Meeting, NodeDay
from api.catalogue.tables import Node
from api.clock import Now, stockholm_date
from api.database import ReadSession, WriteSession
from api.staff.addresses import told
from api.staff.editing.storing import RowId, find
from api.staff.roles import Staff
from api.staff.sessions import SignedIn
from api.texts import Texts

router = APIRouter(include_in_schema=False)
PATH = "/personal/lediga-dagar"
TEXTS = Texts.beside(__file__)
LONGEST = 70
"""Days closed at once: a summer."""

Short = Annotated[str, Form(max_length=100)]


@dataclass(frozen=True)
class Holiday:
    """A holiday of the coming year, and whether the node keeps it open."""

    day: date
    name: str
    open: bool


@router.api_route(PATH, methods=["GET", "HEAD"])
def show(request: Request, account: Staff, session: ReadSession, now: Now, ort: str = "") -> HTMLResponse:
    """The days of one node."""
    nodes = _nodes(session)
    node = find_node(session, ort) if ort else nodes[0] if nodes else None
    return _page(request, account, session, now, node)


@router.post(PATH + "/{node_id}")
def close(
    request: Request,
    account: Staff,
    session: WriteSession,
    now: Now,
    node_id: RowId,
    fran: Short = "",
    till: Short = "",
    vad: Short = "",
) -> Response:
    """Close the node on a day, or on each from one day to another (a school holiday)."""
    node: Node = find(session, Node, node_id)
    try:
        first = read_day(fran)
        last = read_day(till) if till.strip() else first
    except ValueError:
        return _page(request, account, session, now, node, error=TEXTS("wrong_days"), texts=(fran, till, vad))
    if not stockholm_date(now) <= first <= last or (last - first).days >= LONGEST:
        error = TEXTS("wrong_days_order", most=LONGEST)
        return _page(request, account, session, now, node, error=error, texts=(fran, till, vad))
    standing: list[Meeting] = []
    for number in range((last - first).days + 1):
        standing += availability.set_node_day(
            session,
            node,
            first + timedelta(days=number),
            opens=False,
            title=" ".join(vad.split())[:80],
            now=now,
            by=account.actor,
        )
    if standing:
        return _page(request, account, session, now, node, standing=standing)
    return RedirectResponse(told(_address(node), "nod_stangd"), status_code=303)


@router.post(PATH + "/{node_id}/oppna")
def open_holiday(account: Staff, session: WriteSession, now: Now, node_id: RowId, dag: Short = "") -> Response:
    """Keep the node open on a holiday. DayInvalid."""
    node: Node = find(session, Node, node_id)
    try:
        day = read_day(dag)
    except ValueError:
        return RedirectResponse(_address(node), status_code=303)
    title = _names(day.year).get(day, "")
    availability.set_node_day(session, node, day, opens=True, title=title, now=now, by=account.actor)
    return RedirectResponse(told(_address(node), "nod_oppen"), status_code=303)


@router.post(PATH + "/{node_id}/bort/{row_id}")
def remove(account: Staff, session: WriteSession, now: Now, node_id: RowId, row_id: RowId) -> Response:
    """The day is what the calendar says again."""
    row: NodeDay = find(session, NodeDay, row_id, to_change=True)
    node: Node = find(session, Node, row.node_id)
    availability.remove_node_day(session, row, now, account.actor)
    return RedirectResponse(told(_address(node), "nod_dag_bort"), status_code=303)


def _address(node: Node) -> str:
    return f"{PATH}?ort={quote(node.slug)}"


def _nodes(session: Session) -> list[Node]:
    bookable = bookable_nodes(session)
    rows = session.scalars(select(Node).order_by(Node.town)).unique()
    return [node for node in rows if node.id in bookable]


@cache
def _names(year: int) -> dict[date, str]:
    """The days of `working_days.closed_days` with their Swedish names."""
    return dict(holidays.country_holidays("SE", years=year, categories=("public", "de_facto"), language="sv"))


def _page(
    request: Request,
    account: SignedIn,
    session: Session,
    now: Now,
    node: Node | None,
    *,
    error: str | None = None,
    texts: tuple[str, str, str] = ("", "", ""),
    standing: list[Meeting] | None = None,
) -> HTMLResponse:
    today = stockholm_date(now)
    until = today + timedelta(days=365)
    own: list[NodeDay] = []
    if node is not None:
        own = list(
            session.scalars(
                select(NodeDay).where(NodeDay.node_id == node.id, NodeDay.day >= today).order_by(NodeDay.day)
            )
        )
    opened = {row.day for row in own if row.opens}
    names = _names(today.year) | _names(until.year)
    coming = [Holiday(day, name, day in opened) for day, name in sorted(names.items()) if today <= day <= until]
    return meeting_page(
        request,
        account,
        "staff_node_days.html",
        status_code=422 if error else 200,
        error=error,
        node=node,
        nodes=_nodes(session),
        own=own,
        holidays=[one for one in coming if one.day.weekday() < 5],
        texts=texts,
        standing=standing or [],
        base=f"{PATH}/{node.id}" if node else PATH,
    )

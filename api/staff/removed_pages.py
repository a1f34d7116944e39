"""What has been removed, and taking it back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import RedirectResponse

from api.clock import Now
from api.database import Database
from api.errors import ApiError
from api.staff import actors, removed
from api.staff.addresses import told
from api.staff.frame import staff_page
from api.staff.history_pages import what_was_done
from api.staff.removed import Removal
from api.staff.roles import Staff
from api.staff.sessions import SignedIn

PATH = "/personal/borttaget"
PAGE = 20
"""Removals on a page."""

router = APIRouter(include_in_schema=False)


@dataclass(frozen=True)
class Line:
    """A removal with who did it, and how, in words."""

    removal: Removal
    who: str
    what: str


@router.get(PATH)
def show(request: Request, account: Staff, sida: Annotated[int, Query(ge=1, le=100_000)] = 1) -> Response:
    """Who has removed what, latest first."""
    return _page(request, account, sida)


@router.post(PATH + "/{batch}")
def bring_back(request: Request, account: Staff, batch: str, now: Now) -> Response:
    """Take back what one click removed; the page says why when that cannot be done."""
    database: Database = request.app.state.database
    try:
        with database.transaction() as session:
            undone = removed.bring_back(session, request.app.state.kept, batch, at=now, actor=account.actor)
    except ApiError as error:
        return _page(request, account, 1, error)
    return RedirectResponse(told(PATH, "tillbaka", undo=undone.batch), status_code=303)


def _page(request: Request, account: SignedIn, number: int, error: ApiError | None = None) -> Response:
    database: Database = request.app.state.database
    with database.transaction(read_only=True) as session:
        total = removed.count(session, request.app.state.kept)
        pages = max(1, -(-total // PAGE))
        number = min(number, pages)
        found = removed.removals(session, request.app.state.kept, offset=(number - 1) * PAGE, limit=PAGE)
        names = actors.titles(session, {removal.actor for removal in found})
        lines = [Line(one, names[one.actor], what_was_done("removed", one.cause)) for one in found]
    return staff_page(
        request,
        account,
        "staff_removed.html",
        status_code=error.status if error else 200,
        error=error.detail if error else None,
        lines=lines,
        number=number,
        pages=pages,
        here=PATH if error else str(request.url.path) + (f"?{request.url.query}" if request.url.query else ""),
    )

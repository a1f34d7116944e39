"""Staff's pages that change many occasions at once: what would change, and then doing it."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse, RedirectResponse
from sqlalchemy.orm import Session
from starlette.datastructures import FormData

from api import swedish_dates
from api.catalogue.iso_days import read_day
from api.catalogue.keeping import bulk, listing
from api.catalogue.keeping.errors import NothingChosen, TooManyChosen
from api.catalogue.keeping.list_page import BulkForm, list_page
from api.catalogue.keeping.listing_form import PATH, read_list_form
from api.catalogue.keeping.tables import BulkPlan
from api.catalogue.keeping.wording import TEXTS, occasion_title, status_word
from api.catalogue.tables import OCCASION_STATUSES
from api.cells import BadCell, bad, swedish_date
from api.clock import Now
from api.database import ReadSession, WriteSession
from api.errors import NotFound
from api.staff.actors import latest_change
from api.staff.addresses import onward, told
from api.staff.editing.fields import reason
from api.staff.frame import staff_page
from api.staff.roles import Staff
from api.staff.sessions import SignedIn

router = APIRouter(include_in_schema=False)
_PAGE = PATH + "/flera"
_SHOWN = 50
"""Rows of each kind on the page."""


async def _sent(request: Request) -> FormData:
    return await request.form()


Many = Annotated[FormData, Depends(_sent)]
"""A form in which a name may stand several times."""


@router.post(_PAGE)
def prepare(request: Request, account: Staff, sent: Many, session: WriteSession, now: Now) -> object:
    """Look at what would change: the ticked rows, or all in the search. Raises NothingChosen or TooManyChosen."""
    texts = {name: value for name, value in sent.items() if isinstance(value, str)}
    ticked = frozenset(int(text) for text in sent.getlist("rad") if isinstance(text, str) and _is_number(text))
    asked = BulkForm(texts.get("ny_sista_dag", ""), texts.get("ny_status", ""), texts.get("vilka") == "alla", ticked)
    form = read_list_form(texts)
    field = {"apply_to": "ny-sista-dag", "status": "ny-status"}.get(texts.get("andra", ""), "")
    try:
        change = _change(texts)
    except BadCell as error:
        return list_page(request, account, session, form, now, bulk=asked.wrong(field, reason(error)))
    ids = listing.chosen_ids(session, form, now, most=bulk.MOST) if asked.all_found else sorted(ticked)
    try:
        plan = bulk.prepare(session, ids, change, account_id=account.id, back=form.address(), at=now)
    except (NothingChosen, TooManyChosen) as error:
        return list_page(request, account, session, form, now, bulk=asked.wrong("vilka", error.detail))
    return RedirectResponse(f"{_PAGE}/{plan.id}", status_code=303)


@router.get(_PAGE + "/{plan_id}")
def show(request: Request, account: Staff, plan_id: str, session: ReadSession) -> HTMLResponse:
    """How many rows change, from what to what, and which cannot. Nothing is changed yet."""
    plan = _find(session, account, plan_id)
    [(column, value)] = plan.change.items()
    why: dict[int, str] = dict(map(tuple, plan.refused[:_SHOWN]))
    return staff_page(
        request,
        account,
        "keep_bulk.html",
        plan=plan,
        page=f"{_PAGE}/{plan.id}",
        column=TEXTS(f"occasion_{column}"),
        value=_worded(column, value),
        steps=[] if plan.batch else [(_worded(column, old), count) for old, count in bulk.steps(session, plan)],
        rows=bulk.shown_rows(session, [number for number, _ in plan.shown[:_SHOWN]]),
        refused=[(row, TEXTS(f"refused_{why[row.id]}")) for row in bulk.shown_rows(session, why)],
        old=lambda row: _worded(column, bulk.as_json(getattr(row, column))),
        occasion_title=occasion_title,
        back=onward(plan.back),
    )


@router.post(_PAGE + "/{plan_id}")
def carry_out(request: Request, account: Staff, plan_id: str, session: WriteSession, now: Now) -> object:
    """Do what was shown. Rows that somebody has changed since stay as they are, and the page says how many."""
    plan = _find(session, account, plan_id, to_change=True)
    done = bulk.carry_out(session, plan, at=now, actor=account.actor)
    if not done.left:
        return RedirectResponse(told(plan.back, "flera", undo=done.batch, count=done.changed), status_code=303)
    return staff_page(
        request,
        account,
        "keep_bulk_done.html",
        changed=done.changed,
        left=[
            (row, latest_change(session, "occasion", row.id)) for row in bulk.shown_rows(session, done.left[:_SHOWN])
        ],
        count_left=len(done.left),
        undo=done.batch if done.changed else "",
        occasion_title=occasion_title,
        back=onward(plan.back),
    )


def _find(session: Session, account: SignedIn, plan_id: str, *, to_change: bool = False) -> BulkPlan:
    """Somebody's own plan. Raises NotFound."""
    try:
        plan = bulk.get_plan(session, UUID(plan_id), account.id, to_change=to_change)
    except ValueError:
        plan = None
    if plan is None:
        raise NotFound
    return plan


def _change(texts: dict[str, str]) -> dict[str, str]:
    """What is to be changed. Raises BadCell."""
    if texts.get("andra") == "apply_to":
        day = swedish_date(texts.get("ny_sista_dag", ""))
        if day is None:
            raise bad("cell_required")
        return {"apply_to": day.isoformat()}
    if texts.get("andra") != "status" or texts.get("ny_status") not in OCCASION_STATUSES:
        raise bad("cell_choice")
    return {"status": texts["ny_status"]}


def _worded(column: str, value: str | None) -> str:
    if column == "status":
        return status_word(value or "draft")
    day = read_day(value or "")
    return swedish_dates.day(day) if day else TEXTS("no_day")


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 10

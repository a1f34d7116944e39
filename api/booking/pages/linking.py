"""`/personal/vagledarkonton`: which account each counsellor logs in with. Administrators only."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse
from sqlalchemy import select

from api.booking.tables import Counsellor
from api.clock import Now
from api.database import ReadSession, WriteSession
from api.staff.addresses import told
from api.staff.audit import record
from api.staff.editing.storing import RowId, find
from api.staff.frame import staff_page
from api.staff.roles import Admin
from api.staff.tables import Account

router = APIRouter(include_in_schema=False)
PATH = "/personal/vagledarkonton"


@router.api_route(PATH, methods=["GET", "HEAD"])
def show(request: Request, account: Admin, session: ReadSession) -> HTMLResponse:
    """Every counsellor with the account that is linked."""
    rows = session.scalars(select(Counsellor)).unique()
    accounts = session.scalars(
        select(Account).where(Account.role == "counsellor", Account.active).order_by(Account.title)
    ).all()
    everybody = sorted(rows, key=lambda one: (one.node.town, one.title))
    taken = {one.account_id: one.title for one in everybody if one.account_id}
    return staff_page(
        request, account, "staff_counsellor_accounts.html", everybody=everybody, accounts=accounts, taken=taken
    )


@router.post(PATH + "/{counsellor_id}")
def link(
    account: Admin,
    session: WriteSession,
    now: Now,
    counsellor_id: RowId,
    konto: Annotated[str, Form(max_length=12)] = "",
) -> Response:
    """Link an account with the counsellor role, or none; who had it before loses it."""
    counsellor: Counsellor = find(session, Counsellor, counsellor_id, to_change=True)
    chosen: Account | None = find(session, Account, konto) if konto else None
    if chosen is not None and (chosen.role != "counsellor" or not chosen.active):
        chosen = None
    wanted = chosen.id if chosen else None
    if wanted != counsellor.account_id:
        if wanted is not None:
            for other in session.scalars(select(Counsellor).where(Counsellor.account_id == wanted)).unique():
                other.account_id = None
            session.flush()  # the account is unique: it is let go before it is given
        counsellor.account_id = wanted
        record(
            session,
            at=now,
            actor=account.actor,
            action="counsellor.account",
            subject=f"counsellor:{counsellor.id}",
            account=wanted,
        )
    return RedirectResponse(told(PATH, "konto_kopplat" if wanted else "konto_bortkopplat"), status_code=303)

"""“Mitt konto”: one's own password and sessions."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from api.clock import Now
from api.database import WriteSession
from api.errors import ApiError
from api.staff import accounts, logging_in, sessions
from api.staff.editing.storing import RowId
from api.staff.errors import PasswordsDiffer, PasswordWrong
from api.staff.frame import staff_page
from api.staff.logging_in import Gate
from api.staff.pages import GateOf, Text
from api.staff.passwords import SHORTEST
from api.staff.roles import Anyone
from api.staff.sessions import SignedIn

PATH = "/personal/konto"

router = APIRouter(include_in_schema=False)


@router.api_route(PATH, methods=["GET", "HEAD"])
def show(request: Request, account: Anyone, gate: GateOf) -> Response:
    """Who one is, the form that changes the password, and where one is logged in."""
    return _page(request, account, gate)


@router.post(f"{PATH}/losenord")
def change_password(
    request: Request, account: Anyone, gate: GateOf, old: Text = "", new: Text = "", again: Text = ""
) -> Response:
    """Change the password; all other sessions end."""
    try:
        logging_in.change_password(gate, account, old, new, again)
    except ApiError as error:
        return _page(request, account, gate, error)
    return RedirectResponse(f"{PATH}?klart=losenord", status_code=303)


@router.post(f"{PATH}/sessioner")
def end_others(account: Anyone, session: WriteSession, now: Now) -> Response:
    """Log out everywhere else."""
    accounts.end_sessions(session, account.id, by=account, now=now, keep=account.session_id)
    return RedirectResponse(f"{PATH}?klart=utloggade", status_code=303)


@router.post(PATH + "/sessioner/{session_id}")
def end_one(session_id: RowId, account: Anyone, session: WriteSession) -> Response:
    """Log out in one place. No error when that session has ended by itself, or was never one's own."""
    sessions.end(session, session_id, account_id=account.id)
    return RedirectResponse(f"{PATH}?klart=utloggad", status_code=303)


def _page(request: Request, account: SignedIn, gate: Gate, error: ApiError | None = None) -> Response:
    with gate.database.transaction(read_only=True) as session:
        living = sessions.living(session, gate.settings, account.id, gate.now)
    field = {PasswordWrong.code: "old", PasswordsDiffer.code: "again"}.get(error.code, "new") if error else ""
    return staff_page(
        request,
        account,
        "staff_own.html",
        status_code=error.status if error else 200,
        error=error.detail if error else None,
        wrong=field,
        sessions=living,
        shortest=SHORTEST,
        local=not gate.settings.oidc_only,
    )

"""“Konton”: administrators make, change and close accounts."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from api.clock import Now
from api.database import Database, WriteSession
from api.errors import ApiError
from api.staff import accounts
from api.staff.accounts import OneTimeLink
from api.staff.editing.storing import RowId
from api.staff.errors import LoginInvalid, LoginTaken, RoleUnknown
from api.staff.frame import staff_page
from api.staff.pages import Text
from api.staff.roles import ROLES, Admin
from api.staff.sessions import SignedIn

PATH = "/personal/konton"

router = APIRouter(include_in_schema=False)


@router.api_route(PATH, methods=["GET", "HEAD"])
def show(request: Request, account: Admin) -> Response:
    """All accounts, and the form for a new one."""
    return _page(request, account)


@router.post(PATH)
def create(request: Request, account: Admin, now: Now, login: Text = "", title: Text = "", role: Text = "") -> Response:
    """Make an account and show the link that sets its password, once."""
    database: Database = request.app.state.database
    try:
        with database.transaction() as session:
            made = accounts.create(session, login=login, title=title, role=role, now=now, actor=account.actor)
            local = not request.app.state.settings.oidc_only
            link = accounts.make_link(session, made, now=now, actor=account.actor) if local else None
    except ApiError as error:
        return _page(request, account, error, login=login, title=title, role=role)
    return _page(request, account, link=link, made=made.login)


@router.post(PATH + "/{account_id}/lank")
def make_link(account_id: RowId, request: Request, account: Admin, now: Now) -> Response:
    """Show a new one-time link, once. The account's password stays until the link is used."""
    database: Database = request.app.state.database
    with database.transaction() as session:
        link = accounts.make_link(session, accounts.get(session, account_id), now=now, actor=account.actor)
    return _page(request, account, link=link)


@router.post(PATH + "/{account_id}/roll")
def set_role(account_id: RowId, account: Admin, session: WriteSession, now: Now, role: Text = "") -> Response:
    """Give the account another role; its sessions end."""
    accounts.set_role(session, account_id, role, by=account, now=now)
    return RedirectResponse(f"{PATH}?klart=roll", status_code=303)


@router.post(PATH + "/{account_id}/stang")
def close(account_id: RowId, account: Admin, session: WriteSession, now: Now) -> Response:
    """Close the account: nobody can log in to it, and its sessions end."""
    accounts.set_active(session, account_id, False, by=account, now=now)
    return RedirectResponse(f"{PATH}?klart=stangt", status_code=303)


@router.post(PATH + "/{account_id}/oppna")
def open_again(account_id: RowId, account: Admin, session: WriteSession, now: Now) -> Response:
    """Open a closed account again, with the password it had."""
    accounts.set_active(session, account_id, True, by=account, now=now)
    return RedirectResponse(f"{PATH}?klart=oppnat", status_code=303)


@router.post(PATH + "/{account_id}/sessioner")
def end_sessions(account_id: RowId, account: Admin, session: WriteSession, now: Now) -> Response:
    """Log the account out everywhere, except here when it is one's own."""
    keep = account.session_id if account_id == account.id else None
    accounts.end_sessions(session, account_id, by=account, now=now, keep=keep)
    return RedirectResponse(f"{PATH}?klart=sessioner", status_code=303)


def _page(
    request: Request,
    account: SignedIn,
    error: ApiError | None = None,
    *,
    link: OneTimeLink | None = None,
    made: str = "",
    login: str = "",
    title: str = "",
    role: str = "",
) -> Response:
    database: Database = request.app.state.database
    settings = request.app.state.settings
    with database.transaction(read_only=True) as session:
        everyone = accounts.everyone(session)
    field = "title"
    if isinstance(error, LoginInvalid | LoginTaken):
        field = "login"
    elif isinstance(error, RoleUnknown):
        field = "role"
    return staff_page(
        request,
        account,
        "staff_accounts.html",
        status_code=error.status if error else 200,
        error=error.detail if error else None,
        wrong=field if error else "",
        everyone=everyone,
        roles=ROLES,
        link=f"{settings.base_url}/personal/lank/{link.token}" if link else "",
        link_login=link.account.login if link else "",
        made=made,
        filled={"login": login, "title": title, "role": role},
        local=not settings.oidc_only,
    )

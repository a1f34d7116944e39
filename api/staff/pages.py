"""Logging in and out, one-time links, and the start page of staff."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Depends, FastAPI, Form, Request, Response
from fastapi.responses import RedirectResponse

from api.clock import Now
from api.database import ReadSession
from api.errors import ApiError, problem
from api.pages import wants_html
from api.staff import accounts, chores, logging_in, sessions
from api.staff.addresses import PREFIX, onward
from api.staff.csrf import SAFE_METHODS
from api.staff.errors import LinkUnknown, NotSignedIn
from api.staff.frame import open_page, staff_page
from api.staff.logging_in import Gate
from api.staff.roles import OPEN, Anyone, Visitor
from api.staff.visitors import OpenedLink

LOGIN = "/personal/logga-in"
router = APIRouter(include_in_schema=False)

Text = Annotated[str, Form(max_length=1000)]


def _gate(request: Request, now: Now) -> Gate:
    state = request.app.state
    return Gate(state.database, state.settings, request.client.host if request.client else "", now)


GateOf = Annotated[Gate, Depends(_gate)]
"""Where the request comes from, for what counts attempts."""


def signed_in(request: Request, token: str, path: str) -> Response:
    """The answer to a log-in that succeeded: the cookie, and the page that was asked for."""
    response = RedirectResponse(onward(path), status_code=303)
    sessions.set_cookie(response, request.app.state.settings, token)
    return response


def login_page(
    request: Request, *, status_code: int = 200, error: str | None = None, login: str = "", path: str = PREFIX
) -> Response:
    """The log-in form; `path` is where it leads."""
    settings = request.app.state.settings
    return open_page(
        request,
        "staff_login.html",
        status_code=status_code,
        error=error,
        login=login,
        onward=onward(path),
        local=not settings.oidc_only,
        oidc=bool(settings.oidc_issuer),
        fresh_password=request.query_params.get("klart") == "losenord",
    )


@router.api_route(LOGIN, methods=["GET", "HEAD"], dependencies=[OPEN])
def show_login(request: Request, account: Visitor, vidare: str = PREFIX) -> Response:
    """The form; who is logged in already goes on."""
    return login_page(request, path=vidare) if account is None else RedirectResponse(onward(vidare), status_code=303)


@router.post(LOGIN, dependencies=[OPEN])
def log_in(request: Request, gate: GateOf, login: Text = "", password: Text = "", vidare: Text = PREFIX) -> Response:
    """Check log-in and password. The page says the same whatever was wrong."""
    try:
        token = logging_in.log_in(gate, login, password, former_token=sessions.cookie_of(request))
    except ApiError as error:
        return login_page(request, status_code=error.status, error=error.detail, login=login, path=vidare)
    return signed_in(request, token, vidare)


@router.post("/personal/logga-ut")
def log_out(request: Request, gate: GateOf, account: Anyone) -> Response:
    """End this session."""
    logging_in.log_out(gate, sessions.cookie_of(request))
    response = RedirectResponse(LOGIN, status_code=303)
    sessions.forget_cookie(response, request.app.state.settings)
    return response


@router.api_route(PREFIX, methods=["GET", "HEAD"])
def start(request: Request, account: Anyone, session: ReadSession, now: Now) -> Response:
    """Who is logged in, what waits to be done, and where one can go."""
    waiting = chores.waiting(request.app, session, account, now)
    return staff_page(request, account, "staff_start.html", chores=waiting)


@router.api_route("/personal/lank/{token}", methods=["GET", "HEAD"], dependencies=[OPEN, OpenedLink])
def show_link(token: str, request: Request, gate: GateOf) -> Response:
    """The form behind a one-time link. Opening it uses nothing up: mail filters open links too."""
    return _link_page(request, gate, token, lambda: gate.require_local())


@router.post("/personal/lank/{token}", dependencies=[OPEN, OpenedLink])
def use_link(token: str, request: Request, gate: GateOf, new: Text = "", again: Text = "") -> Response:
    """Set the password. Then one logs in with it, which shows that it was noted."""

    def change() -> Response:
        logging_in.use_link(gate, token, new, again)
        return RedirectResponse(f"{LOGIN}?klart=losenord", status_code=303)

    return _link_page(request, gate, token, change)


def _link_page(request: Request, gate: Gate, token: str, work: Callable[[], Response | None]) -> Response:
    """What `work` answers; otherwise the form, with the sentence of what went wrong."""
    error: ApiError | None = None
    try:
        with gate.database.transaction(read_only=True) as session:
            login = accounts.by_link(session, token, gate.now).login
        if done := work():
            return done
    except LinkUnknown as unknown:
        return open_page(request, "staff_link.html", status_code=404, error=unknown.detail, login=None, token="")
    except ApiError as wrong:
        error = wrong
    return open_page(
        request,
        "staff_link.html",
        status_code=error.status if error else 200,
        error=error.detail if error else None,
        login=login,
        token=token,
    )


def add_sign_in(app: FastAPI) -> None:
    """Lead people who must log in first to the form, and back again. Programs get the error."""

    @app.exception_handler(NotSignedIn)
    async def _not_signed_in(request: Request, error: NotSignedIn) -> Response:
        if not wants_html(request):
            return problem(error.code, error.status, error.detail)
        if request.method in SAFE_METHODS:
            path = request.url.path + (f"?{request.url.query}" if request.url.query else "")
            return RedirectResponse(f"{LOGIN}?vidare={quote(path, safe='')}", status_code=303)
        return login_page(request, status_code=error.status, error=error.detail)

"""Logging in through the organisation's own service (OpenID Connect)."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import RedirectResponse

from api.errors import ApiError, NotFound
from api.settings import Settings
from api.staff import logging_in, sessions
from api.staff.addresses import PREFIX, onward
from api.staff.audit import record
from api.staff.errors import OidcFailed, OidcNoAccount
from api.staff.logging_in import Gate
from api.staff.oidc import CALLBACK, Identity, Provider
from api.staff.oidc_accounts import account_of
from api.staff.pages import GateOf, login_page, signed_in
from api.staff.roles import OPEN
from api.staff.secrets import opened, sealed

START = "/personal/oidc"
_LASTS = timedelta(minutes=10)
_PURPOSE = "oidc"

router = APIRouter(include_in_schema=False, dependencies=[OPEN])


def _provider(request: Request) -> Provider:
    provider: Provider | None = request.app.state.oidc
    if provider is None:
        raise NotFound
    return provider


ProviderOf = Annotated[Provider, Depends(_provider)]


@router.get(START)
def begin(request: Request, gate: GateOf, provider: ProviderOf, vidare: str = PREFIX) -> Response:
    """Send the browser to the log-in service. Changes nothing here."""
    try:
        started = provider.begin()
    except ApiError as error:
        return login_page(request, status_code=error.status, error=error.detail, path=vidare)
    memory = sealed(gate.settings.secret_key, _PURPOSE, started.memory | {"onward": onward(vidare)}, gate.now, _LASTS)
    response = RedirectResponse(started.address, status_code=303, headers={"Cache-Control": "no-store"})
    sessions.set_private_cookie(response, gate.settings, _cookie(gate.settings), memory, _LASTS)
    return response


@router.get(CALLBACK)
def finish(request: Request, gate: GateOf, provider: ProviderOf) -> Response:
    """Take the answer that the browser brings back. Only the browser that began can show its cookie."""
    memory = opened(gate.settings.secret_key, _PURPOSE, request.cookies.get(_cookie(gate.settings), ""), gate.now)
    path = memory["onward"] if memory else PREFIX
    try:
        if memory is None:
            raise OidcFailed
        who = provider.finish(memory, dict(request.query_params), gate.now.timestamp())
        response = signed_in(request, _let_in(gate, who, sessions.cookie_of(request)), path)
    except ApiError as error:
        response = login_page(request, status_code=error.status, error=error.detail, path=path)
    sessions.set_private_cookie(response, gate.settings, _cookie(gate.settings), "", timedelta(0))
    return response


def _cookie(settings: Settings) -> str:
    """Of this host alone: a neighbour who could set it would log somebody in as himself."""
    return sessions.own_name(settings, "iv_oidc")


def _let_in(gate: Gate, who: Identity, former_token: str) -> str:
    with gate.database.transaction() as session:
        account = account_of(session, gate.settings, who, gate.now)
        if account is not None:
            return logging_in.let_in(session, gate, account, way="oidc", former_token=former_token)
        details = {"way": "oidc", "address": gate.hashed_address}
        record(session, at=gate.now, actor="anonymous", action="login_failed", subject="account:unknown", **details)
    raise OidcNoAccount

"""Who may do what: the only place that decides it.

A route under `/personal` declares its role with `RequireRole`, or says with `OPEN` that nobody need be logged in:

    @router.get("/personal/utbildningar")
    def courses(account: Annotated[SignedIn, RequireRole("staff")]) -> HTMLResponse: …

Both refuse changes that do not come from our own forms. A test calls every route in every role.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Annotated, Any

from fastapi import Depends, FastAPI, Request
from fastapi.dependencies.models import Dependant
from fastapi.routing import iter_route_contexts

from api.clock import Now
from api.staff import csrf, sessions
from api.staff.errors import NotSignedIn, RoleForbidden
from api.staff.sessions import Role, SignedIn

ROLES: tuple[Role, ...] = ("admin", "staff", "counsellor")
_CONTAINS: dict[Role, frozenset[Role]] = {
    "admin": frozenset({"admin", "staff"}),
    "staff": frozenset({"staff"}),
    "counsellor": frozenset({"counsellor"}),
}
"""What somebody in a role may do: an administrator also what staff do. Counsellors are apart."""


def current(request: Request, now: Now) -> SignedIn | None:
    """Who is logged in, if anybody."""
    token = sessions.cookie_of(request)
    return sessions.find(request.app.state.database, request.app.state.settings, token, now) if token else None


Visitor = Annotated[SignedIn | None, Depends(current)]
"""Who is logged in, if anybody."""


class Guard:
    """The dependency behind `RequireRole` and `OPEN`; `roles` are those that a route lets in, empty for everybody."""

    def __init__(self, roles: Iterable[Role]) -> None:
        self.roles = frozenset(roles)

    def allows(self, role: Role) -> bool:
        """Whether somebody in this role is let in."""
        return not self.roles or bool(self.roles & _CONTAINS[role])

    async def __call__(self, request: Request, account: Visitor) -> SignedIn | None:
        """The account. Raises NotSignedIn, RoleForbidden or FormNotOurs."""
        if not self.roles:
            await csrf.require_form_cookie(request)
            return account
        if account is None:
            raise NotSignedIn
        if not self.allows(account.role):
            raise RoleForbidden
        await csrf.require(request, account.csrf)
        return account


def RequireRole(*roles: Role) -> Any:
    """Dependency: the account, which has one of these roles or one that contains it."""
    return Depends(Guard(roles))


OPEN = Depends(Guard(()))
"""Dependency of a route under `/personal` that nobody need be logged in for, such as the log-in itself."""

Admin = Annotated[SignedIn, RequireRole("admin")]
Staff = Annotated[SignedIn, RequireRole("staff")]
Anyone = Annotated[SignedIn, RequireRole("admin", "staff", "counsellor")]
"""Anybody who is logged in."""


def declared(app: FastAPI) -> Iterator[tuple[str, str, Guard | None]]:
    """(method, path, guard) of every route of the app; None for a route that declares no role."""
    for route in iter_route_contexts(app.routes):
        path, methods = getattr(route, "path", None), getattr(route, "methods", None)
        for method in sorted(methods or ()):
            if path is not None:
                yield method, path, _guard(getattr(route, "dependant", None))


def _guard(dependant: Dependant | None) -> Guard | None:
    if dependant is None:
        return None
    if isinstance(dependant.call, Guard):
        return dependant.call
    found = filter(None, (_guard(inner) for inner in dependant.dependencies))
    return next(found, None)

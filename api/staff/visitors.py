"""What guards public pages that take a form or lie behind a secret link: where a form stands, and how often.

    @router.post("/traffar/…", dependencies=[OurForm, SentForm])
    router = APIRouter(prefix="/mote", dependencies=[OpenedLink])

There is no account, so no secret in the form either: it would grow old in a tab that was left open. Browsers say by
themselves where a form stands. Counted in this process.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Annotated

from fastapi import Depends, Request

from api.errors import RateLimited
from api.rates import Rate
from api.settings import Settings
from api.staff import throttle
from api.staff.csrf import from_our_pages
from api.staff.errors import FormNotOurs, LinkLimit
from api.staff.throttle import network_of


class VisitorLimits:
    """Per network address. `IV_RATE_LIMIT_ENABLED=false` switches them off."""

    def __init__(self, settings: Settings) -> None:
        self._enabled = settings.rate_limit_enabled
        self._links = Rate(settings.rate_limit_links)
        self._forms = Rate(settings.rate_limit_forms)

    def opened(self, address: str) -> None:
        """Count a page behind a secret link, for guesses at the secret. Raises LinkLimit."""
        if self._enabled and not self._links.hit(network_of(address)):
            raise LinkLimit

    def sent(self, address: str) -> None:
        """Count a form. Raises RateLimited."""
        if self._enabled and not self._forms.hit(network_of(address)):
            raise RateLimited


def _require_our_form(request: Request) -> None:
    if not from_our_pages(request):
        raise FormNotOurs


def _count_link(request: Request) -> None:
    limits: VisitorLimits = request.app.state.visitor_limits
    limits.opened(_address_of(request))


def _count_form(request: Request) -> None:
    limits: VisitorLimits = request.app.state.visitor_limits
    limits.sent(_address_of(request))


def _address_of(request: Request) -> str:
    return request.client.host if request.client else ""


def origin_of(request: Request, now: datetime) -> str:
    """What is kept of the address that a form comes from; the same as of a conversation from there."""
    settings: Settings = request.app.state.settings
    return throttle.origin_of(settings.secret_key, _address_of(request), now)


OurForm = Depends(_require_our_form)
"""Dependency of every public route that takes a form. Raises FormNotOurs."""
SentForm = Depends(_count_form)
"""Dependency of public routes whose form leaves something with us. Raises RateLimited."""


def _guess_counter(request: Request) -> Callable[[], None]:
    return lambda: _count_link(request)


OpenedLink = Depends(_count_link)
"""Dependency of every route behind a secret link. Raises LinkLimit."""
CountLink = Annotated[Callable[[], None], Depends(_guess_counter)]
"""Counts one guess at a secret link when it is called, and may raise LinkLimit; for routes that count only guesses."""

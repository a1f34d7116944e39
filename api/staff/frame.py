"""The frame of staff's pages: the menu, who is logged in, and the token of every form."""

from __future__ import annotations

import re

from fastapi import Request
from fastapi.responses import HTMLResponse

from api.pages import render
from api.staff import csrf, menu
from api.staff.sessions import SignedIn
from api.texts import Texts

_TEXTS = Texts.beside(__file__)
_BATCH = re.compile("[0-9a-f]{32}")
_PRIVATE = {"Cache-Control": "no-store", "X-Robots-Tag": "noindex", "Referrer-Policy": "same-origin"}


def staff_page(
    request: Request, account: SignedIn, template: str, *, status_code: int = 200, **context: object
) -> HTMLResponse:
    """A page for somebody who is logged in; `template` extends `staff_base.html`.

    Beside `context` it gets `account`, `menu`, `csrf` (for every form: `{{ forms.token(csrf) }}`), `error` (None),
    and what `addresses.told` put into the address: `done`, the sentence for a change that was just made, and `undo`,
    what the button "Ångra" takes back (empty for none): `{{ forms.done(done, undo, csrf, here) }}`. `here` is the
    address of the page.
    """
    values: dict[str, object] = {
        "account": account,
        "menu": menu.Menu.of(menu.places(request.app, account), request.url.path),
        "csrf": account.csrf,
        "done": _done(request),
        "undo": request.query_params.get("angra", "") if _is_batch(request.query_params.get("angra", "")) else "",
        "here": request.url.path + (f"?{request.url.query}" if request.url.query else ""),
        "error": None,
    }
    return render(request, template, status_code=status_code, headers=_PRIVATE, **values | context)


def _done(request: Request) -> str:
    key, count = request.query_params.get("klart", ""), request.query_params.get("antal", "")
    if f"done_{key}" not in _TEXTS.keys():  # noqa: SIM118 - not a dict
        return ""
    return _TEXTS(f"done_{key}", count=count if count.isascii() and count.isdigit() and len(count) < 8 else "")


def _is_batch(text: str) -> bool:
    return _BATCH.fullmatch(text) is not None


def open_page(request: Request, template: str, *, status_code: int = 200, **context: object) -> HTMLResponse:
    """A page under `/personal` for somebody who is not logged in, with a token for its forms."""
    settings = request.app.state.settings
    cookie = csrf.form_cookie(request)
    values: dict[str, object] = {
        "account": None,
        "menu": menu.EMPTY,
        "csrf": csrf.form_token(settings, cookie),
        "done": "",
        "undo": "",
        "here": request.url.path,
        "error": None,
    }
    response = render(request, template, status_code=status_code, headers=_PRIVATE, **values | context)
    csrf.set_form_cookie(response, settings, cookie)
    return response

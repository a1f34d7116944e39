"""The frame of staff's pages: the menu, who is logged in, and the token of every form."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml
from fastapi import FastAPI, Request
from fastapi.responses import HTMLResponse

from api.pages import render
from api.staff import csrf
from api.staff.roles import declared
from api.staff.sessions import SignedIn
from api.texts import Texts

_TEXTS = Texts.beside(__file__)
_PRIVATE = {"Cache-Control": "no-store", "X-Robots-Tag": "noindex", "Referrer-Policy": "same-origin"}


@dataclass(frozen=True)
class Place:
    """A page in the menu."""

    path: str
    title: str
    about: str


def staff_page(
    request: Request, account: SignedIn, template: str, *, status_code: int = 200, **context: object
) -> HTMLResponse:
    """A page for somebody who is logged in; `template` extends `staff_base.html`.

    Beside `context` it gets `account`, `menu`, `csrf` (for every form: `{{ forms.token(csrf) }}`), `error` (None) and
    `done` (the sentence for a change that was just made, named by `?klart=` in the address).
    """
    done = request.query_params.get("klart", "")
    values: dict[str, object] = {
        "account": account,
        "menu": menu(request.app, account),
        "csrf": account.csrf,
        "done": _TEXTS(f"done_{done}") if f"done_{done}" in _TEXTS.keys() else "",  # noqa: SIM118 - not a dict
        "error": None,
    }
    return render(request, template, status_code=status_code, headers=_PRIVATE, **values | context)


def open_page(request: Request, template: str, *, status_code: int = 200, **context: object) -> HTMLResponse:
    """A page under `/personal` for somebody who is not logged in, with a token for its forms."""
    settings = request.app.state.settings
    cookie = csrf.form_cookie(request)
    values: dict[str, object] = {
        "account": None,
        "menu": (),
        "csrf": csrf.form_token(settings, cookie),
        "done": "",
        "error": None,
    }
    response = render(request, template, status_code=status_code, headers=_PRIVATE, **values | context)
    csrf.set_form_cookie(response, settings, cookie)
    return response


def menu(app: FastAPI, account: SignedIn) -> list[Place]:
    """The pages that exist and that this account may open, in the order of `menu.yml`."""
    guards = {path: guard for method, path, guard in declared(app) if method == "GET"}
    return [
        place for place in _places() if (guard := guards.get(place.path)) is not None and guard.allows(account.role)
    ]


@cache
def _places() -> tuple[Place, ...]:
    entries: list[dict[str, str]] = yaml.safe_load(Path(__file__).with_name("menu.yml").read_text("utf-8"))
    return tuple(Place(**entry) for entry in entries)

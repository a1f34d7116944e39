"""Pages for people: one Jinja environment for the templates of every capability, and errors as pages.

Templates live in `api/templates/` and in `api/<capability>/templates/`; their names are unique across the folders.
A page extends `base.html` and fills the blocks `title` and `content` (and `head`, for what belongs in `<head>`).
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from functools import cache
from http import HTTPStatus
from pathlib import Path
from typing import Protocol

from fastapi import Request
from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from api import swedish_dates
from api.settings import Settings
from api.texts import Texts

_API = Path(__file__).parent
_MACHINE_PATHS = ("/api", "/internal", "/static")


class Office(Protocol):
    """Somebody to turn to: `address` may ask the database, `known` is what it said last."""

    known: str

    def address(self) -> str: ...


@cache
def environment() -> Environment:
    """The templates of all capabilities. HTML is escaped; a variable nobody gave is an error, not an empty string."""
    folders = [_API / "templates", *sorted(_API.glob("*/templates"))]
    env = Environment(
        loader=FileSystemLoader(folders),
        autoescape=select_autoescape(("html",)),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    env.filters.update(day=swedish_dates.day, moment=swedish_dates.moment)
    env.filters.update(tel=telephone_address, web_address=web_address)
    env.globals.update(site=Texts(_API / "pages.yml"), static=static_address)
    env.policies["json.dumps_kwargs"] = {"ensure_ascii": False}
    return env


def render(
    request: Request,
    name: str,
    *,
    status_code: int = 200,
    headers: Mapping[str, str] | None = None,
    **context: object,
) -> HTMLResponse:
    """The page made of the template `name`.

    Templates also get `path`, the path of the request, and `reach`, the address of somebody to turn to when the chat
    does not answer. A page about an error asks nobody for it: what it tells of may be that nobody answers.
    """
    office: Office = request.app.state.reach
    reach = office.address() if status_code < HTTPStatus.BAD_REQUEST else office.known
    html = environment().get_template(name).render(path=request.url.path, reach=reach, **context)
    return HTMLResponse(html, status_code, dict(headers or {}))


def absolute(request: Request, path: str) -> str:
    """The public address of `path`, for canonical links and structured data. Not taken from the Host header."""
    settings: Settings = request.app.state.settings
    return settings.base_url + path


def wants_html(request: Request) -> bool:
    """Whether an error should be shown as a page: somebody is reading, and not through the API."""
    path = request.url.path
    machine = any(path == prefix or path.startswith(f"{prefix}/") for prefix in _MACHINE_PATHS)
    return not machine and "text/html" in request.headers.get("accept", "")


def html_error(request: Request, status: int, detail: str) -> HTMLResponse | None:
    """An error as a page for somebody who reads: `detail` is the Swedish sentence, the page adds where to go.

    None when the request wants no page.
    """
    if not wants_html(request):
        return None
    return render(
        request,
        "error.html",
        status_code=status,
        headers={"Cache-Control": "no-store"},
        status=status,
        detail=detail,
    )


def telephone_address(number: str) -> str:
    """A Swedish telephone number as a `tel:` address in international form (RFC 3966)."""
    digits = re.sub(r"[^0-9+]", "", number)
    return "tel:" + (f"+46{digits[1:]}" if digits.startswith("0") else digits)


def web_address(address: str | None) -> str:
    """`address` if it is one a page may link to (https or http), otherwise an empty string."""
    return address if address and address.lower().startswith(("https://", "http://")) else ""


@cache
def static_address(name: str) -> str:
    """Address of a file in `api/static`, changed when its content changes, so that browsers never mix versions."""
    digest = hashlib.sha256((_API / "static" / name).read_bytes()).hexdigest()
    return f"/static/{name}?v={digest[:10]}"

"""Only our own pages may change things: a secret in every form, and what the browser says about where it comes from."""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import urlsplit

from fastapi import Request, Response
from starlette.datastructures import FormData

from api.settings import Settings
from api.staff.errors import FormNotOurs
from api.staff.secrets import keyed_hash, new_token, same
from api.staff.sessions import own_name, set_private_cookie

FIELD = "csrf"
HEADER = "x-csrf-token"
_COOKIE = "iv_form"
_COOKIE_LASTS = timedelta(hours=12)
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})


async def require(request: Request, expected: str) -> None:
    """Refuse a request that changes something unless it shows `expected` and comes from our own pages.

    Raises FormNotOurs.
    """
    if request.method in SAFE_METHODS:
        return
    shown = request.headers.get(HEADER) or _text(await _form(request))
    if not expected or not same(shown, expected) or not from_our_pages(request):
        await request.close()  # a file that came with the form
        raise FormNotOurs


def form_cookie(request: Request) -> str:
    """The secret of a browser that is not logged in; a new one when it has none yet."""
    return _shown_cookie(request) or new_token()


def form_token(settings: Settings, cookie: str) -> str:
    """What a form must show to a browser with that cookie; empty without a cookie."""
    return keyed_hash(settings.secret_key, "form", cookie) if cookie else ""


def set_form_cookie(response: Response, settings: Settings, cookie: str) -> None:
    """Hand the browser the other half of the form's token (double submit)."""
    set_private_cookie(response, settings, own_name(settings, _COOKIE), cookie, _COOKIE_LASTS)


async def require_form_cookie(request: Request) -> None:
    """`require` for forms that are shown before log-in. Raises FormNotOurs."""
    await require(request, form_token(request.app.state.settings, _shown_cookie(request)))


def _shown_cookie(request: Request) -> str:
    return request.cookies.get(own_name(request.app.state.settings, _COOKIE), "")


async def _form(request: Request) -> FormData:
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    return await request.form() if kind in {"application/x-www-form-urlencoded", "multipart/form-data"} else FormData()


def _text(form: FormData) -> str:
    value = form.get(FIELD)
    return value if isinstance(value, str) else ""


def from_our_pages(request: Request) -> bool:
    """The second line: browsers name the origin of a form by themselves, and a page cannot change what they say.

    True where a browser says nothing: only very old ones and those without scripts do not.
    """
    site = request.headers.get("sec-fetch-site")
    if site is not None:
        return site in {"same-origin", "none"}
    origin = request.headers.get("origin")
    return origin is None or _is_ours(request, origin)


def _is_ours(request: Request, origin: str) -> bool:
    settings: Settings = request.app.state.settings
    if settings.public_url:
        wanted = urlsplit(settings.public_url)
        return origin.lower() == f"{wanted.scheme}://{wanted.netloc}".lower()
    return urlsplit(origin).netloc.lower() == request.headers.get("host", "").lower()

"""The conversation that a browser has on the plain page: its id and token, in a cookie for that page alone."""

from __future__ import annotations

from typing import NamedTuple
from uuid import UUID

from fastapi import Request, Response

from api.settings import Settings

PATH = "/chatt"


class Held(NamedTuple):
    """Which conversation, and the token that opens it."""

    id: UUID
    token: str


def held_by(request: Request) -> Held | None:
    """What the browser shows; None without a conversation."""
    written = request.cookies.get(_name(request.app.state.settings), "")
    number, _, token = written.partition(".")
    try:
        return Held(UUID(number), token)
    except ValueError:
        return None


def hand_out(response: Response, settings: Settings, held: Held) -> None:
    """Let the browser keep the conversation until it is closed: the computer may be a library's."""
    _set(response, settings, f"{held.id}.{held.token}", None)


def take_back(response: Response, settings: Settings) -> None:
    """Make the browser forget it."""
    _set(response, settings, "", 0)


def _set(response: Response, settings: Settings, value: str, max_age: int | None) -> None:
    response.set_cookie(
        _name(settings),
        value,
        max_age=max_age,
        path=PATH,
        httponly=True,
        secure=_https(settings),
        samesite="lax",  # not strict: a link from a mail leads back into the conversation
    )


def _name(settings: Settings) -> str:
    """With https only an encrypted answer can set it. (`__Host-` would not allow a path of its own.)"""
    return "__Secure-iv_chatt" if _https(settings) else "iv_chatt"


def _https(settings: Settings) -> bool:
    return settings.base_url.startswith("https://")

"""Where the api listens: one door for people, and one for bot, action server and those who watch the service."""

from __future__ import annotations

import socket

from starlette.types import ASGIApp, Receive, Scope, Send

from api.errors import error_texts, problem
from api.settings import Settings

INSIDE = ("/internal/", "/metrics")
"""Beginnings of the paths that nobody outside has business with."""
EVERYWHERE = ("/health", "/ready")


class InnerDoor:
    """With `IV_INTERNAL_PORT` set, what is for inside is answered there only, and nothing else is.

    The port is that of the socket the request came in by: no header of a request has a say.
    """

    def __init__(self, app: ASGIApp, *, port: int) -> None:
        self._app, self._port = app, port

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"] in EVERYWHERE:
            return await self._app(scope, receive, send)
        came_inside = (scope.get("server") or ("", None))[1] == self._port
        if came_inside == scope["path"].startswith(INSIDE):
            return await self._app(scope, receive, send)
        return await problem("not_found", 404, error_texts()["not_found"])(scope, receive, send)


def open_doors(settings: Settings) -> list[socket.socket]:
    """Sockets that listen on `IV_HOST`:`IV_PORT` and, when it is set, `IV_INTERNAL_HOST`:`IV_INTERNAL_PORT`.

    Raises SystemExit with a sentence when a port cannot be had.
    """
    addresses = [(settings.host, settings.port)]
    if settings.internal_port is not None:
        addresses.append((settings.internal_host, settings.internal_port))
    return [_listening(host, port) for host, port in addresses]


def _listening(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    door = socket.socket(family)
    door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        door.bind((host, port))
    except OSError as error:
        door.close()
        raise SystemExit(f"Cannot listen on {host}, port {port}: {error.strerror}.") from None
    return door

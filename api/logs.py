"""Structured logs: one JSON object a line, with what the program names and never what a person wrote."""

from __future__ import annotations

import logging
import re
import sys
import time
from collections.abc import Callable, MutableMapping
from contextvars import ContextVar
from typing import Any
from uuid import UUID, uuid4

import structlog
from starlette.types import ASGIApp, Message, Receive, Scope, Send

log = logging.getLogger("api.access")

REQUEST_HEADER = "X-Request-ID"
_request: ContextVar[str] = ContextVar("request", default="")
_ID = re.compile(rb"[0-9a-f]{32}")
_INSIDE = "/internal/"
"""Below it the id of the request that made the caller ask is kept, so that one turn can be followed everywhere."""


def request_id() -> str:
    """Id of the request that is worked on; "" outside of any."""
    return _request.get()


def configure_logging() -> None:
    """Send all logging of the process to standard output as JSON."""
    formatter = structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=[
            structlog.stdlib.add_log_level,
            structlog.stdlib.add_logger_name,
            structlog.stdlib.ExtraAdder(),
            _tidy,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
        ],
        processors=[
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
    )
    handler = logging.StreamHandler(sys.stdout)
    handler.setFormatter(formatter)
    logging.basicConfig(level=logging.INFO, handlers=[handler], force=True)
    for noisy in ("httpx", "httpcore", "alembic", "sqlalchemy"):
        logging.getLogger(noisy).setLevel(logging.WARNING)


def _tidy(_: object, __: str, line: MutableMapping[str, Any]) -> MutableMapping[str, Any]:  # Any: structlog's own
    """Add the id of the request; take away colours, and all of an error but its class: it may repeat stored values."""
    if _request.get():
        line.setdefault("request", _request.get())
    line.pop("color_message", None)
    error = line.pop("exc_info", None)
    if isinstance(error, tuple) and error[0] is not None:
        line["error"] = error[0].__name__
    return line


class AccessLog:
    """Logs each request by its route template, so that ids and tokens in paths never reach the log."""

    def __init__(self, app: ASGIApp, *, note: Callable[[str, str, int, float], None] | None = None) -> None:
        """`note` is told method, route template, status and seconds of each request as well."""
        self._app, self._note = app, note

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return await self._app(scope, receive, send)
        request_id, started, status = _asked_by(scope) or uuid4().hex, time.perf_counter(), 500
        _request.set(request_id)

        async def sending(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                message["headers"] = [*message["headers"], (b"x-request-id", request_id.encode())]
            await send(message)

        try:
            await self._app(scope, receive, sending)
        finally:
            route = getattr(scope.get("route"), "path", "unmatched")
            seconds = time.perf_counter() - started
            conversation = _as_id(scope.get("path_params", {}).get("conversation_id"))
            log.info(
                "request",
                extra={
                    "request": request_id,
                    "method": scope["method"],
                    "route": route,
                    "status": status,
                    "ms": round(seconds * 1000, 1),
                }
                | ({"conversation": conversation} if conversation else {}),
            )
            if self._note is not None:
                self._note(scope["method"], route, status, seconds)


def _asked_by(scope: Scope) -> str:
    """The id that bot and actions hand on; "" for people's requests, and for what is no id of ours."""
    if not scope["path"].startswith(_INSIDE):
        return ""
    given = dict(scope["headers"]).get(REQUEST_HEADER.lower().encode(), b"")
    return given.decode() if _ID.fullmatch(given) else ""


def _as_id(given: object) -> str | None:
    """A conversation's id; None for anything else that somebody wrote in its place."""
    try:
        return str(UUID(str(given)))
    except ValueError:
        return None

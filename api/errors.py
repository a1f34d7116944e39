"""One error type with a stable code, and one JSON shape for every error (RFC 9457 problem details).

A capability subclasses ApiError beside its service. The Swedish sentence for each code is in `errors.yml`.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any, ClassVar

import yaml
from fastapi import FastAPI, Request, Response
from fastapi.encoders import jsonable_encoder
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from sqlalchemy.exc import OperationalError
from sqlalchemy.exc import TimeoutError as NoFreeConnection
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

log = logging.getLogger(__name__)
_STATUS_CODES = {
    401: "unauthorized",
    404: "not_found",
    405: "method_not_allowed",
    408: "too_slow",
    413: "too_large",
    415: "invalid",
}


class ApiError(Exception):
    """A business error. Subclasses set `code` (stable, for programs) and `status` (HTTP).

    `values` fill the Swedish sentence; `extra` becomes members of the problem document.
    """

    code: ClassVar[str] = "error"
    status: ClassVar[int] = 400

    def __init__(self, *, extra: dict[str, Any] | None = None, **values: object) -> None:  # Any: JSON
        self.values = values
        self.extra = extra or {}
        super().__init__(self.code)

    @property
    def detail(self) -> str:
        """The Swedish sentence for the person."""
        return error_texts()[self.code].format(**self.values)


class NotFound(ApiError):
    code = "not_found"
    status = 404


class Unauthorized(ApiError):
    code = "unauthorized"
    status = 401


class RateLimited(ApiError):
    code = "rate_limited"
    status = 429


class DatabaseDown(ApiError):
    """The database is gone, locked by somebody else for too long, or has no room left."""

    code = "database_down"
    status = 503


DATABASE_DOWN = (OperationalError, NoFreeConnection)
"""What SQLAlchemy raises then; nothing of the transaction was kept."""


@cache
def error_texts() -> dict[str, str]:
    """Code → Swedish sentence."""
    texts: dict[str, str] = yaml.safe_load(Path(__file__).with_name("errors.yml").read_text("utf-8"))
    return texts


def problem(code: str, status: int, detail: str, **extra: Any) -> JSONResponse:  # Any: JSON members
    """A problem document as a response."""
    body = {"type": f"urn:industrivagledaren:{code}", "title": code, "status": status, "detail": detail, "code": code}
    return JSONResponse(
        jsonable_encoder(body | extra),
        status,
        {"WWW-Authenticate": "Bearer"} if status == 401 else None,
        media_type="application/problem+json",
    )


PageError = Callable[[Request, int, str], Response | None]
"""Makes a page of an error for somebody who reads (status, sentence); None when a program asked."""


def add_error_handlers(app: FastAPI, page: PageError) -> None:
    """Give every failure of `app` the one shape, or `page`'s; nothing of the request is repeated in it."""

    def answer(request: Request, code: str, status: int, detail: str, **extra: Any) -> Response:  # Any: JSON members
        return page(request, status, detail) or problem(code, status, detail, **extra)

    @app.exception_handler(ApiError)
    async def _api_error(request: Request, error: ApiError) -> Response:
        return answer(request, error.code, error.status, error.detail, **error.extra)

    @app.exception_handler(OperationalError)
    @app.exception_handler(NoFreeConnection)
    async def _database_down(request: Request, error: Exception) -> Response:
        # The class only: the message repeats the statement's values.
        cause = type(getattr(error, "orig", None) or error).__name__
        log.error("database unavailable", extra={"route": _route(request.scope), "error": cause})
        down = DatabaseDown()
        return answer(request, down.code, down.status, down.detail)

    @app.exception_handler(RequestValidationError)
    async def _invalid(request: Request, error: RequestValidationError) -> Response:
        # The input itself is left out, and so is the name of a member that we did not ask for: a person may have
        # written either.
        known = [(e["loc"][:-1] if e["type"] == "extra_forbidden" else e["loc"], e["type"]) for e in error.errors()]
        fields = [{"field": ".".join(map(str, where)), "rule": rule} for where, rule in known]
        return answer(request, "invalid", 422, error_texts()["invalid"], fields=fields)

    @app.exception_handler(HTTPException)
    async def _http(request: Request, error: HTTPException) -> Response:
        code = _STATUS_CODES.get(error.status_code, "invalid" if error.status_code < 500 else "internal")
        return answer(request, code, error.status_code, error_texts()[code])

    app.add_middleware(_LastResort, answer=lambda request: answer(request, "internal", 500, error_texts()["internal"]))


def _route(scope: Scope) -> str:
    return str(getattr(scope.get("route"), "path", "unmatched"))


class _LastResort:
    """Answers what nobody foresaw, inside the other middleware: with their headers, and CORS.

    An exception handler would do it outside of them and raise the error again for the server to log, with the
    values it was about: a database error repeats what a person wrote.
    """

    def __init__(self, app: ASGIApp, answer: Callable[[Request], Response]) -> None:
        self._app, self._answer = app, answer

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        started = False

        async def sending(message: Message) -> None:
            nonlocal started
            started = started or message["type"] == "http.response.start"
            await send(message)

        try:
            await self._app(scope, receive, sending)
        except Exception as error:
            if scope["type"] != "http" or started:
                raise
            log.error("unhandled error", extra={"route": _route(scope), "error": type(error).__name__})
            await self._answer(Request(scope, receive))(scope, receive, send)

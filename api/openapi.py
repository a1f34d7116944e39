"""The OpenAPI document says what errors really look like: problem documents, everywhere.

FastAPI would promise its own shape for 422, which `api.errors` never sends, and nothing for all other errors.
"""

from __future__ import annotations

from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

_FRAMEWORK = ("HTTPValidationError", "ValidationError")
_PROBLEM: dict[str, Any] = {
    "title": "Problem",
    "description": "RFC 9457. `detail` is a Swedish sentence for a person, `code` is for programs and does not change.",
    "type": "object",
    "required": ["type", "title", "status", "detail", "code"],
    "properties": {
        "type": {"type": "string", "examples": ["urn:industrivagledaren:not_found"]},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "code": {"type": "string"},
    },
}
_ERROR = {
    "description": "A problem document.",
    "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}},
}
_ABOUT = (
    "The catalogue may be read by anybody, from any site and without a key: it holds what is published, and marks "
    "example data with `example`. Answers carry an ETag. The chat needs the token of its conversation."
)


def describe(app: FastAPI) -> None:
    """Make `app` give its document with our errors in it."""

    def document() -> dict[str, Any]:  # Any: OpenAPI
        if app.openapi_schema is None:
            made = get_openapi(title=app.title, version=app.version, description=_ABOUT, routes=app.routes)
            app.openapi_schema = _with_problems(made)
        return app.openapi_schema

    app.openapi = document  # type: ignore[method-assign]  # FastAPI's own way to change the document


def _with_problems(made: dict[str, Any]) -> dict[str, Any]:  # Any: OpenAPI
    schemas = made.setdefault("components", {}).setdefault("schemas", {})
    for name in _FRAMEWORK:
        schemas.pop(name, None)
    schemas["Problem"] = _PROBLEM
    for path in made["paths"].values():
        for operation in path.values():
            if "422" in operation["responses"]:
                operation["responses"]["422"] = _ERROR
            operation["responses"]["default"] = _ERROR
    return made

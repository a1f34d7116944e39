"""The OpenAPI document and the api keep to each other: schemathesis asks, with what the document allows and more."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from api.database import Database
from api.main import create_app
from api.settings import Settings

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]


@pytest.fixture
def api(seeded: Database) -> Iterator[Any]:  # schemathesis' schema
    app = create_app(
        Settings(rate_limit_enabled=False, bot_urls=("http://127.0.0.1:1",), jobsearch_url=""), database=seeded
    )
    yield schemathesis.openapi.from_asgi("/api/openapi.json", app)
    seeded.dispose()


def ask(operation: Any) -> None:
    """A dozen calls of one operation, always the same."""

    @settings(
        max_examples=12,
        deadline=None,
        derandomize=True,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy())
    def call(case: Any) -> None:
        case.call_and_validate(checks=CHECKS)

    call()


def test_no_answer_breaks_the_contract(api: Any) -> None:
    every = [found.ok() for found in api.get_all_operations()]
    operations = [operation for operation in every if operation.path.startswith("/api/")]
    assert len(operations) > 15
    for operation in operations:
        ask(operation)


def test_every_operation_of_the_document_is_explained_and_says_what_an_error_looks_like(api: Any) -> None:
    document = api.raw_schema
    operations = [(path, operation) for path, methods in document["paths"].items() for operation in methods.values()]
    assert {path for path, _ in operations} >= {
        "/api/v1/occasions",
        "/api/v1/emil3/educationEvents",
        "/api/v1/conversations",
    }
    for path, operation in operations:
        assert operation.get("description"), path
        assert "application/problem+json" in operation["responses"]["default"]["content"], path
    assert "HTTPValidationError" not in str(document)

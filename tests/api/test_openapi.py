"""The OpenAPI document and the api keep to each other: schemathesis asks, with what the document allows and more."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import GenerationMode
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

CHAT = "/api/v1/conversations"
ONE = f"{CHAT}/{{conversation_id}}"
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


EXAMPLES = 12
"""Calls of one operation, always the same."""


def ask(operation: Any, mode: GenerationMode = GenerationMode.POSITIVE, **values: Any) -> list[int]:
    """Call one operation with what the document allows, or with what it forbids; `values` are fixed. The statuses."""
    answered: list[int] = []

    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        derandomize=True,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy(mode, **values))
    def call(case: Any) -> None:
        answered.append(case.call_and_validate(checks=CHECKS).status_code)

    call()
    return answered


def operations_of(api: Any) -> list[Any]:
    every = [found.ok() for found in api.get_all_operations()]
    return [operation for operation in every if operation.path.startswith("/api/")]


def test_no_answer_breaks_the_contract(api: Any) -> None:
    operations = operations_of(api)
    assert len(operations) > 15
    for operation in operations:
        ask(operation)


def test_what_the_document_forbids_is_answered_as_it_says(api: Any) -> None:
    """A server error, or an answer that the document does not know, would fail."""
    answered = {
        operation.label: ask(operation, GenerationMode.NEGATIVE)
        for operation in operations_of(api)
        if [*operation.iter_parameters(), *operation.body]
    }
    assert len(answered) > 10
    assert all({404, 422} & set(statuses) for statuses in answered.values()), answered


def test_a_conversation_keeps_to_the_document_from_its_beginning_to_its_end(api: Any) -> None:
    """With the token that it began with; without, its addresses answer nothing but 401."""
    operations = {(operation.method.upper(), operation.path): operation for operation in operations_of(api)}
    begun = operations["POST", CHAT].Case(body={}).call_and_validate(checks=CHECKS).json()
    shown: dict[str, Any] = {
        "path_parameters": {"conversation_id": begun["conversation_id"]},
        "headers": {"Authorization": f"Bearer {begun['token']}"},
    }
    rated = {**shown, "path_parameters": {**shown["path_parameters"], "message_id": begun["messages"][0]["id"]}}
    say, rate = operations["POST", f"{ONE}/messages"], operations["POST", f"{ONE}/messages/{{message_id}}/feedback"]
    assert 200 in ask(say, **shown)
    assert set(ask(say, GenerationMode.NEGATIVE, **shown)) <= {400, 422}
    assert set(ask(rate, **rated)) == {204}
    assert set(ask(rate, GenerationMode.NEGATIVE, **rated)) <= {400, 422}
    assert set(ask(operations["GET", f"{ONE}/messages"], **shown)) == {200}
    assert set(ask(operations["GET", f"{ONE}/transcript.txt"], **shown)) == {200}
    assert ask(operations["DELETE", ONE], **shown)[0] == 204
    assert not {200, 204} & set(ask(say, **shown))


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

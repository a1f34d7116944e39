"""What tests of every part share: real databases with every migration applied, and a clock that stands still."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import text

from api.database import Database
from api.migrations.runner import migrate

POSTGRES = os.environ.get("IV_TEST_POSTGRES_URL", "")

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
"""A Monday, 10.00 in Sweden: what `now` is wherever a test does not say otherwise."""


@pytest.fixture
def now() -> datetime:
    return NOW


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """An empty, migrated database of each kind."""
    if request.param == "sqlite":
        url = f"sqlite:///{tmp_path / 'test.db'}"
    else:
        url = POSTGRES or pytest.skip("PostgreSQL is not here: set IV_TEST_POSTGRES_URL (.ci/run does)")
        empty_postgres(url)
    database = Database(url)
    migrate(database)
    yield database
    database.dispose()


def empty_postgres(url: str) -> None:
    """Drop everything in the test database, so that each test starts from nothing."""
    database = Database(url)
    with database.engine.begin() as connection:
        connection.execute(text("DROP SCHEMA public CASCADE"))
        connection.execute(text("CREATE SCHEMA public"))
    database.dispose()

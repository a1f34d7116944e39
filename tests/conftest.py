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
from tests.stack.running import Running, running

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


@pytest.fixture(scope="session")
def real(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """The four real processes, started once for all tests that talk to them (about 40 s)."""
    with running(tmp_path_factory.mktemp("stack")) as started:
        yield started


def empty_postgres(url: str) -> None:
    """Drop everything in the test database, so that each test starts from nothing."""
    database = Database(url)
    with database.engine.begin() as connection:
        connection.execute(text("DROP SCHEMA public CASCADE"))
        connection.execute(text("CREATE SCHEMA public"))
    database.dispose()

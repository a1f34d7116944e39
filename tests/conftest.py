"""What tests of every part share: real databases with every migration applied, and a clock that stands still."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from shutil import copy

import pytest
from sqlalchemy import create_engine, make_url, text

from api.database import Database
from api.migrations.runner import migrate
from api.seed.load import seed
from tests.stack.running import Running, running

POSTGRES = os.environ.get("IV_TEST_POSTGRES_URL", "")
_PROCESS = os.environ.get("PYTEST_XDIST_WORKER", "")
"""Which of several pytest processes this is; empty when there is only one."""

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
"""A Monday, 10.00 in Sweden: what `now` is wherever a test does not say otherwise."""


@pytest.fixture
def now() -> datetime:
    return NOW


@dataclass
class MovableClock:
    """A clock that stands still until somebody moves it."""

    now: datetime

    def __call__(self) -> datetime:
        return self.now

    def move(self, **by: float) -> None:
        """Forward by a timedelta."""
        self.now += timedelta(**by)


@pytest.fixture
def clock(now: datetime) -> MovableClock:
    return MovableClock(now)


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """An empty, migrated database of each kind, copied from one that was migrated once."""
    if request.param == "sqlite":
        template: Path = request.getfixturevalue("migrated_file")
        database = Database(f"sqlite:///{copy(template, tmp_path / 'test.db')}")
    else:
        database = copy_postgres(request.getfixturevalue("migrated_postgres"))
    yield database
    database.dispose()


@pytest.fixture(scope="session")
def migrated_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated SQLite file; tests work on copies."""
    path = tmp_path_factory.mktemp("migrated") / "migrated.db"
    database = Database(f"sqlite:///{path}")
    migrate(database)
    database.dispose()
    return path


@pytest.fixture(scope="session")
def migrated_postgres() -> str:
    """The name of a migrated PostgreSQL database; tests work on copies."""
    return postgres_template("iv_migrated", migrate)


@pytest.fixture(scope="session")
def seeded_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated and seeded SQLite file; tests work on copies."""
    path = tmp_path_factory.mktemp("seeded") / "seeded.db"
    database = Database(f"sqlite:///{path}")
    fill_with_seed(database)
    database.dispose()
    return path


def fill_with_seed(database: Database) -> None:
    """Tables and the data a new installation starts with."""
    migrate(database)
    with database.transaction() as session:
        seed(session, NOW)


@pytest.fixture(scope="session")
def real(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """The four real processes, started once for all tests that talk to them (about 40 s)."""
    with running(tmp_path_factory.mktemp("stack")) as started:
        yield started


def postgres_template(name: str, fill: Callable[[Database], None]) -> str:
    """Make a PostgreSQL database of that name anew and fill it; skips the test where there is no server."""
    database = postgres_database(name)
    fill(database)
    database.dispose()
    return name + _PROCESS


def postgres_database(name: str) -> Database:
    """An empty database of that name on the test server; skips the test where there is no server."""
    if not POSTGRES:
        pytest.skip("PostgreSQL is not here: set IV_TEST_POSTGRES_URL (.ci/run does)")
    name += _PROCESS
    _recreate(name)
    return Database(_url_of(name))


def copy_postgres(template: str) -> Database:
    """A copy of a template; the tests of one pytest process follow one another and use the same name."""
    name = f"iv_test_copy{_PROCESS}"
    _recreate(name, template)
    return Database(_url_of(name))


def _recreate(name: str, template: str = "template1") -> None:
    server = create_engine(_url_of(None), isolation_level="AUTOCOMMIT")
    with server.connect() as connection:
        # Not WITH (FORCE): that also wants to end the server's own clean-up, which an ordinary role may not.
        connection.execute(
            text("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = :name AND usename = USER"),
            {"name": name},
        )
        connection.execute(text(f'DROP DATABASE IF EXISTS "{name}"'))
        connection.execute(text(f'CREATE DATABASE "{name}" TEMPLATE "{template}"'))
    server.dispose()


def _url_of(name: str | None) -> str:
    """The test server's address, for another database than the one it names."""
    url = make_url(POSTGRES).set(drivername="postgresql+psycopg")
    return (url.set(database=name) if name else url).render_as_string(hide_password=False)

"""What tests of several capabilities share: databases filled with the data a new installation starts with."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from shutil import copy

import pytest

from api.database import Database
from api.migrations.runner import migrate
from api.seed.load import seed
from tests.conftest import POSTGRES, empty_postgres


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


@pytest.fixture(scope="session")
def seeded_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated and seeded SQLite file; tests work on copies."""
    path = tmp_path_factory.mktemp("seeded") / "seeded.db"
    database = Database(f"sqlite:///{path}")
    migrate(database)
    with database.transaction() as session:
        seed(session, datetime(2026, 11, 23, 9, 0, tzinfo=UTC))
    database.dispose()
    return path


@pytest.fixture
def seeded(seeded_file: Path, tmp_path: Path) -> Iterator[Database]:
    """The real seed data in SQLite."""
    database = Database(f"sqlite:///{copy(seeded_file, tmp_path / 'seeded.db')}")
    yield database
    database.dispose()


@pytest.fixture(params=["sqlite", "postgresql"])
def seeded_both(request: pytest.FixtureRequest, tmp_path: Path, seeded_file: Path, now: datetime) -> Iterator[Database]:
    """The real seed data in a database of each kind."""
    if request.param == "sqlite":
        database = Database(f"sqlite:///{copy(seeded_file, tmp_path / 'seeded.db')}")
    else:
        url = POSTGRES or pytest.skip("PostgreSQL is not here: set IV_TEST_POSTGRES_URL (.ci/run does)")
        empty_postgres(url)
        database = Database(url)
        migrate(database)
        with database.transaction() as session:
            seed(session, now)
    yield database
    database.dispose()

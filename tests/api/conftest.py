"""What tests of several capabilities share: databases filled with the data a new installation starts with."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from shutil import copy

import pytest

from api.database import Database
from api.migrations.runner import migrate
from api.seed.load import seed
from tests.conftest import NOW, copy_postgres, postgres_template


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
    _fill(database)
    database.dispose()
    return path


@pytest.fixture(scope="session")
def seeded_postgres() -> str:
    """The name of a migrated and seeded PostgreSQL database; tests work on copies."""
    return postgres_template("iv_seeded", _fill)


def _fill(database: Database) -> None:
    migrate(database)
    with database.transaction() as session:
        seed(session, NOW)


@pytest.fixture
def seeded(seeded_file: Path, tmp_path: Path) -> Iterator[Database]:
    """The real seed data in SQLite."""
    database = Database(f"sqlite:///{copy(seeded_file, tmp_path / 'seeded.db')}")
    yield database
    database.dispose()


@pytest.fixture(params=["sqlite", "postgresql"])
def seeded_both(request: pytest.FixtureRequest, tmp_path: Path, seeded_file: Path) -> Iterator[Database]:
    """The real seed data in a database of each kind."""
    if request.param == "sqlite":
        database = Database(f"sqlite:///{copy(seeded_file, tmp_path / 'seeded.db')}")
    else:
        database = copy_postgres(request.getfixturevalue("seeded_postgres"))
    yield database
    database.dispose()

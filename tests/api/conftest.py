"""What tests of several capabilities share: databases filled with the data a new installation starts with."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from shutil import copy

import pytest

from api.database import Database
from tests.conftest import copy_postgres, fill_with_seed, postgres_template


@pytest.fixture(scope="session")
def seeded_postgres() -> str:
    """The name of a migrated and seeded PostgreSQL database; tests work on copies."""
    return postgres_template("iv_seeded", fill_with_seed)


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

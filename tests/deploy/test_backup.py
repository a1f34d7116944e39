"""A backup that cannot be restored is none: both scripts, with PostgreSQL's own tools and the product's seed data."""

from __future__ import annotations

import os
import shutil
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import inspect, text

from api.database import Database
from deploy.local.config import ROOT
from tests.conftest import fill_with_seed, postgres_database

TOOLS = ("sh", "pg_dump", "pg_restore", "psql")
Script = Callable[..., subprocess.CompletedProcess[str]]

pytestmark = pytest.mark.skipif(not all(map(shutil.which, TOOLS)), reason="PostgreSQL's tools are not here")


@pytest.fixture
def script(tmp_path: Path) -> Script:
    """Runs one of the scripts on a database, as an operator does."""

    def run(name: str, database: Database, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
        address = database.engine.url.render_as_string(hide_password=False)
        env = os.environ | {"IV_DATABASE_URL": address, "BACKUP_DIR": str(tmp_path)}
        command = ["sh", ROOT / "deploy" / name, *arguments]
        return subprocess.run(command, env=env, capture_output=True, text=True, check=False)

    return run


def counts(database: Database) -> dict[str, int]:
    """Rows of every table."""
    tables = inspect(database.engine).get_table_names()
    with database.transaction(read_only=True) as session:
        return {table: session.execute(text(f'SELECT count(*) FROM "{table}"')).scalar_one() for table in tables}


def test_what_was_backed_up_is_there_again_and_works(script: Script, tmp_path: Path) -> None:
    source, target = postgres_database("iv_backup_from"), postgres_database("iv_backup_to")
    try:
        fill_with_seed(source)
        assert script("backup.sh", source).returncode == 0
        (dump,) = tmp_path.glob("*.dump")
        assert dump.stat().st_mode & 0o077 == 0
        assert script("restore.sh", target, dump).returncode == 0
        assert counts(target) == counts(source)
        assert counts(target)["occasion"] > 0
        fill_with_seed(target)  # brings a database up to date; this one is
        assert counts(target) == counts(source)
    finally:
        source.dispose()
        target.dispose()


def test_a_database_that_is_not_empty_is_left_as_it_is(script: Script, tmp_path: Path) -> None:
    source, target = postgres_database("iv_backup_from"), postgres_database("iv_backup_to")
    try:
        for database in (source, target):
            with database.engine.begin() as connection:
                connection.execute(text("CREATE TABLE note (words text)"))
        with target.engine.begin() as connection:
            connection.execute(text("INSERT INTO note VALUES ('kvar')"))
        script("backup.sh", source)
        (dump,) = tmp_path.glob("*.dump")
        refused = script("restore.sh", target, dump)
        assert refused.returncode == 1
        assert "not empty" in refused.stderr
        assert counts(target) == {"note": 1}
    finally:
        source.dispose()
        target.dispose()


def test_a_damaged_backup_restores_nothing(script: Script, tmp_path: Path) -> None:
    source, target = postgres_database("iv_backup_from"), postgres_database("iv_backup_to")
    try:
        fill_with_seed(source)
        script("backup.sh", source)
        (dump,) = tmp_path.glob("*.dump")
        dump.write_bytes(dump.read_bytes()[: dump.stat().st_size // 2])
        assert script("restore.sh", target, dump).returncode != 0
        assert counts(target) == {}
    finally:
        source.dispose()
        target.dispose()


def test_a_database_that_is_away_leaves_no_file_behind(script: Script, tmp_path: Path) -> None:
    away = Database("postgresql+psycopg://iv@127.0.0.1:1/iv")
    assert script("backup.sh", away).returncode != 0
    assert list(tmp_path.glob("*.dump")) == []
    away.dispose()


def test_backups_older_than_fourteen_days_go(script: Script, tmp_path: Path) -> None:
    """What people have had erased must not live on in a copy for ever; /integritet says fourteen days."""
    source = postgres_database("iv_backup_from")
    try:
        for days in (13, 16):
            old = tmp_path / f"industrivagledaren-{days}.dump"
            old.touch()
            os.utime(old, (time.time() - days * 86_400,) * 2)
        assert script("backup.sh", source).returncode == 0
    finally:
        source.dispose()
    names = {path.name for path in tmp_path.glob("*.dump")}
    assert "industrivagledaren-13.dump" in names
    assert "industrivagledaren-16.dump" not in names
    assert len(names) == 2

"""Migrations while people use the service: they give way instead of making everybody wait, and come through."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from alembic.script import ScriptDirectory
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from api.database import Database
from api.migrations import runner
from api.migrations.runner import migrate
from tests.conftest import postgres_database

BEFORE = "2026_11_22_row_change"
"""The migrations after it change tables that every booking uses."""
PATIENCE = 60.0
"""Seconds until a thread that never comes to its end fails the test."""


@pytest.fixture
def served() -> Iterator[Database]:
    """A database of an earlier version."""
    database = postgres_database("iv_migrating")
    migrate(database, BEFORE)
    yield database
    database.dispose()


def version(database: Database) -> str:
    with database.transaction(read_only=True) as session:
        return str(session.execute(text("SELECT version_num FROM alembic_version")).scalar_one())


def newest() -> str:
    return str(ScriptDirectory(str(Path(runner.__file__).parent)).get_current_head())


def read_meetings(database: Database) -> None:
    """What a page does, given up after as long as people wait for an answer."""
    with database.transaction(read_only=True) as session:
        session.execute(text("SET LOCAL statement_timeout = '4s'"))
        session.execute(text("SELECT count(*) FROM meeting")).scalar_one()


def test_whoever_uses_a_table_for_long_holds_up_the_migration_and_nobody_else(served: Database) -> None:
    gave_way = threading.Semaphore(0)
    freed = threading.Event()

    def pause(_: float) -> None:
        gave_way.release()
        freed.wait(PATIENCE)

    with ThreadPoolExecutor(1) as pool, served.engine.connect() as report:
        report.execute(text("SELECT * FROM meeting"))  # a long report
        running = pool.submit(migrate, served, sleep=pause)
        while not gave_way.acquire(blocking=False):
            assert not running.done(), running.exception()
            read_meetings(served)
        report.rollback()
        freed.set()
        running.result(PATIENCE)
    assert version(served) == newest()


def test_a_lock_that_is_never_free_is_an_error_and_what_is_done_stays_done(served: Database) -> None:
    with served.engine.connect() as report:
        report.execute(text("SELECT * FROM meeting"))
        with pytest.raises(OperationalError, match="lock timeout"):
            migrate(served, tries=2, sleep=lambda _: None)
    assert version(served) == BEFORE
    migrate(served)
    assert version(served) == newest()


def test_the_connections_of_the_service_wait_as_long_as_before(served: Database) -> None:
    migrate(served)
    for _ in range(3):
        with served.engine.connect() as connection:
            assert connection.execute(text("SHOW lock_timeout")).scalar_one() == "0"


def test_several_who_begin_at_once_bring_it_up_to_date_once(served: Database) -> None:
    with ThreadPoolExecutor(3) as pool:
        for running in [pool.submit(migrate, served) for _ in range(3)]:
            running.result(PATIENCE)
    assert version(served) == newest()


def test_a_migration_that_fails_leaves_those_before_it_done(served: Database) -> None:
    with served.engine.begin() as connection:
        connection.execute(text("CREATE TABLE insight_phrase (id integer)"))  # in the way of a later one
    with pytest.raises(Exception, match="insight_phrase"):
        migrate(served)
    assert version(served) not in {BEFORE, newest()}
    with served.engine.begin() as connection:
        connection.execute(text("DROP TABLE insight_phrase"))
    migrate(served)
    assert version(served) == newest()

"""Applying migrations from Python, also while others use the database."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection
from sqlalchemy.exc import OperationalError

from api.database import Database

log = logging.getLogger(__name__)
_FOLDER = Path(__file__).parent

_LOCK_WAIT = "500ms"
"""How long a change of a table waits for those who use it. Everybody who comes later waits behind it, so it is short;
and shorter than PostgreSQL's own wait before it ends one of two who wait for each other (a second)."""
_GAVE_WAY = {"55P03", "40P01"}
"""PostgreSQL's codes for a lock that was not to be had, and for two who waited for each other."""
_TRIES = 120
_LONGEST_PAUSE = 5.0


def migrate(
    database: Database, revision: str = "head", *, tries: int = _TRIES, sleep: Callable[[float], None] = time.sleep
) -> None:
    """Bring the database to `revision`. Safe to repeat, and several processes may begin at once.

    SQLite: in one transaction. PostgreSQL: one for each migration, which gives way to whoever uses the table and is
    tried again after a pause, up to `tries` times (some minutes); then OperationalError, and what is done stays done.
    """
    if database.is_sqlite:
        with database.engine.begin() as connection:
            command.upgrade(_config(connection), revision)
        return
    with _alone(database):
        for attempt in range(tries):
            try:
                with _impatient(database) as connection:
                    command.upgrade(_config(connection), revision)
                return
            except OperationalError as error:
                if getattr(error.orig, "sqlstate", None) not in _GAVE_WAY or attempt == tries - 1:
                    raise
                log.info("a migration gave way and is tried again")
            sleep(min(0.5 * 2**attempt, _LONGEST_PAUSE))


@contextmanager
def _alone(database: Database) -> Iterator[None]:
    """Hold what only one process at a time may hold."""
    with database.engine.begin() as connection:
        connection.exec_driver_sql("SELECT pg_advisory_xact_lock(7130421)")
        yield


@contextmanager
def _impatient(database: Database) -> Iterator[Connection]:
    """A connection of its own, outside of any transaction, that does not wait long for locks."""
    with database.engine.connect() as connection:
        connection.detach()  # not to be used by anybody else afterwards
        with connection.begin():
            connection.exec_driver_sql(f"SET lock_timeout = '{_LOCK_WAIT}'")
        yield connection


def _config(connection: Connection) -> Config:
    config = Config()
    config.set_main_option("script_location", str(_FOLDER))
    config.attributes["connection"] = connection
    return config

"""Applying migrations from Python."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection

from api.database import Database

_FOLDER = Path(__file__).parent


def migrate(database: Database) -> None:
    """Bring the database to the newest version, in one transaction. Safe to repeat."""
    with database.engine.begin() as connection:
        if not database.is_sqlite:
            connection.exec_driver_sql("SELECT pg_advisory_xact_lock(7130421)")  # several processes may start at once
        command.upgrade(_config(connection), "head")


def _config(connection: Connection) -> Config:
    config = Config()
    config.set_main_option("script_location", str(_FOLDER))
    config.attributes["connection"] = connection
    return config

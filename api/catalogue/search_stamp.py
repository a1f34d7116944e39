"""A stamp on the catalogue that changes with every committed change, so that what was read from it can be kept.

Triggers on the tables that a search reads keep it true, whatever path a change took. The stamp is all values of
`catalogue_stamp` together. On SQLite, where one writes at a time, that is one number that grows. On PostgreSQL writers
must not wait for each other here, and transactions do not commit in the order they began: each adds its own number,
and takes away those that no running transaction can be older than.
Trap: Alembic's batch mode on SQLite recreates a table and loses its triggers; a migration that uses it on one of these
tables calls `install` again.
"""

from __future__ import annotations

from sqlalchemy import Connection, text
from sqlalchemy.orm import Session

TABLE = "catalogue_stamp"
WATCHED = ("occasion", "course", "node", "municipality", "occupation")
_EVENTS = ("insert", "update", "delete")

_POSTGRES = f"""CREATE FUNCTION {TABLE}_renew() RETURNS trigger LANGUAGE plpgsql AS $$
    DECLARE mine BIGINT := pg_current_xact_id()::text::bigint;
    BEGIN
      IF NOT EXISTS (SELECT 1 FROM {TABLE} WHERE stamp = mine) THEN
        INSERT INTO {TABLE} (stamp) VALUES (mine);
        IF pg_try_advisory_xact_lock(hashtext('{TABLE}')) THEN
          DELETE FROM {TABLE} WHERE stamp < pg_snapshot_xmin(pg_current_snapshot())::text::bigint;
        END IF;
      END IF;
      RETURN NULL;
    END $$"""  # noqa: S608 - constants, no input


Stamp = tuple[int, ...]


def read_stamp(session: Session | Connection) -> Stamp:
    """The stamp of the catalogue as this transaction sees it. Two equal ones mean that nothing has changed."""
    return tuple(session.execute(text(f"SELECT stamp FROM {TABLE} ORDER BY stamp")).scalars())  # noqa: S608


def install(connection: Connection) -> None:
    """Create the stamp and its triggers, replacing older ones. Called by migrations, after the tables exist."""
    remove(connection)
    connection.exec_driver_sql(f"CREATE TABLE {TABLE} (stamp BIGINT NOT NULL PRIMARY KEY)")
    connection.exec_driver_sql(f"INSERT INTO {TABLE} (stamp) VALUES (0)")  # noqa: S608
    if connection.dialect.name == "sqlite":
        for table in WATCHED:
            for event in _EVENTS:
                connection.exec_driver_sql(
                    f"CREATE TRIGGER {_trigger(table, event)} AFTER {event.upper()} ON {table} "  # noqa: S608
                    f"BEGIN UPDATE {TABLE} SET stamp = stamp + 1; END"
                )
    else:
        connection.exec_driver_sql(_POSTGRES)
        for table in WATCHED:
            connection.exec_driver_sql(
                f"CREATE TRIGGER {_trigger(table, 'any')} AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON {table} "
                f"FOR EACH STATEMENT EXECUTE FUNCTION {TABLE}_renew()"
            )


def remove(connection: Connection) -> None:
    """Drop the stamp with everything that feeds it."""
    for table in WATCHED:
        if connection.dialect.name == "sqlite":
            for event in _EVENTS:
                connection.exec_driver_sql(f"DROP TRIGGER IF EXISTS {_trigger(table, event)}")
        else:
            connection.exec_driver_sql(f"DROP TRIGGER IF EXISTS {_trigger(table, 'any')} ON {table}")
    if connection.dialect.name != "sqlite":
        connection.exec_driver_sql(f"DROP FUNCTION IF EXISTS {TABLE}_renew()")
    connection.exec_driver_sql(f"DROP TABLE IF EXISTS {TABLE}")


def _trigger(table: str, event: str) -> str:
    return f"{table}_{TABLE}_{event}"

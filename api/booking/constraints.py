"""The database itself refuses two live meetings of one counsellor that overlap, whatever path wrote them.

PostgreSQL: an exclusion constraint. SQLite: one trigger for INSERT and one for UPDATE (without the second one a move
double-books). Both arrive as IntegrityError. Trap: Alembic's batch mode on SQLite recreates the table and loses the
triggers, so every migration that touches `meeting` calls `install` again, and `verify` refuses to serve without them.
"""

from __future__ import annotations

from sqlalchemy import Connection, text
from sqlalchemy.exc import IntegrityError

GUARD = "meeting_no_overlap"
_SQLITE_NAMES = (f"{GUARD}_insert", f"{GUARD}_update")

_POSTGRES = (
    "CREATE EXTENSION IF NOT EXISTS btree_gist",
    f"ALTER TABLE meeting DROP CONSTRAINT IF EXISTS {GUARD}",
    f"""ALTER TABLE meeting ADD CONSTRAINT {GUARD} EXCLUDE USING gist
        (counsellor_id WITH =, tstzrange(block_from, block_to, '[)') WITH &&)
        WHERE (status IN ('held', 'confirmed') AND NOT staff_override)""",
)

# The text comparison of times is right because UtcDateTime stores one fixed format.
_SQLITE_BODY = f"""
    WHEN NEW.status IN ('held', 'confirmed') AND NEW.staff_override = 0
    BEGIN
      SELECT RAISE(ABORT, '{GUARD}') WHERE EXISTS (
        SELECT 1 FROM meeting other WHERE other.counsellor_id = NEW.counsellor_id AND other.id IS NOT NEW.id
          AND other.status IN ('held', 'confirmed') AND other.staff_override = 0
          AND other.block_from < NEW.block_to AND other.block_to > NEW.block_from);
    END"""  # noqa: S608 - a constant, no input
_SQLITE = (
    f"DROP TRIGGER IF EXISTS {_SQLITE_NAMES[0]}",
    f"DROP TRIGGER IF EXISTS {_SQLITE_NAMES[1]}",
    f"CREATE TRIGGER {_SQLITE_NAMES[0]} BEFORE INSERT ON meeting {_SQLITE_BODY}",
    f"CREATE TRIGGER {_SQLITE_NAMES[1]} "
    f"BEFORE UPDATE OF counsellor_id, block_from, block_to, status, staff_override ON meeting {_SQLITE_BODY}",
)


class GuardMissing(RuntimeError):
    """The database would accept double bookings; the message says what is missing and how to mend it."""


def install(connection: Connection) -> None:
    """Create the guard, replacing an older one. Called by migrations, after the table exists."""
    for statement in _SQLITE if connection.dialect.name == "sqlite" else _POSTGRES:
        connection.exec_driver_sql(statement)


def verify(connection: Connection) -> None:
    """Raise GuardMissing unless the guard is in place. Called at start, before anything is served."""
    if connection.dialect.name == "sqlite":
        found = connection.scalars(
            text("SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'meeting'")
        ).all()
        missing = [name for name in _SQLITE_NAMES if name not in found]
    else:
        found = connection.scalars(
            text("SELECT conname FROM pg_constraint WHERE conrelid = to_regclass('meeting') AND contype = 'x'")
        ).all()
        missing = [GUARD] if GUARD not in found else []
    if missing:
        raise GuardMissing(
            f"the guard against double booking is missing ({', '.join(missing)}); "
            "run the migrations, or api.booking.constraints.install, before starting"
        )


def is_overlap(error: IntegrityError) -> bool:
    """Whether the database refused a meeting because its time is taken."""
    return getattr(error.orig, "sqlstate", None) == "23P01" or GUARD in str(error.orig)

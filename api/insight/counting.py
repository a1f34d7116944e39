"""Figures that are kept by key: added to, set, never lowered, or left. Safe when several processes count at once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Literal

from sqlalchemy import case, inspect
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from api.database import Base

How = Literal["add", "set", "raise", "keep"]
"""What a new count does to a stored one: is added to it, takes its place, takes it only when it is higher, or nothing.

"keep" is for rows without `count`, too."""

_ROWS_AT_ONCE = 500
"""Five columns of so many rows stay below the number of values that SQLite takes in one statement."""


def store(session: Session, model: type[Base], rows: Iterable[Mapping[str, Any]], how: How) -> None:  # Any: columns
    """Store rows, each with the columns of the key and a figure. Stored in order of key, so that nobody waits in a
    circle for somebody who counts the same."""
    columns = inspect(model).columns
    key = [column.name for column in inspect(model).primary_key]
    ordered = sorted((dict(row) for row in rows), key=lambda row: [str(row[name]) for name in key])
    insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    for first in range(0, len(ordered), _ROWS_AT_ONCE):
        statement = insert(model).values(ordered[first : first + _ROWS_AT_ONCE])
        if how == "keep":
            session.execute(statement.on_conflict_do_nothing())
            continue
        old, new = columns["count"], statement.excluded["count"]
        count = {"add": old + new, "set": new, "raise": case((new > old, new), else_=old)}[how]
        session.execute(statement.on_conflict_do_update(index_elements=key, set_={"count": count}))

"""Rows of course and occasion as JSON, so that an import can be taken back exactly.

An undo note per row: `before` is the whole row as it was (None: the import made it), `after` is a digest of the row as
the import left it (None: the import removed it). A row whose digest differs has been changed since.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import Date, Table, bindparam, select, update
from sqlalchemy.orm import Session

from api.catalogue.tables import Course, Occasion
from api.database import UtcDateTime

COURSE: Table = Course.metadata.tables[Course.__tablename__]
OCCASION: Table = Occasion.metadata.tables[Occasion.__tablename__]
TABLES = {table.name: table for table in (COURSE, OCCASION)}

JsonRow = dict[str, Any]  # Any: JSON values of the columns
Note = dict[str, Any]  # Any: JSON; see the module's docstring
_CHUNK = 500  # both databases limit how many values one statement may carry


def take(session: Session, table: Table, ids: Iterable[int]) -> dict[int, JsonRow]:
    """The rows with these ids that exist, every column, as JSON values."""
    names = table.c.keys()
    found: dict[int, JsonRow] = {}
    for some in chunks(sorted(ids)):
        for row in session.execute(select(table).where(table.c.id.in_(some))):
            values = dict(zip(names, map(_to_json, row), strict=True))
            found[values["id"]] = values
    return found


def notes(table: Table, before: Mapping[int, JsonRow], after: Mapping[int, JsonRow]) -> list[Note]:
    """What undo needs about the rows that differ."""
    return [
        {"table": table.name, "id": id_, "before": before.get(id_), "after": digest(after.get(id_))}
        for id_ in sorted({*before, *after})
        if before.get(id_) != after.get(id_)
    ]


def digest(row: JsonRow | None) -> str | None:
    """A fingerprint of the row; None for a row that is not there."""
    if row is None:
        return None
    return hashlib.sha256(json.dumps(row, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def to_values(table: Table, row: Mapping[str, Any]) -> dict[str, Any]:
    """JSON values back to what the columns take."""
    return {name: _from_json(table, name, value) for name, value in row.items()}


def chunks(ids: Sequence[int]) -> Iterator[Sequence[int]]:
    """`ids` in pieces that fit one statement."""
    return (ids[start : start + _CHUNK] for start in range(0, len(ids), _CHUNK))


def update_rows(session: Session, table: Table, rows: Mapping[int, dict[str, Any]]) -> None:  # Any: column values
    """Set the same columns of many rows, by id, in one go."""
    if not rows:
        return
    columns = next(iter(rows.values())).keys()
    statement = update(table).where(table.c.id == bindparam("row_id"))
    statement = statement.values({column: bindparam(f"new_{column}") for column in columns})
    parameters = [
        {"row_id": id_, **{f"new_{column}": value for column, value in values.items()}} for id_, values in rows.items()
    ]
    session.connection().execute(statement, parameters)


def _to_json(value: Any) -> Any:  # Any: column value in, JSON out
    return value.isoformat() if isinstance(value, (date, datetime)) else value


def _from_json(table: Table, name: str, value: Any) -> Any:  # Any: JSON in, column value out
    if value is None:
        return None
    kind = table.c[name].type
    if isinstance(kind, UtcDateTime):
        return datetime.fromisoformat(value)
    return date.fromisoformat(value) if isinstance(kind, Date) else value

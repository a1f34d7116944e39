"""Rows of course and occasion as JSON, so that an import can be taken back exactly.

An undo note per row: `before` is the whole row as it was (None: the import made it), `after` is a digest of the row as
the import left it (None: the import removed it). A row whose digest differs has been changed since. When it was last
changed is not part of the digest: an edit that was taken back leaves another moment and no other trace.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Table, bindparam, select, update
from sqlalchemy.orm import Session

from api.catalogue.tables import Course, Occasion
from api.row_json import JsonRow, from_json, to_json

COURSE: Table = Course.metadata.tables[Course.__tablename__]
OCCASION: Table = Occasion.metadata.tables[Occasion.__tablename__]
TABLES = {table.name: table for table in (COURSE, OCCASION)}

Note = dict[str, Any]  # Any: JSON; see the module's docstring
_CHUNK = 500  # both databases limit how many values one statement may carry


def take(session: Session, table: Table, ids: Iterable[int]) -> dict[int, JsonRow]:
    """The rows with these ids that exist, every column, as JSON values."""
    names = table.c.keys()
    found: dict[int, JsonRow] = {}
    for some in chunks(sorted(ids)):
        for row in session.execute(select(table).where(table.c.id.in_(some))):
            values = dict(zip(names, map(to_json, row), strict=True))
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
    """A fingerprint of what the row says; None for a row that is not there."""
    return None if row is None else _digest({name: value for name, value in row.items() if name != "updated_at"})


def is_as_left(row: JsonRow | None, after: str | None, imported_at: str) -> bool:
    """Whether the row is as the import left it: `after` is its note, `imported_at` when it was (ISO 8601).

    Notes of earlier versions are digests of every column, with the moment of the import as that of the change.
    """
    if row is None or after is None:
        return row is None and after is None
    return after in (digest(row), _digest({**row, "updated_at": imported_at}))


def stamp(
    session: Session, table: Table, before: Mapping[int, JsonRow], after: Mapping[int, JsonRow], now: datetime
) -> None:
    """Note on the rows that differ that they were changed now."""
    update_rows(session, table, {id_: {"updated_at": now} for id_, row in after.items() if before.get(id_) != row})


def _digest(row: JsonRow) -> str:
    return hashlib.sha256(json.dumps(row, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def to_values(table: Table, row: Mapping[str, Any]) -> dict[str, Any]:
    """JSON values back to what the columns take."""
    return {name: from_json(table, name, value) for name, value in row.items()}


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

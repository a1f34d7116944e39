"""Rows of tables as JSON values and back: for the history, and for what undo keeps."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Any
from uuid import UUID

from sqlalchemy import Date, Table, Time, Uuid, inspect
from sqlalchemy.orm import Mapper

from api.database import Base, UtcDateTime

JsonRow = dict[str, Any]  # Any: JSON values of the columns


def row_json(row: Base) -> JsonRow:
    """Every column of an object that has been flushed."""
    mapper: Mapper[Any] = inspect(type(row))
    return {column.key: to_json(getattr(row, column.key)) for column in mapper.column_attrs}


def to_json(value: Any) -> Any:  # Any: column value in, JSON out
    """A column's value as JSON: days, times and moments as ISO 8601."""
    if isinstance(value, UUID):
        return str(value)
    return value.isoformat() if isinstance(value, (date, datetime, time)) else value


def from_json(table: Table, name: str, value: Any) -> Any:  # Any: JSON in, column value out
    """What the column `name` takes for a JSON value that `to_json` gave."""
    if value is None:
        return None
    kind = table.c[name].type
    if isinstance(kind, UtcDateTime):
        return datetime.fromisoformat(value)
    if isinstance(kind, Date):
        return date.fromisoformat(value)
    if isinstance(kind, Time):
        return time.fromisoformat(value)
    return UUID(value) if isinstance(kind, Uuid) else value

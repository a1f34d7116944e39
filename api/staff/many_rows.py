"""Many rows of one table at a time, past the session's objects: five thousand of those would take half a minute."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any

from sqlalchemy import Table, inspect, select, update
from sqlalchemy.orm import Session

from api.database import Base
from api.row_json import JsonRow, to_json

Values = Mapping[str, Any]  # Any: column values
_PIECE = 500
"""Both databases limit how many values one statement may carry."""


def lock_rows(session: Session, model: type[Base], keys: Iterable[str]) -> dict[str, JsonRow]:
    """The rows with these primary keys that are there, as JSON; nobody else can change them until the transaction ends.

    They are locked in order of their keys, so that two who do this at once wait for each other in turn.
    """
    table, column = _table(model), inspect(model).primary_key[0]
    names = table.c.keys()
    found: dict[str, JsonRow] = {}
    for some in _pieces(sorted(column.type.python_type(key) for key in keys)):
        query = select(table).where(column.in_(some)).order_by(column).with_for_update()
        for row in session.execute(query):
            values = dict(zip(names, map(to_json, row), strict=True))
            found[str(values[column.name])] = values
    return found


def update_rows(session: Session, model: type[Base], rows: Mapping[str, Values]) -> None:
    """Set columns of many rows, by primary key as text. The session's objects show it when they are used next.

    Rows that get the same values share a statement: triggers of the catalogue cost more than the rows themselves.
    """
    table, column = _table(model), inspect(model).primary_key[0]
    alike: dict[str, tuple[Values, list[Any]]] = {}  # Any: primary keys
    for key, values in rows.items():
        alike.setdefault(repr(sorted(values.items())), (values, []))[1].append(column.type.python_type(key))
    for values, keys in alike.values():
        for some in _pieces(sorted(keys)):
            session.connection().execute(update(table).where(column.in_(some)).values(dict(values)))
    for known in list(session.identity_map.values()):
        if isinstance(known, model):
            session.expire(known)


def _table(model: type[Base]) -> Table:
    return model.metadata.tables[model.__tablename__]


def _pieces(keys: Sequence[Any]) -> Iterator[list[Any]]:  # Any: primary keys of any type
    left = iter(keys)
    while some := list(islice(left, _PIECE)):
        yield some

"""A database in which every text that people or files write is hostile.

The seed data has rows of many tables; `ROWS` makes some of all others. Then every text column that `columns.py` does
not name is overwritten in every row, and every text inside its JSON.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Column, LargeBinary, String, select, update
from sqlalchemy.orm import Session

import api.tables
from api.database import Base
from tests.api.trust.columns import NOT_PLANTED
from tests.api.trust.payloads import payload
from tests.api.trust.rows import Maker, make_rows

assert api.tables.__all__, "every table is known"


def text_columns() -> list[Column[Any]]:
    """Every column of the project that can hold a text, JSON and bytes included."""
    kinds = (String, JSON, LargeBinary)
    return [column for table in Base.metadata.sorted_tables for column in table.c if isinstance(column.type, kinds)]


def name_of(column: Column[Any]) -> str:
    return f"{column.table.name}.{column.name}"


def left_alone() -> frozenset[str]:
    """What is not planted."""
    return frozenset().union(*NOT_PLANTED.values())


@dataclass
class Planted:
    """What was planted: the column of each mark, and the secrets that open the people's own pages."""

    columns: dict[str, str] = field(default_factory=dict)
    """Mark → `table.column`."""
    maker: Maker = field(default_factory=Maker)
    shift: int = 0

    def text(self, column: Column[Any], number: int, longest: int | None) -> str:
        """The next hostile string of a column."""
        mark = f"z{len(self.columns)}z"
        self.columns[mark] = name_of(column)
        return payload(number + self.shift, mark, longest)


def plant(session: Session, now: datetime, shift: int = 0) -> Planted:
    """Make rows of every table and overwrite their texts. `shift` chooses which string falls on which column."""
    planted = Planted(shift=shift)
    make_rows(session, planted.maker, now)
    session.flush()
    session.expunge_all()
    for number, column in enumerate(one for one in text_columns() if name_of(one) not in left_alone()):
        _overwrite(session, planted, column, number)
    return planted


def _overwrite(session: Session, planted: Planted, column: Column[Any], number: int) -> None:
    table = column.table
    keys = list(table.primary_key)
    rows = session.execute(select(*keys, column).order_by(*keys)).all()
    assert rows, f"no row of {table.name}: rows.py has to make one"
    for count, (*key, value) in enumerate(rows):
        new = _hostile(planted, column, value, number + 3 * count)
        session.execute(
            update(table).where(*(one == was for one, was in zip(keys, key, strict=True))).values({column.name: new})
        )


def _hostile(planted: Planted, column: Column[Any], value: Any, number: int) -> Any:
    if isinstance(column.type, JSON):
        return _inside(value, lambda at: planted.text(column, number + at, None), _untouched(column))
    if value == "" and name_of(column) in _EMPTY_STAYS:
        return value
    return planted.text(column, number, column.type.length)


_EMPTY_STAYS = frozenset({"enquiry.email", "training_example.new_topic"})
"""Who left no e-mail address is shown by telephone number; of topic and new_topic one is empty, by a constraint."""


def _untouched(column: Column[Any]) -> Callable[[str], bool]:
    """Which keys inside a JSON column hold no text of people's."""
    known = _CODES_INSIDE.get(name_of(column), frozenset())
    if name_of(column) == "row_change.diff":
        names = {one.rpartition(".")[2] for one in left_alone()}
        return lambda key: key in names or key.endswith(("_at", "_on", "_from", "_to", "_date"))
    return known.__contains__


_CODES_INSIDE: dict[str, frozenset[str]] = {
    "answer.choices": frozenset({"topic"}),
    "message.choices": frozenset({"id"}),
    "message.source": frozenset({"checked_on"}),
    "enquiry.details": frozenset({"receives"}),
    "import_finding.items": frozenset({"column", "start"}),
    "import_job.summary": frozenset({"absent_columns"}),
    "outbox.payload": frozenset({"ics_method"}),
    "susa_event.details": frozenset({"start", "end", "apply_from", "apply_to", "expires"}),
    "susa_event.mirrored": frozenset({"start_date", "end_date", "apply_from", "apply_to", "status"}),
    "susa_event.conflicts": frozenset({"start_date", "end_date", "apply_from", "apply_to", "status"}),
}
"""Keys inside JSON columns whose values are ids, days or words of a list."""


def _inside(value: Any, text: Callable[[int], str], untouched: Callable[[str], bool], at: int = 0) -> Any:
    if isinstance(value, dict):
        return {
            key: inner if untouched(key) else _inside(inner, text, untouched, at + step)
            for step, (key, inner) in enumerate(value.items())
        }
    if isinstance(value, list):
        return [_inside(inner, text, untouched, at + step) for step, inner in enumerate(value)]
    return text(at) if isinstance(value, str) else value

"""The history of every row that staff keep: what was changed, by whom, and how it is put back.

Whoever changes such a row does it through an `Edit`, so that history and audit trail are written in the same
transaction:

    with Edit(session, at=now, actor=account.actor, cause="publish") as edit:
        edit.change(occasion, {"status": "published"})
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from types import TracebackType
from typing import Any, Self
from uuid import UUID, uuid4

from sqlalchemy import Integer, cast, func, insert, inspect, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from api.database import Base
from api.row_json import JsonRow, from_json, row_json
from api.staff import audit
from api.staff.errors import ChangedSince, RestoreRefused
from api.staff.many_rows import lock_rows, update_rows
from api.staff.tables import RowChange

Diff = dict[str, list[Any]]  # Any: JSON values, old and new
_NOT_TOLD = frozenset({"updated_at"})
"""Columns that change with every change and say nothing of their own."""


class Edit:
    """Changes that belong together: one click, one form. `batch` is what undo takes back.

    `cause` says what was done (`edit`, `publish`, `import` …), `actor` who did it (as in the audit trail). Leaves one
    audit row when it ends without an error and anything has changed.
    """

    def __init__(self, session: Session, *, at: datetime, actor: str, cause: str) -> None:
        self.batch = uuid4().hex
        self._session, self._at, self._actor, self._cause = session, at, actor, cause
        self._changes: list[dict[str, Any]] = []  # Any: columns of RowChange

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None) -> None:
        if kind is not None or not self._changes:
            return
        self._session.flush()
        one = self._changes[0]
        subject = f"{one['kind']}:{one['key']}" if len(self._changes) == 1 else f"batch:{self.batch}"
        action, columns = (
            f"{one['kind']}.{self._cause}",
            sorted({name for made in self._changes for name in made["diff"]}),
        )
        audit.record(
            self._session,
            at=self._at,
            actor=self._actor,
            action=action[:60],
            subject=subject,
            rows=len(self._changes),
            columns=columns,
            batch=self.batch,
        )

    @property
    def count(self) -> int:
        """How many rows have changed so far."""
        return len(self._changes)

    def change(self, row: Base, values: Mapping[str, Any]) -> bool:  # Any: column values
        """Set columns of a stored row; whether that changed anything. `updated_at` follows by itself."""
        before = row_json(row)
        for name, value in values.items():
            setattr(row, name, value)
        self._session.flush()
        if not self._note(row, "changed", difference(before, row_json(row))):
            return False
        self._stamp(row)
        return True

    def create(self, row: Base) -> None:
        """Store a new row, under a number that no removed row has had."""
        self._stamp(row)
        self._number(row)
        self._session.add(row)
        self._session.flush()
        self._note(row, "created", difference({}, row_json(row)))

    def remove(self, row: Base) -> None:
        """Delete a stored row."""
        self._note(row, "removed", difference(row_json(row), {}))
        self._session.delete(row)
        self._session.flush()

    def _number(self, row: Base) -> None:
        """SQLite would give the number of the latest row again when that was removed, and with it its history."""
        column, kind = inspect(type(row)).primary_key[0], type(row).__tablename__
        if column.type.python_type is not int or getattr(row, column.name) is not None:
            return
        if self._session.get_bind().dialect.name != "sqlite":
            return
        removed = select(func.max(cast(RowChange.key, Integer))).where(RowChange.kind == kind)
        used = self._session.scalar(removed.where(RowChange.action == "removed")) or 0
        if used >= (self._session.scalar(select(func.max(column))) or 0):
            setattr(row, column.name, used + 1)

    def _stamp(self, row: Base) -> None:
        if "updated_at" in inspect(type(row)).columns:
            row.updated_at = self._at  # type: ignore[attr-defined]  # the mapper has just said that it is there

    def change_many(self, model: type[Base], stored: Mapping[str, JsonRow], values: Mapping[str, JsonRow]) -> None:
        """Set columns (JSON values) of many rows at once, by key; `stored` is what `many_rows.lock_rows` gave."""
        self._session.flush()
        diffs = {key: difference(stored[key], {**stored[key], **new}) for key, new in values.items()}
        diffs = {key: diff for key, diff in diffs.items() if diff}
        extra = {"updated_at": self._at} if "updated_at" in inspect(model).columns else {}
        rows = {
            key: {**_columns(model, {n: new for n, (_, new) in diff.items()}), **extra} for key, diff in diffs.items()
        }
        update_rows(self._session, model, rows)
        made = [self._columns_of(model, key, "changed", diff) for key, diff in diffs.items()]
        record_many(self._session, made)
        self._changes += made

    def _note(self, row: Base, action: str, diff: Diff) -> bool:
        if not diff:
            return False
        made = self._columns_of(type(row), key_of(row), action, diff)
        self._session.add(RowChange(**made))
        self._changes.append(made)
        return True

    def _columns_of(self, model: type[Base], key: str, action: str, diff: Diff) -> dict[str, Any]:
        """The columns of a RowChange."""
        return {
            "at": self._at,
            "actor": self._actor,
            "action": action,
            "kind": model.__tablename__,
            "key": key,
            "cause": self._cause,
            "batch": self.batch,
            "diff": diff,
        }


def record_many(session: Session, changes: Iterable[Mapping[str, Any]]) -> None:
    """Store the columns of many RowChanges in one go, for imports that write past the ORM. The caller audits."""
    if rows := [dict(change) for change in changes]:
        session.execute(insert(RowChange), rows)


def difference(before: JsonRow, after: JsonRow) -> Diff:
    """Column → [old, new] where the two differ; {} stands for a row that is not there."""
    names = [name for name in (before or after) if name not in _NOT_TOLD]
    return {name: [before.get(name), after.get(name)] for name in names if before.get(name) != after.get(name)}


def key_of(row: Base) -> str:
    """A row's primary key as the history names it."""
    return str(inspect(type(row)).primary_key_from_instance(row)[0])


def load(session: Session, model: type[Base], key: str, *, to_change: bool = False) -> Any:  # Any: a row of `model`
    """The row with this key, or None; `to_change` locks it, so that the next one waits and then sees the change."""
    column = inspect(model).primary_key[0]
    if column.type.python_type is int:
        if not (key.isascii() and key.isdigit() and len(key) < 10):  # more digits do not fit the column
            return None
        value: Any = int(key)
    elif column.type.python_type is UUID:
        try:
            value = UUID(key)
        except ValueError:
            return None
    else:
        value = key
    return session.get(model, value, with_for_update={"of": model} if to_change else None)


def of_row(session: Session, kind: str, key: str) -> list[RowChange]:
    """Everything that has happened to a row, latest first."""
    query = select(RowChange).where(RowChange.kind == kind, RowChange.key == key).order_by(RowChange.id.desc())
    return list(session.scalars(query))


def removed_values(session: Session, model: type[Base], column: str) -> set[Any]:
    """What a column held in rows that have been removed, also in those that have come back since."""
    removed = select(RowChange.diff).where(RowChange.kind == model.__tablename__, RowChange.action == "removed")
    return {diff[column][0] for diff in session.scalars(removed) if column in diff}


def restore(session: Session, row: Base, change_id: int, *, at: datetime, actor: str) -> bool:
    """Put a row back to how it was just before one of its changes; whether that changed anything.

    Raises RestoreRefused when the old values no longer fit: what they point at is gone, or another row is in the way.
    """
    later = [change for change in of_row(session, type(row).__tablename__, key_of(row)) if change.id >= change_id]
    values: dict[str, Any] = {}
    for change in later:  # latest first: the last one wins
        if change.action == "changed":
            values |= {name: old for name, (old, _) in change.diff.items()}
    try:
        with session.begin_nested(), Edit(session, at=at, actor=actor, cause="restore") as edit:
            return edit.change(row, _columns(type(row), values))
    except IntegrityError:
        raise RestoreRefused from None


@dataclass(frozen=True)
class Undone:
    """How many rows an undo put back, and its own batch: an undo can be undone."""

    rows: int
    batch: str


def undo(session: Session, batch: str, models: Iterable[type[Base]], *, at: datetime, actor: str) -> Undone:
    """Take back everything a batch did, or nothing of it.

    Raises ChangedSince when somebody has changed one of its rows since (or undone it already), RestoreRefused when
    other rows have come to depend on it.
    """
    known = {model.__tablename__: model for model in models}
    query = select(RowChange).where(RowChange.batch == batch).order_by(RowChange.id.desc())
    changes = [change for change in session.scalars(query) if change.kind in known]
    if not changes:
        raise ChangedSince
    try:
        with session.begin_nested(), Edit(session, at=at, actor=actor, cause="undo") as edit:
            if all(change.action == "changed" for change in changes) and _once_each(changes):
                for kind, model in known.items():
                    _take_back_many(session, edit, model, [change for change in changes if change.kind == kind])
            else:
                for change in changes:
                    _take_back(session, edit, known[change.kind], change)
    except IntegrityError:
        raise RestoreRefused from None
    return Undone(edit.count, edit.batch)


def _take_back(session: Session, edit: Edit, model: type[Base], change: RowChange) -> None:
    row = load(session, model, change.key, to_change=True)
    present = row_json(row) if row is not None else {}
    if any(present.get(name) != new for name, (_, new) in change.diff.items()):
        raise ChangedSince
    old = {name: value for name, (value, _) in change.diff.items()}
    if change.action == "created":
        edit.remove(row)
    elif change.action == "removed":
        edit.create(model(**_columns(model, old)))
    else:
        edit.change(row, _columns(model, old))


def _once_each(changes: list[RowChange]) -> bool:
    return len({(change.kind, change.key) for change in changes}) == len(changes)


def _take_back_many(session: Session, edit: Edit, model: type[Base], changes: list[RowChange]) -> None:
    stored = lock_rows(session, model, [change.key for change in changes])
    for change in changes:
        present = stored.get(change.key, {})
        if any(present.get(name) != new for name, (_, new) in change.diff.items()):
            raise ChangedSince
    edit.change_many(model, stored, {c.key: {name: old for name, (old, _) in c.diff.items()} for c in changes})


def _columns(model: type[Base], values: JsonRow) -> dict[str, Any]:
    table = model.metadata.tables[model.__tablename__]
    return {name: from_json(table, name, value) for name, value in values.items() if name in table.c}

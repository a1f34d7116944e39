"""Rows that have been removed: which they were, and how they come back.

What one click removed comes back together (`history.undo`). Sessions first; nothing is committed here.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, func, inspect, select
from sqlalchemy.orm import RelationshipDirection, Session, aliased
from sqlalchemy.orm.attributes import set_committed_value

from api.database import Base
from api.row_json import from_json
from api.staff import history
from api.staff.errors import BelongedToRemoved, PlaceTaken, RestoreRefused, RowUnknown
from api.staff.kept import Kept, models
from api.staff.tables import RowChange

HISTORY = "/personal/historik"
SHOWN = 5
"""Rows that are named of what one click removed; the others are counted."""

Kinds = Mapping[str, Kept]
"""Kind → what staff keep of it."""

_BROUGHT_BACK = ("undo", "import_undone")
"""Causes of a creation that is a row coming back."""
_CLICK = re.compile("[0-9a-f]{32}")


@dataclass(frozen=True)
class Named:
    """A row as people know it, whether it is there or not. `address` is where it is edited, empty when it is gone."""

    noun: str
    title: str
    history: str
    address: str = ""


@dataclass(frozen=True)
class Removal:
    """What one click, or one import, has removed: the first rows of it, and how many more there are."""

    batch: str
    at: datetime
    actor: str
    cause: str
    rows: list[Named]
    more: int

    @property
    def can_come_back(self) -> bool:
        """Whether there is a button: what an import did is taken back as a whole, on its own page."""
        return is_click(self.batch)


def is_click(batch: str) -> bool:
    """Whether a batch is one click's, and not an import's."""
    return _CLICK.fullmatch(batch) is not None


def count(session: Session, kinds: Kinds) -> int:
    """How many removals still stand."""
    batches = select(RowChange.batch).where(*_standing(kinds)).group_by(RowChange.batch, RowChange.cause)
    return session.scalar(select(func.count()).select_from(batches.subquery())) or 0


def removals(session: Session, kinds: Kinds, *, offset: int, limit: int) -> list[Removal]:
    """What has been removed and has not come back, latest first."""
    newest = func.max(RowChange.id)
    query = select(RowChange.batch, RowChange.cause, newest, func.count()).where(*_standing(kinds))
    query = query.group_by(RowChange.batch, RowChange.cause).order_by(newest.desc()).offset(offset).limit(limit)
    return [_removal(session, kinds, batch, cause, number) for batch, cause, _, number in session.execute(query)]


def of_row(session: Session, kind: str, key: str) -> RowChange | None:
    """The latest removal of a row."""
    query = select(RowChange).where(RowChange.kind == kind, RowChange.key == key, RowChange.action == "removed")
    return session.scalar(query.order_by(RowChange.id.desc()).limit(1))


def name(session: Session, kept: Kept, key: str) -> Named | None:
    """The row with this key, stored or removed; None when there never was one."""
    row = history.load(session, kept.model, key)
    if row is not None:
        return Named(kept.noun, kept.title(row), f"{HISTORY}/{kept.kind}/{key}", kept.address(row))
    change = of_row(session, kept.kind, key)
    return _named(session, kept, change) if change else None


def title(session: Session, kept: Kept, change: RowChange) -> str:
    """What the row of a removal was called."""
    values = {column: old for column, (old, _) in change.diff.items()}
    try:
        return kept.title(_as_it_was(session, kept.model, values))
    except AttributeError:  # what it belonged to has left no trace
        return str(values.get("title") or values.get("name") or change.key)


def bring_back(session: Session, kinds: Kinds, batch: str, *, at: datetime, actor: str) -> history.Undone:
    """Store again everything that a click removed.

    Raises RowUnknown when it removed nothing that staff keep, BelongedToRemoved when what a row belonged to is gone,
    PlaceTaken when another row has come in its place, ChangedSince when it is back already.
    """
    query = select(RowChange).where(RowChange.batch == batch, RowChange.action == "removed", _kept(kinds))
    changes = list(session.scalars(query.order_by(RowChange.id.desc()))) if is_click(batch) else []
    if not changes:
        raise RowUnknown
    if missing := next(_missing(session, kinds, changes), None):
        raise BelongedToRemoved(noun=missing.noun, title=missing.title)
    for change in changes:
        if not _is_back(session, change) and history.load(session, kinds[change.kind].model, change.key) is not None:
            raise PlaceTaken
    try:
        return history.undo(session, batch, models(kinds.values()), at=at, actor=actor)
    except RestoreRefused:
        raise PlaceTaken from None


def _standing(kinds: Kinds) -> tuple[ColumnElement[bool], ...]:
    return RowChange.action == "removed", _kept(kinds), ~_came_back()


def _kept(kinds: Kinds) -> ColumnElement[bool]:
    return RowChange.kind.in_(sorted(kinds))


def _came_back() -> ColumnElement[bool]:
    later = aliased(RowChange)
    same = (later.kind == RowChange.kind, later.key == RowChange.key, later.id > RowChange.id)
    return select(later.id).where(*same, later.action == "created", later.cause.in_(_BROUGHT_BACK)).exists()


def _is_back(session: Session, change: RowChange) -> bool:
    return session.scalar(select(RowChange.id).where(RowChange.id == change.id, _came_back())) is not None


def _removal(session: Session, kinds: Kinds, batch: str, cause: str, number: int) -> Removal:
    query = select(RowChange).where(RowChange.batch == batch, RowChange.cause == cause, *_standing(kinds))
    changes = session.scalars(query.order_by(RowChange.id.desc()).limit(SHOWN)).all()
    rows = [_named(session, kinds[change.kind], change) for change in changes]
    return Removal(batch, changes[0].at, changes[0].actor, cause, rows, number - len(rows))


def _named(session: Session, kept: Kept, change: RowChange) -> Named:
    return Named(kept.noun, title(session, kept, change), f"{HISTORY}/{kept.kind}/{change.key}")


def _missing(session: Session, kinds: Kinds, changes: Iterable[RowChange]) -> Iterator[Named]:
    """What these rows point at that neither is there nor comes back with them."""
    coming = {(change.kind, change.key) for change in changes}
    for change in changes:
        for key in kinds[change.kind].model.metadata.tables[change.kind].foreign_keys:
            value, _ = change.diff.get(key.parent.name, (None, None))
            kept = kinds.get(key.column.table.name)
            if value is None or kept is None or (kept.kind, str(value)) in coming:
                continue
            if history.load(session, kept.model, str(value)) is None:
                gone = of_row(session, kept.kind, str(value))
                yield _named(session, kept, gone) if gone else Named(kept.noun, str(value), "")


def _as_it_was(session: Session, model: type[Base], values: Mapping[str, Any]) -> Base:  # Any: JSON values
    """A row that is not stored, with the rows it belonged to, stored or not."""
    table = model.metadata.tables[model.__tablename__]
    row = model(**{column: from_json(table, column, value) for column, value in values.items() if column in table.c})
    for relation in inspect(model).relationships:
        if relation.direction is RelationshipDirection.MANYTOONE:
            [(local, _)] = relation.local_remote_pairs or []
            set_committed_value(row, relation.key, _parent(session, relation.mapper.class_, values.get(local.name)))
    return row


def _parent(session: Session, model: type[Base], key: Any) -> Base | None:  # Any: a primary key as JSON
    if key is None:
        return None
    row: Base | None = history.load(session, model, str(key))
    if row is not None:
        return row
    change = of_row(session, model.__tablename__, str(key))
    return _as_it_was(session, model, {column: old for column, (old, _) in change.diff.items()}) if change else None

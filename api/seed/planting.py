"""What of the seed is still to come into the database: each row once, and never again.

What staff have removed or emptied stays so, and what a new version brings comes. A database from before this was noted
is judged by what it has and by what its history says was removed or renamed.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import cast

from sqlalchemy import inspect, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from api.database import Base
from api.seed.tables import SeedPlanted
from api.staff.tables import RowChange


def unplanted(
    session: Session, name: InstrumentedAttribute[str], keys: Iterable[str], now: datetime, *, as_set: bool = False
) -> set[str]:
    """Which of these rows have never been in the database; from now on all of them count as planted.

    `name` is the column that holds the keys. `as_set`: in a database that has had any row of the kind before this was
    noted, all of them count as planted.
    """
    model = cast(type[Base], name.class_)
    kind = model.__tablename__
    noted = _noted(session, kind)
    new = set(keys) - noted
    _note(session, kind, new, now)
    if not new or (as_set and not noted and _has_had(session, model)):
        return set()
    return new - set(session.scalars(select(name))) - _former(session, kind, name.key)


def is_unplanted(session: Session, kinds: Iterable[type[Base]], now: datetime) -> bool:
    """Whether examples that come as a set never came: none of these tables has, or had, a row. From now on they did."""
    first, *others = kinds
    if _noted(session, first.__tablename__):
        return False
    _note(session, first.__tablename__, {""}, now)
    return not any(_has_had(session, model) for model in (first, *others))


def is_noted(session: Session, kind: str, key: str, now: datetime) -> bool:
    """Whether this was noted before; it is from now on."""
    if session.get(SeedPlanted, (kind, key)) is not None:
        return True
    _note(session, kind, {key}, now)
    return False


def gone(session: Session, name: InstrumentedAttribute[str]) -> set[str]:
    """Keys of rows that were planted and are not there any more."""
    return _noted(session, cast(type[Base], name.class_).__tablename__) - set(session.scalars(select(name)))


def _noted(session: Session, kind: str) -> set[str]:
    return set(session.scalars(select(SeedPlanted.key).where(SeedPlanted.kind == kind)))


def _note(session: Session, kind: str, keys: Iterable[str], now: datetime) -> None:
    session.add_all(SeedPlanted(kind=kind, key=key, planted_at=now) for key in sorted(keys))
    session.flush()


def _has_had(session: Session, model: type[Base]) -> bool:
    past = select(RowChange.id).where(RowChange.kind == model.__tablename__).limit(1)
    row = select(inspect(model).primary_key[0]).limit(1)
    return session.scalar(row) is not None or session.scalar(past) is not None


def _former(session: Session, kind: str, column: str) -> set[str]:
    """What rows that were removed or renamed were called."""
    query = select(RowChange.diff).where(RowChange.kind == kind, RowChange.action != "created")
    return {diff[column][0] for diff in session.scalars(query) if column in diff}

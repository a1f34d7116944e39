"""The steps that every page for one row shares: find it, store what was changed, say so."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from typing import Annotated, Any

from fastapi import Path
from fastapi.responses import RedirectResponse
from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from api.database import Base
from api.staff import history
from api.staff.addresses import told
from api.staff.errors import RowUnknown
from api.staff.history import Edit
from api.staff.sessions import SignedIn

RowId = Annotated[int, Path(ge=1, le=2**31 - 1)]
"""A row's number in an address; larger ones fit no column."""


def find(
    session: Session, model: type[Base], key: int | str, *, to_change: bool = False
) -> Any:  # Any: a row of `model`
    """The row; `to_change` locks it. Raises RowUnknown."""
    row = history.load(session, model, str(key), to_change=to_change)
    if row is None:
        raise RowUnknown
    return row


def save(
    session: Session, account: SignedIn, now: datetime, row: Base, values: Mapping[str, Any], address: str
) -> RedirectResponse:
    """Change the row and go to `address`, which says whether anything was changed and can take it back."""
    with Edit(session, at=now, actor=account.actor, cause="edit") as edit:
        edit.change(row, values)
    said = told(address, "sparad", undo=edit.batch) if edit.count else told(address, "utan_andring")
    return RedirectResponse(said, status_code=303)


def add(session: Session, account: SignedIn, now: datetime, row: Base, address: str) -> RedirectResponse:
    """Store a new row and go to `address`: the list, because the row's own page is gone when this is taken back."""
    with Edit(session, at=now, actor=account.actor, cause="create") as edit:
        edit.create(row)
    return RedirectResponse(told(address, "upplagd", undo=edit.batch), status_code=303)


def remove(session: Session, account: SignedIn, now: datetime, row: Base, address: str) -> RedirectResponse:
    """Remove the row and go to `address`."""
    with Edit(session, at=now, actor=account.actor, cause="remove") as edit:
        edit.remove(row)
    return RedirectResponse(told(address, "borttagen", undo=edit.batch), status_code=303)


def pointing_at(session: Session, row: Base) -> list[str]:
    """The tables with rows that point at this one, so that it cannot be removed."""
    target, number = type(row).__tablename__, history.key_of(row)
    keys = [
        key for table in Base.metadata.sorted_tables for key in table.foreign_keys if key.column.table.name == target
    ]
    found = (key.parent for key in keys if session.scalar(select(exists().where(key.parent == int(number)))))
    return sorted({column.table.name for column in found})


@contextmanager
def as_if(session: Session, row: Base, values: Mapping[str, Any]) -> Iterator[None]:
    """Inside the block the session reads the row as if it had these values; nothing of them is stored."""
    with session.no_autoflush:
        for name, value in values.items():
            setattr(row, name, value)
        try:
            yield
        finally:
            session.expire(row)

"""Imports that were carried out: when, by whom, how much, and whether they still stand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, Select, func, select
from sqlalchemy.orm import Session

from api.catalogue.tables import ImportBatch
from api.staff.tables import Account, Audit
from api.texts import Texts

PAGE = 20

_TEXTS = Texts.beside(__file__)


@dataclass(frozen=True)
class Earlier:
    """One import. `last` when it is the one that an undo would take back."""

    id: int
    at: datetime
    file_name: str
    counts: dict[str, int]
    undone_at: datetime | None
    who: str
    last: bool


def page(session: Session, number: int) -> list[Earlier]:
    """Imports, latest first; pages from 1."""
    return _read(session, _QUERY.order_by(ImportBatch.id.desc()).offset((number - 1) * PAGE).limit(PAGE))


def page_count(session: Session) -> int:
    """How many pages of imports there are."""
    return -(-(session.scalar(select(func.count()).select_from(ImportBatch)) or 0) // PAGE)


def one(session: Session, batch_id: int) -> Earlier | None:
    """The import with this number."""
    return next(iter(_read(session, _QUERY.where(ImportBatch.id == batch_id))), None)


# Not the whole row: what undo needs may be megabytes.
_QUERY = select(
    ImportBatch.id, ImportBatch.created_at, ImportBatch.file_name, ImportBatch.summary, ImportBatch.undone_at
)


def _read(session: Session, query: Select[Any, Any, Any, Any, Any]) -> list[Earlier]:  # Any: columns of _QUERY
    rows = session.execute(query).all()
    last = session.scalar(select(func.max(ImportBatch.id)).where(ImportBatch.undone_at.is_(None)))
    names = _names(session, rows)
    return [
        Earlier(
            id=row.id,
            at=row.created_at,
            file_name=row.file_name,
            counts=row.summary,
            undone_at=row.undone_at,
            who=names.get(f"import_batch:{row.id}", _TEXTS("who_other")),
            last=row.id == last,
        )
        for row in rows
    ]


def _names(session: Session, rows: Sequence[Row[Any, Any, Any, Any, Any]]) -> dict[str, str]:
    """Who made each import, by the subject of its audit row: an account's function, never a person's name."""
    subjects = [f"import_batch:{row.id}" for row in rows]
    query = select(Audit.subject, Audit.actor).where(Audit.subject.in_(subjects), Audit.action == "catalogue.import")
    actors = dict(session.execute(query).all())
    numbers = {actor: int(actor.rpartition(":")[2]) for actor in actors.values() if ":" in actor}
    titles = dict(session.execute(select(Account.id, Account.title).where(Account.id.in_(numbers.values()))).all())
    return {subject: titles.get(numbers.get(actor, 0)) or _program(actor) for subject, actor in actors.items()}


def _program(actor: str) -> str:
    key = f"who_{actor}"
    return _TEXTS(key if key in _TEXTS.keys() else "who_other")  # noqa: SIM118 - not a dict

"""The history of the rows that an import, or its undo, has changed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from api.catalogue.tables import ImportBatch
from api.row_json import JsonRow
from api.staff import history

Step = tuple[str, Mapping[int, JsonRow], Mapping[int, JsonRow]]
"""Name of a table, its rows by id before, and after."""
_PIECE = 2_000


def record(
    session: Session, batch: ImportBatch, steps: Iterable[Step], *, at: datetime, actor: str, cause: str
) -> None:
    """Add the difference of every row to its history, in bulk. The rows of a batch share the name `import-<number>`."""
    common = {"at": at, "actor": actor, "cause": cause, "batch": f"import-{batch.id}"}
    waiting: list[dict[str, Any]] = []  # Any: columns of RowChange
    for change in _changes(steps):
        waiting.append({**common, **change})
        if len(waiting) == _PIECE:
            history.record_many(session, waiting)
            waiting.clear()
    history.record_many(session, waiting)


def _changes(steps: Iterable[Step]) -> Iterator[dict[str, Any]]:
    for kind, before, after in steps:
        for id_ in sorted({*before, *after}):
            old, new = before.get(id_), after.get(id_)
            diff = history.difference(old or {}, new or {})
            if diff:
                action = "changed" if old and new else "created" if new else "removed"
                yield {"kind": kind, "key": str(id_), "action": action, "diff": diff}

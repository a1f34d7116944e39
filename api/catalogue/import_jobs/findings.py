"""What a dry run found, as the lists that staff read: pages of JSON, so that no answer ever holds 20,000 rows.

An item has `line` (of the file; None for a stored row), `id` (the external_id), `title`, `town` and `start`. A
changed one has `changes` too (column, old, new), a rejected one `problems` (column, value, reason) for the last three.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from typing import Any

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from api.catalogue.import_jobs.tables import ImportFinding, ImportJob
from api.catalogue.importing.plan import Change, Plan, PlannedRow, RejectedRow, shown
from api.catalogue.importing.rows import CatalogueRow, Problem
from api.catalogue.tables import Node

PARTS = ("rejected", "changed", "new", "also", "missing", "unchanged")
"""The lists, in the order in which they matter to who reads."""
PAGE = 50
"""Items on a page."""

Item = dict[str, Any]  # Any: JSON, see the module's docstring
_LONGEST = 300
_LONGEST_REASONED = 1_000
_BEFORE = 40
"""Characters of a long text that are shown before the place where it changes."""


def summary(plan: Plan) -> dict[str, Any]:  # Any: JSON
    """How many there are of each part, and the columns that were not used or not there."""
    return {
        "counts": plan.counts | {"also": len(plan.also_changed)},
        "unknown_columns": [_clipped(column, _LONGEST) for column in plan.unknown_columns[:50]],
        "absent_columns": list(plan.absent_columns),
    }


def store(session: Session, job: ImportJob, plan: Plan) -> None:
    """Keep the lists of `plan` in place of those that were there."""
    forget(session, job)
    towns = dict(session.execute(select(Node.slug, Node.town)).all())
    pages = [
        {"job_id": job.id, "part": part, "page": number, "items": items}
        for part, found in _lists(plan, towns)
        for number, items in enumerate(_pages(found), start=1)
    ]
    if pages:
        session.execute(insert(ImportFinding), pages)


def forget(session: Session, job: ImportJob) -> None:
    """Erase the lists of the job."""
    session.execute(delete(ImportFinding).where(ImportFinding.job_id == job.id))


def page(session: Session, job: ImportJob, part: str, number: int) -> list[Item]:
    """The items of a page, from 1; none beyond the end."""
    found = session.get(ImportFinding, (job.id, part, number))
    return found.items if found else []


def every_rejected(session: Session, job: ImportJob) -> Iterator[Item]:
    """All rejected rows, a page at a time in memory."""
    for number in range(1, page_count(job, "rejected") + 1):
        yield from page(session, job, "rejected", number)


def page_count(job: ImportJob, part: str) -> int:
    """How many pages the list has."""
    return -(-int(job.summary.get("counts", {}).get(part, 0)) // PAGE)


def _lists(plan: Plan, towns: Mapping[str, str]) -> Iterator[tuple[str, Iterable[Item]]]:
    yield "rejected", map(_rejected, plan.rejected)
    yield "changed", (_planned(row, towns) for row in plan.changed)
    yield "new", (_planned(row, towns) for row in plan.new)
    yield "also", (_row(row, towns) for row in plan.also_changed)
    yield "missing", (_row(row, towns) for row in plan.missing)
    yield "unchanged", (_planned(row, towns) for row in plan.unchanged)


def _pages(items: Iterable[Item]) -> Iterator[list[Item]]:
    every = iter(items)
    while some := list(islice(every, PAGE)):
        yield some


def _planned(planned: PlannedRow, towns: Mapping[str, str]) -> Item:
    changes = [_change(change, towns) for change in planned.changes]
    return _row(planned.row, towns, planned.line) | ({"changes": changes} if changes else {})


def _row(row: CatalogueRow, towns: Mapping[str, str], line: int | None = None) -> Item:
    start = row.start_date.isoformat() if row.start_date else ("continuous" if row.continuous else "")
    return {
        "line": line,
        "id": row.external_id,
        "title": row.title,
        "town": towns.get(row.node, row.node),
        "start": start,
    }


def _change(change: Change, towns: Mapping[str, str]) -> Item:
    old, new = shown(change.old), shown(change.new)
    if change.column == "node":
        old, new = towns.get(old, old), towns.get(new, new)
    old, new = _from_the_difference(old, new)
    return {"column": change.column, "old": _clipped(old, _LONGEST), "new": _clipped(new, _LONGEST)}


def _from_the_difference(old: str, new: str) -> tuple[str, str]:
    """Two long texts from shortly before where they part: the beginning alone would look the same."""
    if max(len(old), len(new)) <= _LONGEST:
        return old, new
    same = next((at for at, pair in enumerate(zip(old, new, strict=False)) if pair[0] != pair[1]), 0)
    same = same or min(len(old), len(new))
    if same <= _LONGEST // 2:
        return old, new
    return f"…{old[same - _BEFORE :]}", f"…{new[same - _BEFORE :]}"


def _rejected(row: RejectedRow) -> Item:
    return {
        "line": row.line,
        "id": _clipped(row.external_id, _LONGEST),
        "problems": [_problem(problem) for problem in row.problems],
    }


def _problem(problem: Problem) -> Item:
    return {"column": problem.column, "value": _clipped(problem.value, _LONGEST_REASONED), "reason": problem.reason}


def _clipped(text: str, limit: int) -> str:
    text = text.replace("\x00", "\ufffd")  # PostgreSQL takes no such sign, and a rejected cell may have one
    return text if len(text) <= limit else f"{text[: limit - 1]}…"

"""The dry run: what a file would change. Pure, values in and values out."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from api.catalogue.importing.rows import (
    COLUMNS,
    COURSE_COLUMNS,
    CatalogueRow,
    Identity,
    Problem,
    RowReader,
    Value,
    contradictions,
)
from api.catalogue.importing.sheet import Progress, Sheet, SheetRow, followed, quiet
from api.catalogue.importing.wording import TEXTS
from api.catalogue.susa.tables import SOURCE

CourseFields = dict[str, Value]


@dataclass(frozen=True)
class Stored:
    """What the catalogue holds: occasions by external_id, and every course's own fields."""

    occasions: Mapping[str, CatalogueRow]
    courses: Mapping[Identity, CourseFields]
    mirrored: frozenset[str] = frozenset()
    """Ids of occasions that are kept in step with another source. A file leaves them as they are."""


@dataclass(frozen=True, slots=True)
class Change:
    column: str
    old: Value
    new: Value


@dataclass(frozen=True, slots=True)
class PlannedRow:
    """A valid row as it will be stored. `changes` is empty for new and unchanged ones, `example` is for new ones."""

    line: int
    row: CatalogueRow
    changes: tuple[Change, ...] = ()
    example: bool = False


@dataclass(frozen=True, slots=True)
class RejectedRow:
    line: int
    external_id: str
    problems: tuple[Problem, ...]


@dataclass
class Plan:
    """Everything the report says, and everything that applying needs. Rows stand in the file's order."""

    columns: tuple[str, ...] = ()
    unknown_columns: tuple[str, ...] = ()
    new: list[PlannedRow] = field(default_factory=list)
    changed: list[PlannedRow] = field(default_factory=list)
    unchanged: list[PlannedRow] = field(default_factory=list)
    missing: list[CatalogueRow] = field(default_factory=list)
    """Stored, but in no row of the file. Reported, never removed."""
    also_changed: list[CatalogueRow] = field(default_factory=list)
    """Missing ones that change all the same, because the file changes their course. As they are now."""
    rejected: list[RejectedRow] = field(default_factory=list)

    @property
    def absent_columns(self) -> tuple[str, ...]:
        """Columns that the file leaves out: what is stored stays."""
        return tuple(column for column in COLUMNS if column not in self.columns)

    @property
    def changes_anything(self) -> bool:
        return bool(self.new or self.changed)

    @property
    def counts(self) -> dict[str, int]:
        """Size of each part, for the audit trail and the batch."""
        return {
            "new": len(self.new),
            "changed": len(self.changed),
            "unchanged": len(self.unchanged),
            "missing": len(self.missing),
            "rejected": len(self.rejected),
        }


def make_plan(sheet: Sheet, stored: Stored, reader: RowReader, progress: Progress = quiet) -> Plan:
    """Sort the rows of `sheet` into new, changed, unchanged and rejected ones."""
    plan = Plan(columns=sheet.columns, unknown_columns=sheet.unknown_columns)
    seen: dict[str, int] = {}
    courses: dict[Identity, tuple[int, CourseFields]] = {}
    count = max(1, len(sheet.rows))
    for sheet_row in followed(sheet.rows, progress, lambda number, _: number / count):
        values, problems = _read(sheet_row, reader)
        external_id = str(values.get("external_id", ""))
        if external_id:
            first = seen.setdefault(external_id, sheet_row.line)
            if first != sheet_row.line:
                problems.append(Problem("external_id", external_id, TEXTS("row_duplicate", line=first)))
        row = None if problems else _complete(values, stored)
        if row:
            problems = contradictions(row) or _mirrored(row, stored) or _disagreements(row, courses)
        if row is None or problems:
            plan.rejected.append(RejectedRow(sheet_row.line, external_id, tuple(problems)))
            continue
        courses.setdefault(row.identity, (sheet_row.line, course_fields(row)))
        _place(plan, sheet_row, row, stored.occasions.get(row.external_id))
    left = [row for name, row in stored.occasions.items() if name not in seen or name in stored.mirrored]
    plan.missing = [row for row in left if row.external_id not in stored.mirrored]
    plan.also_changed = [
        row for row in left if row.identity in courses and courses[row.identity][1] != course_fields(row)
    ]
    return plan


def fingerprint(plan: Plan) -> str:
    """The same for two plans that change the same and reject the same, and show it the same."""
    digest = hashlib.sha256()
    for rows in (plan.new, plan.changed, plan.also_changed, plan.rejected):
        digest.update(f"{len(rows)};".encode())
        for row in rows:
            digest.update(repr(row).encode())
    return digest.hexdigest()


def course_fields(row: CatalogueRow) -> CourseFields:
    """The columns that belong to the row's course."""
    return {column: getattr(row, column) for column in COURSE_COLUMNS}


def _read(sheet_row: SheetRow, reader: RowReader) -> tuple[dict[str, Value], list[Problem]]:
    values, problems = reader.read(sheet_row.cells)
    # When the cells are shifted, what each of them says is beside the point.
    return values, list(sheet_row.problems) or [*sheet_row.refused, *problems]


def _complete(values: Mapping[str, Value], stored: Stored) -> CatalogueRow:
    """The row with columns that the file leaves out: from the stored occasion and course, else the defaults."""
    given: dict[str, Any] = dict(values)  # Any: each value has its column's type, which the row reader saw to
    current = stored.occasions.get(given["external_id"])
    course = stored.courses.get((given["node"], given["occupation"], given["title"]))
    base: dict[str, Any] = dict(course) if course else {}
    return replace(current, **base | given) if current else CatalogueRow(**base | given)


def _disagreements(row: CatalogueRow, courses: Mapping[Identity, tuple[int, CourseFields]]) -> list[Problem]:
    if row.identity not in courses:
        return []
    line, first = courses[row.identity]
    return [
        Problem(column, shown(value), TEXTS("row_course_differs", line=line, other=shown(first[column])))
        for column, value in course_fields(row).items()
        if value != first[column]
    ]


def _mirrored(row: CatalogueRow, stored: Stored) -> list[Problem]:
    current = stored.occasions.get(row.external_id)
    if row.external_id in stored.mirrored and current != row:
        return [Problem("external_id", row.external_id, TEXTS("row_mirrored"))]
    if current is None and row.external_id.startswith(f"{SOURCE}:"):
        return [Problem("external_id", row.external_id, TEXTS("row_reserved", prefix=f"{SOURCE}:"))]
    return []


def _place(plan: Plan, read: SheetRow, row: CatalogueRow, current: CatalogueRow | None) -> None:
    if current is None:
        plan.new.append(PlannedRow(read.line, row, example=read.example))
    elif changes := tuple(_differences(current, row)):
        plan.changed.append(PlannedRow(read.line, row, changes))
    else:
        plan.unchanged.append(PlannedRow(read.line, row))


def _differences(old: CatalogueRow, new: CatalogueRow) -> Iterable[Change]:
    if old == new:
        return
    for column in COLUMNS:
        before, after = getattr(old, column), getattr(new, column)
        if before != after:
            yield Change(column, before, after)


def shown(value: Value) -> str:
    """A value as a person reads it in the report."""
    if isinstance(value, bool):
        return TEXTS("report_yes" if value else "report_no")
    return TEXTS("report_blank") if value in (None, "") else str(value)

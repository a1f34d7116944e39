"""The Swedish report of a dry run or an import, as plain text for a terminal or a mail. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from typing import TypeVar

from api.catalogue.importing.plan import Plan, PlannedRow, RejectedRow, shown
from api.catalogue.importing.rows import CatalogueRow, Value
from api.catalogue.importing.wording import TEXTS

_T = TypeVar("_T")
_LIST_LIMIT = 200
"""Longest list of rows that went well. Rejected rows are always listed, every one."""
_VALUE_LIMIT = 70
_UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]+")


def render(plan: Plan, file_name: str, *, number: int | None = None, applied: bool = False) -> str:
    """The report on `plan`. `number` is the batch's, when it was applied and changed something."""
    return "\n".join(_lines(plan, file_name, number, applied)) + "\n"


def _lines(plan: Plan, file_name: str, number: int | None, applied: bool) -> Iterator[str]:
    yield TEXTS("report_title", file_name=_quiet(file_name))
    if not applied:
        yield TEXTS("report_dry_run")
    elif number is None:
        yield TEXTS("report_applied_nothing")
    else:
        yield TEXTS("report_applied", number=number)
    if applied and plan.rejected:
        yield TEXTS("report_applied_rejected", count=len(plan.rejected))
    yield ""
    yield from _counts(plan)
    yield from _columns(plan)
    yield from _section("report_heading_new", plan.new, _planned)
    yield from _section("report_heading_changed", plan.changed, _changed)
    yield from _section("report_heading_also", plan.also_changed, _stored)
    yield from _section("report_heading_missing", plan.missing, _stored)
    yield from _section("report_heading_rejected", plan.rejected, _rejected, limit=None)
    if applied and number is not None:
        yield from ("", TEXTS("report_next_undo"))
    elif not applied and plan.changes_anything:
        yield from ("", TEXTS("report_next_apply", file_name=_quiet(file_name)))


def _counts(plan: Plan) -> Iterator[str]:
    labels = {name: TEXTS(f"report_count_{name}") for name in plan.counts}
    width = max(map(len, labels.values())) + 1
    for name, count in plan.counts.items():
        yield f"{labels[name] + ':':<{width}} {count:>6}"


def _columns(plan: Plan) -> Iterator[str]:
    if plan.unknown_columns:
        yield TEXTS("report_unknown_columns", columns=", ".join(map(_quiet, plan.unknown_columns)))
    if plan.absent_columns:
        yield TEXTS("report_absent_columns", columns=", ".join(plan.absent_columns))


def _section(
    heading: str, items: Sequence[_T], lines: Callable[[_T], Iterator[str]], limit: int | None = _LIST_LIMIT
) -> Iterator[str]:
    if not items:
        return
    yield from ("", f"{TEXTS(heading)} ({len(items)})")
    for item in items[:limit]:
        yield from lines(item)
    if limit is not None and len(items) > limit:
        yield TEXTS("report_more", count=len(items) - limit)


def _planned(planned: PlannedRow) -> Iterator[str]:
    yield TEXTS("report_row", line=planned.line, **_summary(planned.row))


def _changed(planned: PlannedRow) -> Iterator[str]:
    yield from _planned(planned)
    for change in planned.changes:
        yield TEXTS("report_change", column=change.column, old=_value(change.old), new=_value(change.new))


def _stored(row: CatalogueRow) -> Iterator[str]:
    yield TEXTS("report_stored", **_summary(row))


def _rejected(row: RejectedRow) -> Iterator[str]:
    for problem in row.problems:
        column = problem.column or TEXTS("report_whole_row")
        yield TEXTS("report_problem", line=row.line, column=column, value=_value(problem.value))
        yield TEXTS("report_reason", reason=_quiet(problem.reason))


def _summary(row: CatalogueRow) -> dict[str, str]:
    start = TEXTS("report_continuous" if row.continuous else "report_no_start")
    return {
        "external_id": _quiet(row.external_id),
        "title": _value(row.title),
        "node": row.node,
        "start": row.start_date.isoformat() if row.start_date else start,
    }


def _value(value: Value) -> str:
    text = _quiet(shown(value))
    return text if len(text) <= _VALUE_LIMIT else text[: _VALUE_LIMIT - 1] + "…"


def _quiet(text: str) -> str:
    """`text` on one line and without characters that steer a terminal: it may come from anybody's file."""
    return _UNPRINTABLE.sub(" ", text).strip()


def render_undone(file_name: str, *, removed: int, restored: int) -> str:
    """What an undo did."""
    return TEXTS("report_undone", file_name=_quiet(file_name), removed=removed, restored=restored) + "\n"

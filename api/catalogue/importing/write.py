"""Writing a plan to the tables, in bulk. Gives back the ids of the rows it touched, for the undo note."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from api.catalogue.importing.plan import CourseFields, Plan, PlannedRow, course_fields
from api.catalogue.importing.rows import COLUMNS, COURSE_COLUMNS, Identity
from api.catalogue.importing.snapshot import COURSE, OCCASION, chunks, update_rows
from api.catalogue.tables import Node
from api.guidance.tables import Occupation

_OCCASION_COLUMNS = tuple(
    column for column in COLUMNS if column not in {*COURSE_COLUMNS, "title", "occupation", "node", "external_id"}
)


@dataclass
class CoursePlan:
    """Which courses are made, changed and left empty."""

    ids: dict[Identity, int]
    """The stored courses, by identity as it is before."""
    insert: dict[Identity, CourseFields] = field(default_factory=dict)
    update: dict[int, tuple[Identity, CourseFields]] = field(default_factory=dict)
    emptied: set[int] = field(default_factory=set)
    """Courses that all their occasions leave. They are removed, or they would stand there as doubles."""


@dataclass(frozen=True)
class Current:
    """The rows behind the external_ids of the plan: occasion id and course id; and how many occasions a course has."""

    occasions: Mapping[str, tuple[int, int]]
    sizes: Mapping[int, int]
    courses: Mapping[Identity, int]


def load_current(session: Session) -> Current:
    """Ids of everything stored."""
    occasions = {
        external_id: (id_, course_id)
        for external_id, id_, course_id in session.execute(
            select(OCCASION.c.external_id, OCCASION.c.id, OCCASION.c.course_id)
        )
    }
    sizes: dict[int, int] = defaultdict(int)
    for _, course_id in occasions.values():
        sizes[course_id] += 1
    return Current(occasions, sizes, _course_ids(session))


def plan_courses(plan: Plan, current: Current) -> CoursePlan:
    """What happens to the courses. Pure.

    A course whose occasions all get the same new title, node or occupation is renamed and keeps its id (and with it
    its address on the web), unless the new identity exists already or the old one is still in use in the file.
    """
    valid = [*plan.new, *plan.changed, *plan.unchanged]
    wanted: dict[Identity, CourseFields] = {}
    leaving: dict[int, list[Identity]] = defaultdict(list)
    for planned in valid:
        wanted.setdefault(planned.row.identity, course_fields(planned.row))
        stored = current.occasions.get(planned.row.external_id)
        if stored and current.courses.get(planned.row.identity) != stored[1]:
            leaving[stored[1]].append(planned.row.identity)
    emptied = {course for course, targets in leaving.items() if len(targets) == current.sizes[course]}
    in_use = {current.courses[identity] for identity in wanted if identity in current.courses}
    result = CoursePlan(dict(current.courses), emptied=emptied - in_use)
    for course in sorted(result.emptied):
        targets = set(leaving[course])
        target = next(iter(targets))
        taken = target in current.courses or any(target == identity for identity, _ in result.update.values())
        if len(targets) == 1 and not taken:
            result.update[course] = (target, wanted[target])
            result.emptied = result.emptied - {course}
    renamed = {identity for identity, _ in result.update.values()}
    for identity, fields in wanted.items():
        if identity in current.courses:
            result.update[current.courses[identity]] = (identity, fields)
        elif identity not in renamed:
            result.insert[identity] = fields
    return result


def write_courses(session: Session, courses: CoursePlan) -> dict[Identity, int]:
    """Insert and update courses; the ids afterwards, by identity. The emptied ones are still there."""
    nodes = dict(session.execute(select(Node.slug, Node.id)).all())
    occupations = dict(session.execute(select(Occupation.slug, Occupation.id)).all())

    def values(identity: Identity, fields: CourseFields) -> dict[str, Any]:  # Any: column values
        node, occupation, title = identity
        return {"node_id": nodes[node], "occupation_id": occupations[occupation], "title": title, **fields}

    update_rows(session, COURSE, {id_: values(*wanted) for id_, wanted in courses.update.items()})
    if courses.insert:
        session.execute(insert(COURSE), [values(*wanted) for wanted in courses.insert.items()])
    return _course_ids(session)


def write_occasions(
    session: Session, plan: Plan, current: Current, course_ids: Mapping[Identity, int], *, now: datetime, example: bool
) -> None:
    """Insert the new occasions and update the changed ones. `example` marks every new one, whatever its row says."""

    def values(planned: PlannedRow) -> dict[str, Any]:  # Any: column values
        row = planned.row
        own = {column: getattr(row, column) for column in _OCCASION_COLUMNS}
        return {**own, "course_id": course_ids[row.identity], "updated_at": now}

    changed = {current.occasions[planned.row.external_id][0]: values(planned) for planned in plan.changed}
    update_rows(session, OCCASION, changed)
    if plan.new:
        rows = [{**values(p), "external_id": p.row.external_id, "example": example or p.example} for p in plan.new]
        session.execute(insert(OCCASION), rows)


def remove_courses(session: Session, ids: Iterable[int]) -> None:
    """Delete the courses with these ids."""
    for some in chunks(sorted(ids)):
        session.execute(delete(COURSE).where(COURSE.c.id.in_(some)))


def _course_ids(session: Session) -> dict[Identity, int]:
    rows = session.execute(
        select(Node.slug, Occupation.slug, COURSE.c.title, COURSE.c.id)
        .join(Node, COURSE.c.node_id == Node.id)
        .join(Occupation, COURSE.c.occupation_id == Occupation.id)
    )
    return {(node, occupation, title): id_ for node, occupation, title, id_ in rows}

"""Changes of one course or occasion, each with its history. Sessions first; nothing is committed here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from api.catalogue.keeping.errors import MirroredRow, StillPublic, StillUsed
from api.catalogue.keeping.forms import Values
from api.catalogue.search import PUBLIC
from api.catalogue.tables import Course, Node, Occasion
from api.errors import NotFound
from api.guidance.tables import Occupation
from api.staff import history
from api.staff.history import Edit
from api.staff.tables import RowChange

CAUSES = {"draft": "unpublish", "published": "publish", "full": "full", "cancelled": "cancel"}
"""A new status → what was done, for the history."""


class NotUnique(Exception):
    """Another row has what must be its own: the identity of a course, or the id of an occasion."""


def get_course(session: Session, course_id: int, *, to_change: bool = False) -> Course:
    """The course; `to_change` waits for whoever changes it at the moment. Raises NotFound."""
    course: Course | None = history.load(session, Course, str(course_id), to_change=to_change)
    if course is None:
        raise NotFound
    return course


def get_occasion(session: Session, occasion_id: int, *, to_change: bool = False) -> Occasion:
    """The occasion; `to_change` as above. Raises NotFound."""
    occasion: Occasion | None = history.load(session, Occasion, str(occasion_id), to_change=to_change)
    if occasion is None:
        raise NotFound
    return occasion


def occasions_of(session: Session, course: Course) -> Sequence[Occasion]:
    """All occasions of a course, latest start first; those without a day before them."""
    order = (Occasion.start_date.is_not(None), Occasion.start_date.desc(), Occasion.id.desc())
    return session.scalars(select(Occasion).where(Occasion.course_id == course.id).order_by(*order)).all()


def course_columns(session: Session, values: Mapping[str, Any]) -> Values:
    """What the fields of a course say, as its columns."""
    node = session.scalar(select(Node.id).where(Node.slug == values["node"]))
    occupation = session.scalar(select(Occupation.id).where(Occupation.slug == values["occupation"]))
    own = {name: value for name, value in values.items() if name not in ("node", "occupation")}
    return {**own, "node_id": node, "occupation_id": occupation}


def change(session: Session, row: Course | Occasion, values: Values, *, at: datetime, actor: str) -> str:
    """Store what a form says; the batch of the change, empty when there was nothing to change. Raises NotUnique."""
    try:
        with session.begin_nested(), Edit(session, at=at, actor=actor, cause="edit") as edit:
            edit.change(row, values)
    except IntegrityError:
        raise NotUnique from None
    session.refresh(row)  # what its foreign keys point at may be another row now
    return edit.batch if edit.count else ""


def create(session: Session, row: Course | Occasion, *, at: datetime, actor: str, cause: str = "create") -> str:
    """Store a new row; the batch. Raises NotUnique."""
    try:
        with session.begin_nested(), Edit(session, at=at, actor=actor, cause=cause) as edit:
            edit.create(row)
    except IntegrityError:
        raise NotUnique from None
    return edit.batch


def set_status(session: Session, occasion: Occasion, status: str, *, at: datetime, actor: str) -> str:
    """Publish, cancel and so on; the batch, empty when that was its status already."""
    with Edit(session, at=at, actor=actor, cause=CAUSES[status]) as edit:
        edit.change(occasion, {"status": status})
    return edit.batch if edit.count else ""


def was_public(session: Session, occasion: Occasion) -> bool:
    """Whether somebody may have seen it. What was never changed has the status it has."""
    if occasion.status != "draft":
        return True
    query = select(RowChange.diff).where(RowChange.kind == "occasion", RowChange.key == str(occasion.id))
    return any(status in (*PUBLIC, "cancelled") for diff in session.scalars(query) for status in diff.get("status", ()))


def remove_occasion(session: Session, occasion: Occasion, *, at: datetime, actor: str) -> str:
    """Remove an occasion; the batch. Raises StillPublic or MirroredRow."""
    _refuse(occasion)
    with Edit(session, at=at, actor=actor, cause="remove") as edit:
        edit.remove(occasion)
    return edit.batch


def remove_course(session: Session, course: Course, *, at: datetime, actor: str) -> str:
    """Remove a course with its occasions; the batch. Raises StillPublic, MirroredRow or StillUsed, and then nothing
    is removed."""
    occasions = session.scalars(
        select(Occasion).where(Occasion.course_id == course.id).order_by(Occasion.id).with_for_update(of=Occasion)
    ).all()
    for occasion in occasions:
        _refuse(occasion)
    try:
        with session.begin_nested(), Edit(session, at=at, actor=actor, cause="remove") as edit:
            for occasion in occasions:
                edit.remove(occasion)
            edit.remove(course)
    except IntegrityError:
        raise StillUsed from None
    return edit.batch


def refusal(occasions: Sequence[Occasion]) -> str:
    """Why these cannot be removed, as the code of an error; empty when they can."""
    try:
        for occasion in occasions:
            _refuse(occasion)
    except (StillPublic, MirroredRow) as error:
        return error.code
    return ""


def _refuse(occasion: Occasion) -> None:
    if occasion.source:
        raise MirroredRow
    if occasion.status in PUBLIC:
        raise StillPublic

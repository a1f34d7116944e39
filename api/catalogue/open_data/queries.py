"""What the read API asks of the database: only what is not a draft."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.orm import Session

from api.catalogue.open_data.changes import newest
from api.catalogue.tables import Course, Municipality, Node, Occasion
from api.guidance.tables import Occupation

_Stamped = type[Occasion | Course | Node | Occupation]
SHOWN: tuple[_Stamped, ...] = (Occasion, Course, Node, Occupation)
"""The tables whose rows show in what is told of a course."""

LISTED = Occasion.status != "draft"
_HAS_LISTED = select(Occasion.id).where(Occasion.course_id == Course.id, LISTED).exists()


def count_courses(session: Session, where: Sequence[ColumnElement[bool]] = ()) -> int:
    """How many courses with something published fit `where`."""
    query = select(func.count(Course.id)).join(Course.node).join(Course.occupation).join(Node.municipality)
    return session.scalar(query.where(_HAS_LISTED, *where)) or 0


def courses(
    session: Session, where: Sequence[ColumnElement[bool]], *, offset: int, limit: int | None
) -> Sequence[Course]:
    """Courses with something published, in order of id."""
    ids = select(Course.id).join(Course.node).join(Course.occupation).join(Node.municipality)
    wanted = ids.where(_HAS_LISTED, *where).order_by(Course.id).offset(offset).limit(limit)
    return session.scalars(select(Course).where(Course.id.in_(wanted)).order_by(Course.id)).all()


def course_filters(
    *,
    occupation: str | None,
    node: str | None,
    municipality: str | None,
    apprenticeship: bool | None,
    sfi_combined: bool | None,
    kind: str | None,
) -> list[ColumnElement[bool]]:
    """The conditions of the course list; None means any. `municipality` is the four-digit code."""
    found: list[ColumnElement[bool]] = []
    if occupation is not None:
        found.append(Occupation.slug == occupation)
    if node is not None:
        found.append(Node.slug == node)
    if municipality is not None:
        found.append(Municipality.code == municipality)
    if apprenticeship is not None:
        found.append(Course.apprenticeship.is_(apprenticeship))
    if sfi_combined is not None:
        found.append(Course.sfi_combined.is_(sfi_combined))
    if kind is not None:
        found.append(Course.kind == kind)
    return found


def about_courses(session: Session, ids: Sequence[int]) -> dict[int, tuple[bool, datetime]]:
    """Course id → whether a listed occasion of it is example data, and the newest change of what is shown of it: of
    itself, its node, its occupation and its listed occasions."""
    found: dict[int, tuple[bool, datetime]] = {}
    for start in range(0, len(ids), 500):  # both databases limit how many values one statement may carry
        query = listed(Course.id, Occasion.example, *map(latest, SHOWN))
        query = query.where(Course.id.in_(ids[start : start + 500])).group_by(Course.id, Occasion.example)
        for course, example, changed, *others in session.execute(query):
            before = found.get(course, (False, changed))
            found[course] = (before[0] or example, newest(before[1], changed, *others) or changed)
    return found


def occasions_of(session: Session, course: Course) -> Sequence[Occasion]:
    """Every occasion of the course that is not a draft, in order of start."""
    query = select(Occasion).where(Occasion.course_id == course.id, LISTED)
    return session.scalars(query.order_by(Occasion.start_date, Occasion.external_id)).all()


def occasion(session: Session, external_id: str) -> Occasion | None:
    """The occasion with that id, unless it is a draft."""
    if "\x00" in external_id:  # PostgreSQL has no such text
        return None
    return session.scalar(select(Occasion).where(Occasion.external_id == external_id, LISTED))


def count_occasions(session: Session, since: datetime | None) -> int:
    """How many occasions are listed, or look different since then."""
    return session.scalar(_since(select(func.count(Occasion.id)).where(LISTED), since)) or 0


def occasions(session: Session, since: datetime | None, *, offset: int, limit: int) -> Sequence[Occasion]:
    """Listed occasions in order of row number; with `since` those that look different since then."""
    query = select(Occasion).where(LISTED).order_by(Occasion.id).offset(offset).limit(limit)
    return session.scalars(_since(query, since)).all()


def nodes_with_courses(session: Session) -> Sequence[Node]:
    """Nodes that give something that is listed."""
    gives = select(Course.id).where(Course.node_id == Node.id, _HAS_LISTED).exists()
    return session.scalars(select(Node).where(gives).order_by(Node.slug)).all()


def changed_at_node(session: Session) -> dict[int, datetime]:
    """Node id → the newest change of the node itself or of a listed occasion there."""
    rows = session.execute(listed(Node.id, latest(Occasion), latest(Node)).group_by(Node.id))
    return {node: newest(changed, own) or changed for node, changed, own in rows}


def newest_change(session: Session) -> datetime | None:
    """The newest change of anything that is listed; None when nothing is."""
    return newest(*session.execute(listed(*map(latest, SHOWN))).one())


def changed_since(since: datetime) -> ColumnElement[bool]:
    """Courses that look different since then: themselves, their node, occupation or a listed occasion of theirs."""
    occasion = select(Occasion.id).where(Occasion.course_id == Course.id, LISTED, Occasion.updated_at >= since)
    return or_(_changed(since, Course, Node, Occupation), occasion.exists())


def listed(*columns: Any) -> Any:  # Any: columns of whichever tables, and a select that is typed by them
    """A question about listed occasions with their courses, nodes and occupations."""
    query = select(*columns).select_from(Occasion).join(Occasion.course).join(Course.node).join(Course.occupation)
    return query.where(LISTED)


def latest(table: _Stamped) -> ColumnElement[Any]:  # Any: a moment or none
    """The newest change of any of these rows."""
    return func.max(table.updated_at, type_=table.updated_at.type)


def _since(query: Select[Any], since: datetime | None) -> Select[Any]:  # Any: whatever is asked of occasions
    if since is None:
        return query
    return query.join(Occasion.course).join(Course.node).where(_changed(since, Occasion, Course, Node))


def _changed(since: datetime, *tables: _Stamped) -> ColumnElement[bool]:
    return or_(*(table.updated_at >= since for table in tables))

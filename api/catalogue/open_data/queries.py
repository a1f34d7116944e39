"""What the read API asks of the database: only what is not a draft."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from api.catalogue.tables import Course, Municipality, Node, Occasion
from api.guidance.tables import Occupation

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
    return found


def about_courses(session: Session, ids: Sequence[int]) -> dict[int, tuple[bool, datetime]]:
    """Course id → whether a listed occasion of it is example data, and the newest change of its listed occasions."""
    found: dict[int, tuple[bool, datetime]] = {}
    for start in range(0, len(ids), 500):  # both databases limit how many values one statement may carry
        some = ids[start : start + 500]
        query = select(
            Occasion.course_id, Occasion.example, func.max(Occasion.updated_at, type_=Occasion.updated_at.type)
        )
        for course, example, changed in session.execute(
            query.where(LISTED, Occasion.course_id.in_(some)).group_by(Occasion.course_id, Occasion.example)
        ):
            before = found.get(course, (False, changed))
            found[course] = (before[0] or example, max(before[1], changed))
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
    """How many occasions are listed, or were changed at `since` or later."""
    query = select(func.count(Occasion.id)).where(LISTED)
    return session.scalar(query.where(Occasion.updated_at >= since) if since else query) or 0


def occasions(session: Session, since: datetime | None, *, offset: int, limit: int) -> Sequence[Occasion]:
    """Listed occasions in order of row number."""
    query = select(Occasion).where(LISTED).order_by(Occasion.id).offset(offset).limit(limit)
    return session.scalars(query.where(Occasion.updated_at >= since) if since else query).all()


def nodes_with_courses(session: Session) -> Sequence[Node]:
    """Nodes that give something that is listed."""
    gives = select(Course.id).where(Course.node_id == Node.id, _HAS_LISTED).exists()
    return session.scalars(select(Node).where(gives).order_by(Node.slug)).all()


def changed_at_node(session: Session) -> dict[int, datetime]:
    """Node id → the newest change of a listed occasion there."""
    query = select(Course.node_id, func.max(Occasion.updated_at, type_=Occasion.updated_at.type))
    rows = session.execute(query.select_from(Occasion).join(Occasion.course).where(LISTED).group_by(Course.node_id))
    return dict(rows.all())


def changed_since(since: datetime) -> ColumnElement[bool]:
    """Courses with a listed occasion changed at `since` or later."""
    return select(Occasion.id).where(Occasion.course_id == Course.id, LISTED, Occasion.updated_at >= since).exists()

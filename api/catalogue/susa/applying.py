"""Mirrored events → courses and occasions. Session first, no commit.

An occasion is made once its event may be shown; after that only fields that the source has changed are set, and only
where staff have left them alone (`three_way`). A change of a row stands in its history; that a row was made does not:
the first run makes thousands, and the row says itself where it comes from.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from api.catalogue.susa.matching import NodePlace, node_for, occupations_of
from api.catalogue.susa.reading import Event, event_of
from api.catalogue.susa.tables import SOURCE, SusaCourse, SusaEvent, SusaProvider
from api.catalogue.susa.three_way import merge
from api.catalogue.tables import Course, Municipality, Node, Occasion
from api.clock import stockholm_date
from api.guidance.tables import Occupation
from api.row_json import from_json, to_json
from api.staff import audit
from api.staff.history import Edit

PROBLEMS = ("title", "place", "occupation", "pace")
"""What can keep an event from being published. With the last one a person may approve it all the same."""
_HARD = frozenset(PROBLEMS[:3])
_LONGEST_ID = 80
CAUSE = "susa"


@dataclass(frozen=True)
class Catalogue:
    """What the catalogue has to put events into."""

    nodes: Sequence[NodePlace]
    occupations: Mapping[str, int]
    """Slug → id."""


@dataclass(frozen=True)
class Placed:
    """Where an event belongs: None where that cannot be decided. `problems` are words of PROBLEMS."""

    title: str
    node_id: int | None
    occupation_id: int | None
    problems: tuple[str, ...]

    @property
    def is_decided(self) -> bool:
        return not _HARD & set(self.problems)


def load_catalogue(session: Session) -> Catalogue:
    """Nodes with their municipalities, and occupations."""
    nodes = session.execute(select(Node.id, Municipality.code).join(Node.municipality).order_by(Node.id)).all()
    occupations = session.execute(select(Occupation.slug, Occupation.id)).all()
    return Catalogue([NodePlace(*row) for row in nodes], dict(occupations))


def place(row: SusaEvent, catalogue: Catalogue) -> Placed:
    """Where the event belongs, by what staff chose and what it says itself."""
    event = event_of(row.details)
    title = row.info.title or row.title
    chosen = next((node for node in catalogue.nodes if node.id == row.provider.node_id), None)
    node = node_for(event.areas, chosen, catalogue.nodes)
    named = occupations_of(row.info.title) or occupations_of(row.title)
    named = tuple(slug for slug in named if slug in catalogue.occupations)
    occupation = row.info.occupation_id or (catalogue.occupations[named[0]] if len(named) == 1 else None)
    lacks = {"title": not title, "place": node is None, "occupation": occupation is None, "pace": event.pace is None}
    return Placed(title, node, occupation, tuple(name for name in PROBLEMS if lacks[name]))


def apply_events(
    session: Session,
    rows: Sequence[SusaEvent],
    catalogue: Catalogue,
    *,
    now: datetime,
    actor: str,
    decided: bool = False,
) -> Counter[str]:
    """Let the catalogue follow these events. `decided`: staff have just said so, whatever the status was before.

    Counts `created`, `updated` and `conflicts`. Leaves audit rows.
    """
    counts: Counter[str] = Counter()
    with Edit(session, at=now, actor=actor, cause=CAUSE) as edit:
        for row in rows:
            placed = place(row, catalogue)
            row.problem, row.dirty = ",".join(placed.problems), False
            occasion = _occasion(session, row)
            if occasion is not None:
                counts += _follow(session, edit, row, occasion, placed, decided, now)
            elif may_be_shown(row, placed) and not row.gone and not row.details["cancelled"]:
                _create(session, edit, row, placed, now)
                counts["created"] += 1
    if counts["created"]:
        audit.record(
            session, at=now, actor=actor, action="susa.created", subject=f"occasion:{SOURCE}", rows=counts["created"]
        )
    return counts


def may_be_shown(row: SusaEvent, placed: Placed) -> bool:
    """Whether staff let the event out: by itself, or through its provider when nothing needs a look."""
    provider: SusaProvider = row.provider
    if not placed.is_decided or row.state == "omitted" or provider.decision in ("omit", "waiting"):
        return False
    return row.state == "approved" or (provider.decision == "publish" and not placed.problems)


def external_id(source_id: str) -> str:
    """The occasion's id in the catalogue. An id too long for the column is told by its hash."""
    name = f"{SOURCE}:{source_id}"
    return name if len(name) <= _LONGEST_ID else f"{SOURCE}:{hashlib.sha256(source_id.encode()).hexdigest()[:40]}"


def _occasion(session: Session, row: SusaEvent) -> Occasion | None:
    if row.occasion_id is None:
        return None
    return session.get(Occasion, row.occasion_id, with_for_update={"of": Occasion})


def _create(session: Session, edit: Edit, row: SusaEvent, placed: Placed, now: datetime) -> None:
    event = event_of(row.details)
    course = _course(session, edit, row, placed, event)
    values = _occasion_values(event, course.id, "published")
    occasion = Occasion(
        external_id=external_id(row.source_id), source=SOURCE, updated_at=now, **_columns(Occasion, values)
    )
    session.add(occasion)
    session.flush()
    # Approved from here on: a provider whose courses must be approved from now on keeps those that are out.
    row.occasion_id, row.mirrored, row.state = occasion.id, values, "approved"
    row.conflicts, row.differs = {}, False


def _follow(
    session: Session, edit: Edit, row: SusaEvent, occasion: Occasion, placed: Placed, decided: bool, now: datetime
) -> Counter[str]:
    event = event_of(row.details)
    course_id = row.mirrored.get("course_id", occasion.course_id)
    if placed.is_decided and not row.gone:
        course_id = _course(session, edit, row, placed, event).id
    status = _status(row, occasion, placed, event, now)
    wanted = _occasion_values(event, course_id, status)
    if row.gone:
        wanted = {**row.mirrored, "status": status}
    ours = {name: to_json(getattr(occasion, name)) for name in wanted}
    merged = merge(row.mirrored, wanted, ours, row.conflicts)
    if decided and "draft" in (status, ours["status"]):  # out or in; a mark such as "full" is not what was decided
        merged.change["status"] = status
        merged.conflicts.pop("status", None)
    changed = edit.change(occasion, _columns(Occasion, merged.change))
    new = merged.conflicts.keys() - row.conflicts.keys()
    row.mirrored, row.conflicts, row.differs = wanted, merged.conflicts, bool(merged.conflicts)
    return Counter(updated=int(changed), conflicts=len(new))


def _status(row: SusaEvent, occasion: Occasion, placed: Placed, event: Event, now: datetime) -> str:
    was = str(row.mirrored.get("status", occasion.status))
    if row.gone in ("removed", "expired") and was != "draft":
        last = occasion.end_date or (None if occasion.continuous else occasion.start_date)
        if last is not None and last < stockholm_date(now):
            return was
        # `expires` says until when the information holds, not that the training will not be given.
        return "cancelled" if row.gone == "removed" or event.cancelled else "draft"
    if row.gone or not may_be_shown(row, placed):
        return "draft"
    return "cancelled" if event.cancelled else "published"


def _course(session: Session, edit: Edit, row: SusaEvent, placed: Placed, event: Event) -> Course:
    """The course of the event: the one that was made of its info, else one of the same name, else a new one."""
    node, occupation = placed.node_id, placed.occupation_id
    values = _course_values(row, placed)
    made = select(SusaCourse).where(SusaCourse.info_id == row.info_id, SusaCourse.node_id == node)
    link = session.scalar(made.where(SusaCourse.occupation_id == occupation))
    if link is not None:
        _follow_course(session, edit, link, values)
        return link.course
    same = select(Course).where(Course.node_id == node, Course.occupation_id == occupation)
    course = session.scalar(same.where(Course.title == placed.title))
    if course is None:
        course = Course(
            node_id=node, occupation_id=occupation, apprenticeship=event.apprenticeship, **_columns(Course, values)
        )
        session.add(course)
        session.flush()
        session.add(
            SusaCourse(
                info_id=row.info_id, node_id=node, occupation_id=occupation, course_id=course.id, mirrored=values
            )
        )
        session.flush()
    return course


def _follow_course(session: Session, edit: Edit, link: SusaCourse, values: Mapping[str, Any]) -> None:
    course = link.course
    ours = {name: to_json(getattr(course, name)) for name in values}
    merged = merge(link.mirrored, values, ours, link.conflicts)
    if "title" in merged.change and _is_taken(session, course, merged.change["title"]):
        merged.conflicts["title"] = [ours["title"], merged.change.pop("title")]
    edit.change(course, _columns(Course, merged.change))
    link.mirrored, link.conflicts, link.differs = dict(values), merged.conflicts, bool(merged.conflicts)


def _is_taken(session: Session, course: Course, title: str) -> bool:
    same = select(Course.id).where(Course.node_id == course.node_id, Course.occupation_id == course.occupation_id)
    return session.scalar(same.where(Course.title == title, Course.id != course.id)) is not None


def _course_values(row: SusaEvent, placed: Placed) -> dict[str, Any]:
    info = row.info.details
    return {
        "title": placed.title,
        "credits": info.get("credits"),
        "eligibility": info.get("eligibility", ""),
        "description": info.get("description", ""),
    }


def _occasion_values(event: Event, course_id: int, status: str) -> dict[str, Any]:
    values = {
        "course_id": course_id,
        "start_date": event.start,
        "end_date": event.end,
        "apply_from": event.apply_from,
        "apply_to": event.apply_to,
        "continuous": event.continuous,
        "pace": event.pace or 100,
        "distance": event.distance,
        "places": event.places,
        "apply_url": event.apply_url,
        "contact_email": event.contact_email,
        "source_url": event.url or event.apply_url,
        "status": status,
    }
    return {name: to_json(value) for name, value in values.items()}


def _columns(model: type[Course | Occasion], values: Mapping[str, Any]) -> dict[str, Any]:
    table = model.metadata.tables[model.__tablename__]
    return {name: from_json(table, name, value) for name, value in values.items()}

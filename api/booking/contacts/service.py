"""Counsellors as staff keep them: a new one, what a change lets go of, and what may be removed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from itertools import count
from typing import Any, Literal

from sqlalchemy import delete, exists, select
from sqlalchemy.orm import Session

from api.booking import availability
from api.booking.contacts.errors import CounsellorInUse
from api.booking.contacts.fields import TEXTS
from api.booking.tables import Counsellor, Meeting
from api.booking.unfit_holds import release_unfit
from api.catalogue.tables import Node
from api.staff.history import Edit, removed_values

Values = Mapping[str, Any]  # Any: columns' values


def nodes(session: Session) -> list[Node]:
    """Every node, by town."""
    return list(session.scalars(select(Node).order_by(Node.town, Node.name)))


def new(session: Session, values: Values) -> Counsellor:
    """A counsellor with the usual rules, in Swedish, and no hours yet: nobody is booked until somebody says when."""
    node = session.get_one(Node, values["node_id"])
    # Not a node's either: the id of a time begins with the one or the other, and old ones may still be on a screen.
    taken = {*session.scalars(select(Counsellor.slug)), *session.scalars(select(Node.slug))}
    taken |= removed_values(session, Counsellor, "slug")
    slug = next(one for one in (f"{node.slug}-{number}" for number in count(1)) if one not in taken)
    return Counsellor(slug=slug, meeting_types=["phone", "video", "on_site"], languages=["sv"], **values)


def errors(session: Session, values: Values, row: Counsellor | None, now: datetime) -> dict[str, str]:
    """What is wrong with the values besides the single fields, by field."""
    if "node_id" not in values:
        return {}
    if session.get(Node, values["node_id"] or 0) is None:
        return {"node_id": TEXTS("wrong_node")}
    if row is not None and values["node_id"] != row.node_id and coming(session, row, now):
        return {"node_id": TEXTS("wrong_node_booked")}
    return {}


def coming(session: Session, row: Counsellor, now: datetime) -> tuple[Meeting, ...]:
    """The booked meetings that are not over, soonest first."""
    return availability.standing_meetings(session, [row.id], None, now)


def let_go(session: Session, row: Counsellor, now: datetime, *, moved: bool) -> None:
    """Let go of times that are held and cannot be booked after a change: after a move to another node, of all."""
    if moved:
        availability.release_holds(session, [row.id], None)
    else:
        release_unfit(session, row, now)


def kept_by(session: Session, row: Counsellor, now: datetime) -> Literal["", "meetings", "held"]:
    """What keeps the counsellor from being removed: meetings, or a time that somebody is booking just now."""
    ours = Meeting.counsellor_id == row.id
    if session.scalar(select(exists().where(ours, Meeting.status.in_(("confirmed", "cancelled"))))):
        return "meetings"
    held = exists().where(ours, Meeting.status == "held", Meeting.held_until > now)
    return "held" if session.scalar(select(held)) else ""


def remove(session: Session, row: Counsellor, now: datetime, by: str) -> str:
    """Remove a locked counsellor with hours and exceptions; the batch that brings all of it back. CounsellorInUse.

    Calendar feeds end for good: their secrets are not kept.
    """
    if kept_by(session, row, now):
        raise CounsellorInUse
    # Only times that were let go are left. Nobody counts on them, and retention would take them soon.
    session.execute(delete(Meeting).where(Meeting.counsellor_id == row.id))
    with Edit(session, at=now, actor=by, cause="remove") as edit:
        for part in (*row.exceptions, *row.hours):
            edit.remove(part)
        session.expire(row, ["exceptions", "hours"])
        edit.remove(row)
    return edit.batch

"""The locks that writers of meetings take, always in the same order: the person's first, then the counsellors' rows.

With the counsellors locked, what is free is computed afresh; the database's own guard catches any path that forgets.
Each is taken once per transaction: a second call could come in the wrong order and wait for somebody who waits for us.
"""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from api.booking.tables import Counsellor, Meeting
from api.database import one_at_a_time


def lock_person(session: Session, *keys: object) -> None:
    """One booking at a time per conversation and contact, so that parallel requests cannot pass the limit together."""
    one_at_a_time(session, *(f"person:{key}" for key in keys))


def lock_counsellors(session: Session, ids: Iterable[int], *, at_node: int | None = None) -> None:
    """Lock the rows of these counsellors and of everybody at the node, in id order, so that two bookings never wait
    for each other. Renders no lock on SQLite.

    Rows that were read before are read again: the one who held the lock may have changed the address or the rules.
    """
    wanted = or_(Counsellor.id.in_(sorted(set(ids))), Counsellor.node_id == at_node)
    rows = select(Counsellor).where(wanted).order_by(Counsellor.id).with_for_update(of=Counsellor)
    session.scalars(rows.execution_options(populate_existing=True)).unique().all()


def lock_meeting(session: Session, meeting: Meeting) -> None:
    """Lock everybody at the meeting's node and read the meeting again.

    All of the node, since somebody may have given the meeting to another counsellor there meanwhile, and since whoever
    takes it over is locked as well.
    """
    node_id = session.scalar(select(Counsellor.node_id).where(Counsellor.id == meeting.counsellor_id))
    lock_counsellors(session, (), at_node=node_id)
    session.refresh(meeting)

"""Letting go of times that are only held, when the counsellor's hours or rules no longer have them."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from api.booking.openings import busy_blocks, rules_of
from api.booking.slots import Span, free_slots
from api.booking.tables import Counsellor, Meeting


def release_unfit(session: Session, counsellor: Counsellor, now: datetime) -> None:
    """Let go of the times held with the counsellor that could not be held today; those people are offered others.

    What is booked stands. Asked with the counsellor locked, after the change. The latest holds go first, when a day
    has become too full for all of them.
    """
    held = select(Meeting).where(Meeting.counsellor_id == counsellor.id, Meeting.status == "held")
    for meeting in session.scalars(held.order_by(Meeting.created_at.desc(), Meeting.id)).all():
        if _fits(session, counsellor, meeting, now):
            continue
        still_held = update(Meeting).where(Meeting.id == meeting.id, Meeting.status == "held")
        session.execute(still_held.values(status="expired", origin=None).execution_options(synchronize_session="fetch"))


def _fits(session: Session, counsellor: Counsellor, meeting: Meeting, now: datetime) -> bool:
    if not counsellor.active or meeting.meeting_type not in counsellor.meeting_types:
        return False
    if meeting.spoken_language and not counsellor.speaks(meeting.spoken_language):
        return False
    with_interpreter = meeting.interpreter_language is not None
    rules = rules_of(session, [counsellor], now, interpreter=with_interpreter)[counsellor.id]
    busy = busy_blocks(session, [counsellor], now, without=meeting.id)[counsellor.id]
    window = Span(meeting.starts_at, meeting.starts_at + timedelta(seconds=1))
    # As of when it was taken: that the notice has run out since is no change of the rules.
    offered = free_slots(rules, busy, now=meeting.created_at, window=window)
    return Span(meeting.starts_at, meeting.ends_at) in offered

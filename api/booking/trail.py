"""The audit trail of meetings and of when counsellors can be booked: who did what from what to what, no free text."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from api.booking.tables import Meeting
from api.staff.audit import record


def record_meeting(
    session: Session,
    meeting: Meeting,
    action: str,
    actor: str,
    now: datetime,
    **more: Any,  # Any: JSON values
) -> None:
    """One row for one change of a meeting, as it is after the change. `more` says what it was before."""
    details = {
        "starts_at": meeting.starts_at.isoformat(),
        "counsellor": meeting.counsellor.slug,
        "sequence": meeting.sequence,
    }
    if meeting.staff_override:
        details["double_booking"] = True
    record(session, at=now, actor=actor, action=action, subject=f"meeting:{meeting.id}", **details, **more)

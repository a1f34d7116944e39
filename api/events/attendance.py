"""Who came: ticked off at the door."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from api.events.errors import EventAhead, SignupPassed
from api.events.seats import lock_signup
from api.events.tables import TAKING, Event, EventSignup, SignupStatus
from api.staff.audit import record

DOORS_OPEN = timedelta(hours=2)
"""How long before an event somebody can be ticked off."""


def attendees(session: Session, event: Event) -> Sequence[EventSignup]:
    """Everybody with a place, by name; held offers and the waiting list are not among them."""
    own = select(EventSignup).where(
        EventSignup.event_id == event.id, EventSignup.status.in_([status for status in TAKING if status != "offered"])
    )
    return session.scalars(own.order_by(func.lower(EventSignup.name), EventSignup.number)).all()


def mark_attendance(
    session: Session, signup: EventSignup, attended: bool | None, *, now: datetime, actor: str
) -> EventSignup:
    """They came, they did not, or (None) nobody has said yet. Nobody is told, and it refuses them nothing later.

    EventAhead earlier than two hours before it starts, SignupPassed for somebody without a place.
    """
    event = lock_signup(session, signup)
    if now < event.starts_at - DOORS_OPEN:
        raise EventAhead
    if signup.status not in TAKING or signup.status == "offered":
        raise SignupPassed
    status: SignupStatus = "signed" if attended is None else "attended" if attended else "absent"
    if signup.status != status:
        signup.status, signup.changed_at = status, now
        session.flush()
        record(
            session,
            at=now,
            actor=actor,
            action="event.attendance",
            subject=f"event_signup:{signup.id}",
            event=str(signup.event_id),
            status=status,
        )
    return signup


def unmarked(session: Session, now: datetime) -> list[Event]:
    """Events that are over and where nobody has said who came, oldest first; those of forgotten people are left."""
    has_signed = select(EventSignup.event_id).where(EventSignup.status == "signed", EventSignup.name.is_not(None))
    over = select(Event).where(Event.status == "published", Event.ends_at <= now, Event.id.in_(has_signed))
    return list(session.scalars(over.order_by(Event.starts_at)))

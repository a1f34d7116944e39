"""The waiting list: who is offered a freed place, until when, and what happens to an offer nobody takes.

`move_on` is the only thing that moves it. It is called with the event locked, whenever a place may have become free
and before anybody new is let in, so that whoever waits is never passed.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from api.events import mails
from api.events.seats import lock_event, seats, seats_of
from api.events.tables import Event, EventSignup
from api.outbox.office import Office

HELD = timedelta(hours=24)
"""How long a freed place is held for somebody."""
BEFORE = timedelta(hours=2)
"""An offer ends at least this long before sign-up closes, so that the place can still go to somebody else."""
LEAST = timedelta(hours=2)
"""What somebody must have to answer. With less left, those who wait are told that the first one gets the place."""
HEAD_START = timedelta(hours=1)
"""How long those who already waited have a free place to themselves, before those who came later hear of it."""


def offer_deadline(event: Event, now: datetime) -> datetime | None:
    """Until when a place that is free now is held for the first who waits; None when it is too late to hold it."""
    deadline = min(now + HELD, event.closes_at - BEFORE)
    return deadline if deadline - now >= LEAST else None


def move_on(session: Session, event: Event, now: datetime, office: Office) -> int:
    """Let offers lapse whose deadline has passed, and give free places to those who wait; returns how many sign-ups
    have changed. The event is locked by the caller."""
    session.flush()
    changed = _lapse(session, event, now, office)
    if event.status != "published" or event.starts_at <= now:
        return changed
    left = seats_of(session, event).left
    if left == 0:
        _taken_again(session, event)
        return changed
    deadline = offer_deadline(event, now)
    if deadline is None and left is not None:
        return changed + _tell_free(session, event, now, office)
    for signup in _waiting(session, event, limit=left):
        if left is None:  # there is no limit any more: nobody has to wait for an answer
            signup.status = "signed"
        else:
            signup.status, signup.offered_until = "offered", deadline
        signup.changed_at = now
        mails.place_given(session, signup, now, office)
        changed += 1
    session.flush()
    return changed


def place_in_line(session: Session, signup: EventSignup) -> int:
    """1 for the first of those who wait; 0 for somebody who does not."""
    if signup.status != "waiting":
        return 0
    before = select(func.count()).where(
        EventSignup.event_id == signup.event_id,
        EventSignup.status == "waiting",
        EventSignup.number <= signup.number,
    )
    return session.scalar(before) or 0


def to_move_on(session: Session, now: datetime) -> list[UUID]:
    """Events whose waiting list can move: an offer has ended, or somebody waits and there is a free place. Only looks,
    so that nobody is kept waiting by a list that stands still."""
    lapsed = session.scalars(
        select(EventSignup.event_id).where(EventSignup.status == "offered", EventSignup.offered_until <= now)
    )
    has_waiting = select(EventSignup.event_id).where(EventSignup.status == "waiting")
    waiting = session.scalars(
        select(Event).where(Event.status == "published", Event.starts_at > now, Event.id.in_(has_waiting))
    ).all()
    free = [event_id for event_id, places in seats(session, waiting).items() if places.left != 0]
    return sorted({*lapsed, *free})


def lapse_offers(session: Session, now: datetime, office: Office) -> int:
    """Move every waiting list on; returns how many sign-ups have changed. Events are locked in the order of their ids,
    so that two processes never wait for each other."""
    return sum(move_on(session, lock_event(session, event_id), now, office) for event_id in to_move_on(session, now))


def _lapse(session: Session, event: Event, now: datetime, office: Office) -> int:
    gone = list(
        session.scalars(
            select(EventSignup)
            .where(EventSignup.event_id == event.id, EventSignup.status == "offered", EventSignup.offered_until <= now)
            .order_by(EventSignup.number)
        )
    )
    for signup in gone:
        signup.status, signup.ended_by, signup.changed_at = "cancelled", "lapsed", now
        mails.lapsed(session, signup, now, office)
    session.flush()
    return len(gone)


def _waiting(session: Session, event: Event, *, limit: int | None) -> list[EventSignup]:
    first = select(EventSignup).where(EventSignup.event_id == event.id, EventSignup.status == "waiting")
    return list(session.scalars(first.order_by(EventSignup.number).limit(limit)))


def _tell_free(session: Session, event: Event, now: datetime, office: Office) -> int:
    """It is too late to hold the place: whoever waits may take it. Those who came after it was told hear of it when
    the others have had their head start."""
    untold = select(EventSignup).where(
        EventSignup.event_id == event.id, EventSignup.status == "waiting", EventSignup.told_free_at.is_(None)
    )
    told_before = select(func.max(EventSignup.told_free_at)).where(
        EventSignup.event_id == event.id, EventSignup.status == "waiting"
    )
    latest = session.scalar(told_before)
    if latest is not None and now - latest < HEAD_START:
        return 0
    told = list(session.scalars(untold.order_by(EventSignup.number)))
    for signup in told:
        signup.told_free_at = signup.changed_at = now
        mails.place_free(session, signup, now, office)
    session.flush()
    return len(told)


def _taken_again(session: Session, event: Event) -> None:
    """What those who wait were told holds no longer; they are told anew when the next place is free."""
    session.execute(
        update(EventSignup)
        .where(EventSignup.event_id == event.id, EventSignup.status == "waiting", EventSignup.told_free_at.is_not(None))
        .values(told_free_at=None)
        .execution_options(synchronize_session="fetch")
    )

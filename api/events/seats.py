"""How many places an event has, how many are taken, and the lock under which that is true."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session

from api.events.errors import EventNotFound
from api.events.tables import TAKING, Event, EventSignup


@dataclass(frozen=True)
class Seats:
    """The places of one event. A place that is held for somebody on the waiting list is taken."""

    capacity: int | None
    taken: int
    waiting: int

    @property
    def left(self) -> int | None:
        """Places that nobody has; None when there is no limit."""
        return None if self.capacity is None else max(self.capacity - self.taken, 0)

    @property
    def open_to_newcomers(self) -> bool:
        """Whether somebody who signs up now gets a place at once: nobody who waits is passed."""
        return self.left is None or (self.left > 0 and not self.waiting)


def seats(session: Session, events: Iterable[Event]) -> dict[UUID, Seats]:
    """The places of each event, by its id, in one query."""
    by_id = {event.id: event for event in events}
    counted = session.execute(
        select(
            EventSignup.event_id,
            func.sum(case((EventSignup.status.in_(TAKING), 1), else_=0)),
            func.sum(case((EventSignup.status == "waiting", 1), else_=0)),
        )
        .where(EventSignup.event_id.in_(by_id))
        .group_by(EventSignup.event_id)
    )
    found = {event_id: (int(taken), int(waiting)) for event_id, taken, waiting in counted}
    return {key: Seats(event.capacity, *found.get(key, (0, 0))) for key, event in by_id.items()}


def seats_of(session: Session, event: Event) -> Seats:
    """The places of one event. Exact as long as the event is locked (`lock_event`)."""
    return seats(session, (event,))[event.id]


def lock_event(session: Session, event_id: UUID) -> Event:
    """The event, locked and as it is now. EventNotFound.

    Everything that gives or takes a place locks the event first, so that places are counted exactly and the waiting
    list moves one step at a time. On SQLite the write transaction itself lets in one at a time.
    """
    session.flush()
    event = session.scalar(
        select(Event).where(Event.id == event_id).with_for_update(of=Event).execution_options(populate_existing=True)
    )
    if event is None:
        raise EventNotFound
    return event


def lock_signup(session: Session, signup: EventSignup) -> Event:
    """Lock the event of a sign-up and read the sign-up again. SignupNotFound is for whoever finds it; it exists."""
    event = lock_event(session, signup.event_id)
    session.refresh(signup)
    return event

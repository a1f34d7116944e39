"""What staff do with an event: publish, change, cancel, copy, write to everybody.

Every change of the row goes through the history (`api.staff.history.Edit`); whoever has signed up is told of what
concerns them in the same transaction. `actor` is a role and its id, as in the audit trail.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

from sqlalchemy import inspect, select
from sqlalchemy.orm import Session

from api.clock import STOCKHOLM
from api.events import mails
from api.events.errors import CapacityTaken, EventAttended, EventIncomplete, EventPassed
from api.events.letters import Earlier
from api.events.line import move_on
from api.events.seats import lock_event, seats_of
from api.events.tables import LIVE, Event, EventSignup
from api.outbox.office import Office
from api.staff.audit import record
from api.staff.history import Edit


@dataclass(frozen=True)
class Changed:
    """What a change came to: `batch` is what undo takes back, `mailed` how many were told by mail, `to_call` how many
    left only a telephone number and have to be called."""

    batch: str
    mailed: int = 0
    to_call: int = 0


def create_event(session: Session, values: Mapping[str, Any], *, now: datetime, actor: str) -> tuple[Event, Changed]:
    """A new event as a draft. `values` are columns."""
    event = Event(**{"created_at": now, "updated_at": now, **values, "status": "draft"})
    with Edit(session, at=now, actor=actor, cause="create") as edit:
        edit.create(event)
    return event, Changed(edit.batch)


def copy_event(
    session: Session, event: Event, starts_at: datetime, *, now: datetime, actor: str
) -> tuple[Event, Changed]:
    """The same event at another time, as a draft without sign-ups. Its length stays, and the last moment to sign up
    is as many days before the start, at the same clock time in Sweden also when the clocks are changed in between."""
    columns = {name: getattr(event, name) for name in inspect(Event).columns.keys()}  # noqa: SIM118 - no mapping
    shift = starts_at - event.starts_at
    columns |= {
        "id": uuid4(),
        "starts_at": starts_at,
        "ends_at": event.ends_at + shift,
        "signup_until": _moved(event.signup_until, event.starts_at, starts_at) if event.signup_until else None,
        "cancel_reason": "",
        "created_at": now,
        "updated_at": now,
    }
    return create_event(session, columns, now=now, actor=actor)


def _moved(moment: datetime, start: datetime, new_start: datetime) -> datetime:
    """The moment as far from the new start as it was from the old one, by the clocks on the wall."""
    at, old, new = (one.astimezone(STOCKHOLM).replace(tzinfo=None) for one in (moment, start, new_start))
    return (at + (new - old)).replace(tzinfo=STOCKHOLM).astimezone(UTC)


def publish(session: Session, event: Event, *, now: datetime, actor: str, office: Office) -> Changed:
    """Show a draft to everybody. EventIncomplete without a place, or when it is over; EventPassed for a cancelled one:
    copy it instead."""
    event = lock_event(session, event.id)
    if event.status == "cancelled":
        raise EventPassed
    if event.starts_at <= now or not (event.place_name or event.street or event.online_url):
        raise EventIncomplete
    with Edit(session, at=now, actor=actor, cause="publish") as edit:
        edit.change(event, {"status": "published"})
    move_on(session, event, now, office)
    return Changed(edit.batch)


def unpublish(session: Session, event: Event, *, now: datetime, actor: str) -> Changed:
    """Make it a draft again. EventAttended when somebody has signed up: then it is cancelled, and they are told."""
    event = lock_event(session, event.id)
    if _live(session, event):
        raise EventAttended
    if event.status == "cancelled":
        raise EventPassed
    with Edit(session, at=now, actor=actor, cause="unpublish") as edit:
        edit.change(event, {"status": "draft"})
    return Changed(edit.batch)


def change_event(
    session: Session,
    event: Event,
    values: Mapping[str, Any],
    *,
    now: datetime,
    actor: str,
    office: Office,
    message: str = "",
) -> Changed:
    """Change columns. Who has signed up is told of another time or place; a larger capacity lets the waiting list move.

    `message` is what staff write to them. CapacityTaken for fewer places than are taken, EventPassed for a cancelled
    event, or for another time or capacity when it has begun.
    """
    event = lock_event(session, event.id)
    before = Earlier.of(event)
    new_capacity = values.get("capacity", event.capacity)
    if new_capacity is not None and new_capacity != event.capacity:
        taken = seats_of(session, event).taken
        if new_capacity < taken:
            raise CapacityTaken(taken=taken)
    moves = any(
        name in values and values[name] != getattr(event, name) for name in ("starts_at", "ends_at", "capacity")
    )
    if event.status == "cancelled" or (moves and event.starts_at <= now and event.status == "published"):
        raise EventPassed
    with Edit(session, at=now, actor=actor, cause="edit") as edit:
        edit.change(event, values)
    mailed, to_call = tell_changes(session, event, before, now=now, office=office, message=message)
    move_on(session, event, now, office)
    return Changed(edit.batch, mailed, to_call)


def change_capacity(
    session: Session, event: Event, capacity: int | None, *, now: datetime, actor: str, office: Office
) -> Changed:
    """More places, fewer, or no limit (None); as `change_event`."""
    return change_event(session, event, {"capacity": capacity}, now=now, actor=actor, office=office)


def tell_changes(
    session: Session, event: Event, before: Earlier, *, now: datetime, office: Office, message: str = ""
) -> tuple[int, int]:
    """Tell everybody whose last mail had another time or place than the event has now; (mails, calls to make).

    Nobody is told twice, so that it may also follow an undo. Nobody is told of an event that is over or hidden.
    """
    if event.status != "published" or event.starts_at <= now:
        return 0, 0
    facts = mails.facts_digest(event)
    outdated = [signup for signup in _live(session, event) if signup.told_facts != facts]
    for signup in outdated:
        if signup.status == "offered" and signup.offered_until and signup.offered_until > event.starts_at:
            signup.offered_until = event.starts_at  # moved to an earlier day: an offer cannot outlast it
        mails.moved(session, signup, before, now, office, message=message)
    mails.call(session, event, "moved", outdated, now, office)
    return _counts(outdated)


def cancel_event(session: Session, event: Event, reason: str, *, now: datetime, actor: str, office: Office) -> Changed:
    """Cancel it for everybody, with a mail that takes it out of their calendars. A second time changes nothing.

    `reason` is what they read. EventPassed once it has begun, or for a draft: nobody knows of it.
    """
    event = lock_event(session, event.id)
    if event.status == "cancelled":
        return Changed("")
    if event.status == "draft" or event.starts_at <= now:
        raise EventPassed
    with Edit(session, at=now, actor=actor, cause="cancel") as edit:
        edit.change(event, {"status": "cancelled", "cancel_reason": reason.strip()})
    told = _live(session, event)
    for signup in told:
        had_place = signup.status == "signed"
        signup.status, signup.offered_until, signup.ended_by = "cancelled", None, "event"
        signup.changed_at = now
        mails.cancelled(session, signup, now, office, had_place=had_place)
    mails.call(session, event, "cancelled", told, now, office)
    session.flush()
    return Changed(edit.batch, *_counts(told))


def recipients(session: Session, event: Event, *, waiting: bool = True) -> tuple[int, int]:
    """How many would be mailed now and how many have to be called; what a page shows before something is sent."""
    return _counts(signup for signup in _live(session, event) if waiting or signup.status != "waiting")


def message_all(
    session: Session, event: Event, subject: str, text: str, *, now: datetime, actor: str, office: Office, waiting: bool
) -> Changed:
    """A mail from staff to everybody with a place and, with `waiting`, to those on the waiting list. The trail says
    that it was sent, not what it says."""
    event = lock_event(session, event.id)
    to = [signup for signup in _live(session, event) if waiting or signup.status != "waiting"]
    for signup in to:
        mails.written(session, signup, now, office, subject=subject, text=text)
    mails.call(session, event, "written", to, now, office)
    mailed, to_call = _counts(to)
    record(session, at=now, actor=actor, action="event.message", subject=f"event:{event.id}", rows=mailed)
    return Changed("", mailed, to_call)


def _live(session: Session, event: Event) -> list[EventSignup]:
    """Those who still count on it, in order."""
    session.flush()
    own = select(EventSignup).where(EventSignup.event_id == event.id, EventSignup.status.in_(LIVE))
    return list(session.scalars(own.order_by(EventSignup.number)))


def _counts(signups: Iterable[EventSignup]) -> tuple[int, int]:
    told = list(signups)
    return sum(bool(one.email) for one in told), sum(bool(one.phone and not one.email) for one in told)

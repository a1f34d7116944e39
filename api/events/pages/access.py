"""Whose sign-ups somebody may see: a counsellor's account those at its own node, staff everybody's."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Annotated, Protocol
from uuid import UUID

from sqlalchemy import ColumnElement, exists, select
from sqlalchemy.orm import Session

from api.booking.tables import Counsellor
from api.events.errors import EventNotFound
from api.events.tables import Event
from api.staff import audit
from api.staff.roles import RequireRole
from api.staff.sessions import SignedIn
from api.staff.tables import Audit

STAFF_PATH = "/personal/traffar"

EventStaff = Annotated[SignedIn, RequireRole("counsellor", "staff")]
"""Somebody who receives those who come; which of the events, `find_event` says."""

_NOTED_AGAIN = timedelta(hours=1)


class HasRole(Protocol):
    """An account, logged in or as it is stored."""

    @property
    def id(self) -> int: ...
    @property
    def role(self) -> str: ...


def may_change(account: HasRole) -> bool:
    """Whether the account keeps events, and does not only receive those who come."""
    return account.role != "counsellor"


def node_of(session: Session, account: HasRole) -> int | None:
    """The node of a counsellor's account; None for staff, and for an account without a counsellor."""
    if may_change(account):
        return None
    return session.scalar(select(Counsellor.node_id).where(Counsellor.account_id == account.id))


def events_of(session: Session, account: HasRole) -> ColumnElement[bool]:
    """The condition for the events that the account may see."""
    if may_change(account):
        return Event.id.is_not(None)
    return (Event.node_id == (node_of(session, account) or 0)) & (Event.status != "draft")


def find_event(session: Session, account: SignedIn, event_id: UUID) -> Event:
    """The event. EventNotFound also for one at another node than the counsellor's: nobody learns that it exists."""
    event = session.scalars(select(Event).where(Event.id == event_id, events_of(session, account))).first()
    if event is None:
        raise EventNotFound
    return event


def note_seen(session: Session, account: SignedIn, event: Event, now: datetime) -> None:
    """An audit row that somebody has seen the names; once an hour, since every tick shows the list again."""
    action, subject = "event.people_seen", f"event:{event.id}"
    seen = exists().where(
        Audit.actor == account.actor, Audit.action == action, Audit.subject == subject, Audit.at > now - _NOTED_AGAIN
    )
    if not session.scalar(select(seen)):
        audit.record(session, at=now, actor=account.actor, action=action, subject=subject)

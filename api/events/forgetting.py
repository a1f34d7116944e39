"""Taking the person out of sign-ups: some time after the event, with their conversation, or because they ask for it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, and_, delete, func, or_, select, update
from sqlalchemy.orm import Session

from api.database import rowcount
from api.events.service import cancel_signup
from api.events.tables import LIVE, Event, EventSignup, EventSignupLink
from api.holdings import Columns, Erasing, Holding, Record, Who, record
from api.outbox.office import Office
from api.outbox.tables import Outbox
from api.settings import Settings
from api.staff.audit import record as audit

SIGNUP = Columns.of(
    "event_signup",
    personal="name email phone needs language",
    hidden="idempotency_key conversation_id origin",
    plain="id event_id number reference status offered_until told_free_at ended_by told_facts ical_uid sequence"
    " created_at changed_at",
)
_LINK = Columns.of("event_signup_link", hidden="token_hash", plain="signup_id created_at")
_HAS_PERSON = or_(
    EventSignup.name.is_not(None),
    EventSignup.email.is_not(None),
    EventSignup.phone.is_not(None),
    EventSignup.needs != "",
    EventSignup.language.is_not(None),
    EventSignup.conversation_id.is_not(None),
    EventSignup.idempotency_key.is_not(None),
    EventSignup.origin.is_not(None),
)
_ORIGIN_COUNTS = timedelta(days=1)
"""How long a sign-up's `origin` is of use: it is made of the day."""


def forget_people(session: Session, ended_before: datetime) -> int:
    """Erase names, contacts, needs, links and mails of events that ended before the moment; the bare rows stay, so that
    they can be counted. Returns how many sign-ups lost their person."""
    return _forget(session, EventSignup.event_id.in_(select(Event.id).where(Event.ends_at < ended_before)))


def forget_with(session: Session, conversation_id: UUID, now: datetime) -> int:
    """As `forget_people`, for the sign-ups of a conversation that nobody counts on any more. Whoever has a place at a
    coming event, or waits for one, stays; that is cancelled separately."""
    ended = EventSignup.event_id.in_(select(Event.id).where(Event.ends_at <= now))
    over = or_(EventSignup.status.not_in(LIVE), ended)
    return _forget(session, and_(EventSignup.conversation_id == conversation_id, over))


def _retire(session: Session, settings: Settings, now: datetime) -> int:
    of_another_day = EventSignup.created_at < now - _ORIGIN_COUNTS
    session.execute(
        update(EventSignup).where(EventSignup.origin.is_not(None), of_another_day).values(origin=None),
        execution_options={"synchronize_session": False},
    )
    return forget_people(session, now - timedelta(days=settings.retention_events_days))


def _forget(session: Session, which: ColumnElement[bool]) -> int:
    session.flush()
    ids = select(EventSignup.id).where(which)
    session.execute(delete(Outbox).where(Outbox.thread.in_(ids)))
    session.execute(delete(EventSignupLink).where(EventSignupLink.signup_id.in_(ids)))
    erased = session.execute(
        update(EventSignup)
        .where(which, _HAS_PERSON)
        .values(
            name=None,
            email=None,
            phone=None,
            needs="",
            language=None,
            conversation_id=None,
            idempotency_key=None,
            origin=None,
        )
        .execution_options(synchronize_session="fetch")
    )
    return rowcount(erased)


def _theirs(contacts: frozenset[str]) -> ColumnElement[bool]:
    return or_(func.lower(EventSignup.email).in_(contacts), EventSignup.phone.in_(contacts))


def _find(session: Session, who: Who, now: datetime) -> list[Record]:
    rows = session.scalars(select(EventSignup).where(_theirs(who.contacts)).order_by(EventSignup.created_at))
    return [record(row, SIGNUP, coming=_is_coming(row, now)) for row in rows]


def _conversations(session: Session, contacts: frozenset[str]) -> Sequence[UUID]:
    ids = select(EventSignup.conversation_id).where(_theirs(contacts), EventSignup.conversation_id.is_not(None))
    return [found for found in session.scalars(ids.distinct()) if found is not None]


def _erase(session: Session, key: str, erasing: Erasing) -> None:
    """A coming place goes to the next who waits. Nobody else is told: the list at the door is read from the rows."""
    signup = session.get(EventSignup, UUID(key))
    if signup is None:
        return
    if signup.status in LIVE and signup.event.starts_at > erasing.now:
        cancel_signup(session, signup, now=erasing.now, by=erasing.actor, office=Office.of(erasing.settings))
    _forget(session, EventSignup.id == signup.id)
    audit(
        session,
        at=erasing.now,
        actor=erasing.actor,
        action="event.signup_forgotten",
        subject=f"event_signup:{key}",
    )


def _is_coming(signup: EventSignup, now: datetime) -> bool:
    return signup.status in LIVE and signup.event.ends_at > now


HOLDINGS = (Holding("signup", (SIGNUP, _LINK), retire=_retire, conversations=_conversations, find=_find, erase=_erase),)

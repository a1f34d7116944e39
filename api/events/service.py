"""Signing up, cancelling, and taking a place that was offered. Everything here locks the event first (`seats.py`)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from api.events import mails
from api.events.errors import OfferGone, SignupClosed, SignupNotFound, SignupPassed
from api.events.line import move_on
from api.events.links import new_link
from api.events.people import Person, check_origin, checked, earlier_signup, new_signup
from api.events.seats import lock_event, lock_signup, seats_of
from api.events.tables import LIVE, EndedBy, Event, EventSignup
from api.outbox.office import Office
from api.staff.audit import record

_TELL_AGAIN_AFTER = timedelta(hours=1)


@dataclass(frozen=True)
class SignedUp:
    """A sign-up, whose status says whether there was a place or it is on the waiting list.

    `url` leads to the person's page. It is empty for somebody who was signed up already and has not shown that it was
    them: whoever types another's address must not get at their sign-up. They get a mail with the link instead.
    """

    signup: EventSignup
    url: str
    repeated: bool
    """The person was signed up already; nothing new was made."""


def sign_up(
    session: Session,
    event_id: UUID,
    person: Person,
    *,
    now: datetime,
    office: Office,
    conversation_id: UUID | None = None,
    key: str | None = None,
    origin: str | None = None,
    by: str = "page",
) -> SignedUp:
    """Give a place, or one on the waiting list when there is none or others wait already, and write the mail about it.

    The same e-mail address or phone number gives the first sign-up back, and so does the same `key` (what a form sends
    twice when it is pressed twice). `origin` is what is kept of the network address, None for staff. `by` is for the
    audit trail: `page`, `chat`, or a role and its id.
    EventNotFound, SignupClosed, NameInvalid, ContactInvalid without any contact, NeedsTooLong, SignupConflict,
    SignupLimit. SignupClosed and SignupLimit hold whether that person has signed up or not, so that neither tells.
    """
    person = checked(person)
    event = lock_event(session, event_id)
    earlier = earlier_signup(session, event, person, key)
    if earlier and _is_own(earlier, key, conversation_id):
        return SignedUp(earlier, new_link(session, earlier, office, now), repeated=True)
    if event.status != "published" or event.closes_at <= now:
        raise SignupClosed
    check_origin(session, event, origin)
    if earlier:
        return _again(session, earlier, now, office)
    move_on(session, event, now, office)
    signup = new_signup(session, event, person, now, office)
    signup.status = "signed" if seats_of(session, event).open_to_newcomers else "waiting"
    signup.conversation_id, signup.idempotency_key, signup.origin = conversation_id, key, origin
    session.add(signup)
    session.flush()
    url = new_link(session, signup, office, now)
    mails.signed_up(session, signup, now, office, url=url)
    _record(session, signup, "event.signed_up", by, now)
    return SignedUp(signup, url, repeated=False)


def add_walk_in(
    session: Session,
    event_id: UUID,
    person: Person,
    *,
    now: datetime,
    office: Office,
    by: str,
    key: str | None = None,
) -> EventSignup:
    """Somebody who came without having signed up, let in by staff: attended at once, whatever the capacity.

    A contact is not needed, and nobody is mailed. Somebody who was signed up is ticked off instead, and the same `key`
    gives the same sign-up. EventNotFound, NameInvalid, NeedsTooLong, SignupConflict.
    """
    person = checked(person, needs_contact=False)
    event = lock_event(session, event_id)
    signup = earlier_signup(session, event, person, key) or new_signup(session, event, person, now, office)
    signup.status, signup.changed_at = "attended", now
    signup.idempotency_key = signup.idempotency_key or key
    session.add(signup)
    session.flush()
    _record(session, signup, "event.walked_in", by, now)
    return signup


def accept_offer(
    session: Session, signup: EventSignup, *, now: datetime, office: Office, by: str = "link"
) -> EventSignup:
    """Take the place that is held, or, when it was too late to hold it, one that is free. A second time changes
    nothing. OfferGone, SignupClosed when the event is cancelled or has begun."""
    event = lock_signup(session, signup)
    if signup.status in ("signed", "attended"):
        return signup
    if event.status != "published" or event.starts_at <= now:
        raise SignupClosed
    if not _may_take(session, event, signup, now):
        raise OfferGone
    signup.status, signup.offered_until, signup.changed_at = "signed", None, now
    session.flush()
    mails.accepted(session, signup, now, office)
    _record(session, signup, "event.offer_taken", by, now)
    move_on(session, event, now, office)
    return signup


def cancel_signup(
    session: Session, signup: EventSignup, *, now: datetime, by: str, office: Office, message: str = ""
) -> EventSignup:
    """Cancel, decline an offer, or leave the waiting list; a place that becomes free goes on at once. A second time
    changes nothing.

    `by` is `link` or `chat`, or a role and its id; `message` is what staff write to the person. SignupPassed once the
    event has begun.
    """
    event = lock_signup(session, signup)
    if signup.status == "cancelled":
        return signup
    if event.starts_at <= now or signup.status not in LIVE:
        raise SignupPassed
    had_place = signup.status == "signed"
    signup.status, signup.offered_until, signup.changed_at = "cancelled", None, now
    signup.ended_by, signup.idempotency_key = _ended_by(by), None  # the same form, sent again, is a new wish
    session.flush()
    mails.cancelled(session, signup, now, office, had_place=had_place, message=message)
    _record(session, signup, "event.signup_cancelled", by, now)
    move_on(session, event, now, office)
    return signup


def may_take(session: Session, signup: EventSignup, now: datetime) -> bool:
    """Whether `accept_offer` would give this person a place right now. Only looks."""
    event = signup.event
    if event.status != "published" or event.starts_at <= now or signup.status not in ("offered", "waiting"):
        return False
    return _may_take(session, event, signup, now)


def of_conversation(session: Session, conversation_id: UUID, now: datetime) -> list[EventSignup]:
    """The live sign-ups of a conversation for events that have not begun, soonest first."""
    own = select(EventSignup).join(Event, Event.id == EventSignup.event_id)
    return list(
        session.scalars(
            own.where(
                EventSignup.conversation_id == conversation_id, EventSignup.status.in_(LIVE), Event.starts_at > now
            ).order_by(Event.starts_at)
        )
    )


def signup_of(session: Session, signup_id: UUID) -> EventSignup:
    """One sign-up. SignupNotFound."""
    signup = session.get(EventSignup, signup_id)
    if signup is None:
        raise SignupNotFound
    return signup


def _is_own(signup: EventSignup, key: str | None, conversation_id: UUID | None) -> bool:
    """Whether the very request, or the conversation, that made it asks again."""
    same_request = key is not None and signup.idempotency_key == key
    return same_request or (conversation_id is not None and signup.conversation_id == conversation_id)


def _again(session: Session, signup: EventSignup, now: datetime, office: Office) -> SignedUp:
    if not mails.told_since(session, signup, now - _TELL_AGAIN_AFTER):
        mails.link_again(session, signup, now, office)
    return SignedUp(signup, "", repeated=True)


def _may_take(session: Session, event: Event, signup: EventSignup, now: datetime) -> bool:
    if signup.status == "offered":
        return signup.offered_until is not None and now < signup.offered_until
    if signup.status != "waiting" or signup.told_free_at is None:
        return False
    return seats_of(session, event).left != 0


def _ended_by(by: str) -> EndedBy:
    return "person" if by in ("link", "chat") else "staff"


def _record(session: Session, signup: EventSignup, action: str, by: str, now: datetime) -> None:
    record(
        session,
        at=now,
        actor=by,
        action=action,
        subject=f"event_signup:{signup.id}",
        event=str(signup.event_id),
        status=signup.status,
    )

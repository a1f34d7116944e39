"""Who signs up: what is asked of a person, and whether they have signed up before."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import uuid4

from sqlalchemy import ColumnElement, exists, func, or_, select
from sqlalchemy.orm import Session

from api.events.errors import NeedsTooLong, SignupConflict, SignupLimit
from api.events.tables import LIVE, Event, EventSignup
from api.outbox.office import Office
from api.privacy.errors import ContactInvalid
from api.privacy.masking import mask_personal_numbers, plain_digits
from api.privacy.person_names import clean_name
from api.privacy.secret_links import new_reference

LONGEST_NEEDS = 300
FROM_ONE_ADDRESS = 10
"""How many may sign up for one event from one network address on one day: a group at a library fits, and nobody fills
an event alone."""


@dataclass(frozen=True)
class Person:
    """Who signs up, and how to reach them: by e-mail, by phone, or both. `needs` in their own words, `language` the
    one an interpreter is wanted in, by its Swedish name."""

    name: str
    email: str | None = None
    phone: str | None = None
    needs: str = ""
    language: str | None = None


def checked(person: Person, *, needs_contact: bool = True) -> Person:
    """The person as they are stored: blanks trimmed, identity numbers masked. NameInvalid, ContactInvalid without any
    contact, NeedsTooLong."""
    email, phone = (person.email or "").strip() or None, (person.phone or "").strip() or None
    if needs_contact and not (email or phone):
        raise ContactInvalid
    needs = mask_personal_numbers(plain_digits(" ".join(person.needs.split())))
    if len(needs) > LONGEST_NEEDS:
        raise NeedsTooLong
    return Person(clean_name(person.name), email, phone, needs, person.language)


def new_signup(session: Session, event: Event, person: Person, now: datetime, office: Office) -> EventSignup:
    """The next in line, not stored yet. The event is locked, so the number is free."""
    last = session.scalar(select(func.max(EventSignup.number)).where(EventSignup.event_id == event.id))
    signup_id = uuid4()
    return EventSignup(
        id=signup_id,
        event_id=event.id,
        event=event,
        number=(last or 0) + 1,
        reference=_unused_reference(session),
        name=person.name,
        email=person.email,
        phone=person.phone,
        needs=person.needs,
        language=person.language,
        ical_uid=f"{signup_id}@{office.domain}",
        created_at=now,
        changed_at=now,
    )


def earlier_signup(session: Session, event: Event, person: Person, key: str | None) -> EventSignup | None:
    """What this person, or this very request, has signed up before. SignupConflict for another use of the key."""
    if key and (same := session.scalar(select(EventSignup).where(EventSignup.idempotency_key == key))):
        if same.event_id != event.id:
            raise SignupConflict
        return same
    contacts: list[ColumnElement[bool]] = []
    if person.email:
        contacts.append(func.lower(EventSignup.email) == person.email.lower())
    if person.phone:
        contacts.append(EventSignup.phone == person.phone)
    own = select(EventSignup).where(EventSignup.event_id == event.id, EventSignup.status.in_((*LIVE, "attended")))
    return session.scalars(own.where(or_(*contacts)).order_by(EventSignup.number)).first() if contacts else None


def check_origin(session: Session, event: Event, origin: str | None) -> None:
    """SignupLimit when as many as may come from one network address on one day have signed up, and still count on it.
    The event is locked, so nobody slips by."""
    if origin is None:
        return
    here = select(func.count()).where(
        EventSignup.event_id == event.id, EventSignup.origin == origin, EventSignup.status.in_(LIVE)
    )
    if (session.scalar(here) or 0) >= FROM_ONE_ADDRESS:
        reach = ", ".join(filter(None, (event.contact, event.contact_phone or event.contact_email)))
        raise SignupLimit(reach=reach)


def _unused_reference(session: Session) -> str:
    while True:
        reference = new_reference()
        if not session.scalar(select(exists().where(EventSignup.reference == reference))):
            return reference

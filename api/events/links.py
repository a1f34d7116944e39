"""Finding events by their address, and secret links to the page of one's own sign-up."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from api.events.addresses import OWN, ids_at
from api.events.errors import EventNotFound, SignupNotFound
from api.events.tables import Event, EventSignup, EventSignupLink
from api.outbox.office import Office
from api.privacy.secret_links import hash_token, new_link_token


def event_by_address(session: Session, address: str) -> Event:
    """The published or cancelled event that the last part of an address names. EventNotFound."""
    ids = ids_at(address)
    found = ids and session.scalar(select(Event).where(Event.id.between(*ids), Event.status != "draft").limit(1))
    if not found:
        raise EventNotFound
    return found


def new_link(session: Session, signup: EventSignup, office: Office, now: datetime) -> str:
    """The address of the person's page, with a token that is known only now. Earlier links go on working."""
    token = new_link_token()
    session.add(EventSignupLink(token_hash=hash_token(token), signup_id=signup.id, created_at=now))
    return f"{office.base_url}{OWN}/{token}"


def signup_by_link(session: Session, token: str) -> EventSignup:
    """The sign-up behind a secret link. SignupNotFound for a wrong one, told apart from nothing else."""
    signup = session.scalar(
        select(EventSignup)
        .join(EventSignupLink, EventSignupLink.signup_id == EventSignup.id)
        .where(EventSignupLink.token_hash == hash_token(token))
    )
    if signup is None:
        raise SignupNotFound
    return signup

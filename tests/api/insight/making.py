"""Talks, meetings and sign-ups as they lie in the database, for tests of what is counted from them."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import count
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import select
from sqlalchemy.orm import Session

from api.booking.tables import Counsellor, Meeting
from api.catalogue.tables import Node
from api.chat.tables import Conversation, Message
from api.contact.enquiries.tables import Enquiry
from api.events.tables import Event, EventSignup

_numbers = count(1)


def talk(session: Session, at: datetime, *, place: str | None = None, turns: int = 1, **data: Any) -> UUID:
    """A conversation with one message of the person and one answer; `data` is the answer's (such as `lang`)."""
    row = Conversation(token_hash="x" * 64, created_at=at, active_at=at, turns=turns)
    session.add(row)
    session.flush()
    if turns:
        named = {"place": place} if place else {}
        said = {"turn": 1, "conversation_id": row.id, "text": "…", "created_at": at}
        session.add(Message(position=0, sender="user", **said))
        session.add(Message(position=1, sender="bot", topic="cost", data={"query": named, **data}, **said))
        session.flush()
    return row.id


def meeting(session: Session, at: datetime, *, node: str = "karlstad", **values: Any) -> Meeting:
    """A booked meeting at a node of the seed, half an hour from `at`; booked a week before unless told."""
    counsellor = session.scalars(
        select(Counsellor).join(Node, Counsellor.node_id == Node.id).where(Node.slug == node)
    ).first()
    assert counsellor is not None
    end = at + timedelta(minutes=30)
    given = {
        "reference": f"T{next(_numbers):06d}",
        "counsellor_id": counsellor.id,
        "meeting_type": "phone",
        "starts_at": at,
        "ends_at": end,
        "block_from": at,
        "block_to": end,
        "status": "confirmed",
        "staff_override": True,  # several at once are no matter here
        "created_at": at - timedelta(days=7),
        "confirmed_at": at - timedelta(days=7),
        "person_name": "Kim",
        "contact_kind": "email",
        "contact_value": "deltagare@example.org",
        **values,
    }
    row = Meeting(**given)
    session.add(row)
    session.flush()
    return row


def event(session: Session, at: datetime, *, node: str | None = "karlstad", **values: Any) -> Event:
    """A published event of two hours."""
    where = session.scalars(select(Node).where(Node.slug == (node or "karlstad"))).one()
    row = Event(
        **{
            "kind": "information",
            "title": "Informationsmöte",
            "host": "Industrinoden",
            "node_id": where.id if node else None,
            "municipality_id": where.municipality_id,
            "place_name": "Aulan",
            "starts_at": at,
            "ends_at": at + timedelta(hours=2),
            "contact": "Vägledningen",
            "contact_email": "vagledning@example.org",
            "status": "published",
            "created_at": at,
            "updated_at": at,
            **values,
        }
    )
    session.add(row)
    session.flush()
    return row


def sign_up(session: Session, to: Event, status: str, number: int, **values: Any) -> EventSignup:
    """Somebody's sign-up."""
    row = EventSignup(
        event_id=to.id,
        number=number,
        reference=f"E{next(_numbers):06d}",
        status=status,
        name="Kim",
        email="deltagare@example.org",
        ical_uid=str(uuid4()),
        created_at=to.created_at,
        changed_at=to.created_at,
        **values,
    )
    session.add(row)
    session.flush()
    return row


def enquiry(session: Session, at: datetime, matter: str = "staffing", **values: Any) -> Enquiry:
    """An enquiry that came."""
    row = Enquiry(
        **{
            "reference": f"A{next(_numbers):06d}",
            "matter": matter,
            "organisation": "Påhittade Mekaniska",
            "name": "Kim",
            "email": "foretag@example.org",
            "function": "Vägledningen",
            "function_email": "vagledning@example.org",
            "created_at": at,
            "due_at": at + timedelta(days=7),
            **values,
        }
    )
    session.add(row)
    session.flush()
    return row

"""Events and those who sign up, for the tests of this folder."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from api.catalogue.tables import Municipality, Node
from api.events import service
from api.events.people import Person
from api.events.tables import LIVE, TAKING, Event, EventSignup
from api.outbox.office import Office

OFFICE = Office("Industrivägledaren <boka@example.org>", "https://vagledning.example.org")
STARTS = datetime(2026, 12, 10, 16, 0, tzinfo=UTC)
"""A Thursday, 17.00 in Sweden: seventeen days after NOW."""


def add_event(session: Session, *, capacity: int | None = 2, starts_at: datetime = STARTS, **values: Any) -> Event:
    """A published event in Arvika, stored."""
    arvika = session.scalar(select(Municipality).where(Municipality.name == "Arvika"))
    if arvika is None:
        arvika = Municipality(code="1784", name="Arvika", concept_id="x", lat=59.65, lon=12.59)
        session.add(arvika)
        session.flush()
    columns: dict[str, Any] = {
        "kind": "information",
        "title": "Öppet hus om industrijobb",
        "description": "Kom och se verkstaden.",
        "host": "Noden i Arvika",
        "municipality_id": arvika.id,
        "place_name": "Noden i Arvika",
        "street": "Exempelgatan 1",
        "starts_at": starts_at,
        "ends_at": starts_at + timedelta(hours=2),
        "capacity": capacity,
        "contact": "Vägledningen i Arvika",
        "contact_email": "arvika@example.org",
        "contact_phone": "0570-00 00 00",
        "status": "published",
        "created_at": starts_at - timedelta(days=60),
        "updated_at": starts_at - timedelta(days=60),
        **values,
    }
    event = Event(**columns)
    session.add(event)
    session.flush()
    return event


def add_node(session: Session, town: str = "Arvika") -> Node:
    """A node in a municipality that is there."""
    municipality = session.scalars(select(Municipality).where(Municipality.name == town)).one()
    node = Node(
        slug=town.lower(),
        town=town,
        name=f"Noden i {town}",
        municipality_id=municipality.id,
        lat=municipality.lat,
        lon=municipality.lon,
        phone="0570-00 00 00",
        email=f"{town.lower()}@example.org",
        opening_hours="",
    )
    session.add(node)
    session.flush()
    return node


def person(number: int = 1, **values: Any) -> Person:
    """`person-1@example.org`"""
    return Person(**{"name": f"Person {number}x", "email": f"person-{number}@example.org", **values})


def join(session: Session, event: Event, now: datetime, number: int = 1, **values: Any) -> EventSignup:
    """Sign somebody up."""
    return service.sign_up(session, event.id, person(number, **values), now=now, office=OFFICE).signup


def leave(session: Session, signup: EventSignup, now: datetime, by: str = "link") -> EventSignup:
    """Cancel their sign-up."""
    return service.cancel_signup(session, signup, now=now, by=by, office=OFFICE)


def statuses(session: Session, event: Event) -> list[str]:
    """In the order in which people signed up."""
    session.flush()
    own = select(EventSignup.status).where(EventSignup.event_id == event.id)
    return list(session.scalars(own.order_by(EventSignup.number)))


def check_line(session: Session, event: Event) -> None:
    """What is so after every step, whoever did what: never more taken than there are places, and nobody who waits was
    passed by somebody who came later and has never been offered anything."""
    session.flush()
    rows = session.scalars(
        select(EventSignup).where(EventSignup.event_id == event.id).order_by(EventSignup.number)
    ).all()
    assert [row.number for row in rows] == list(range(1, len(rows) + 1)), "somebody was lost"
    taken = [row for row in rows if row.status in TAKING]
    if event.capacity is not None:
        assert len(taken) <= event.capacity
    emails = [row.email for row in rows if row.status in LIVE]
    assert len(emails) == len(set(emails)), "somebody has two places"

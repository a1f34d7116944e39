"""A node with two counsellors, a conversation with contact data, and the app in front of it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from datetime import datetime, time
from pathlib import Path
from uuid import UUID

import httpx
import pytest
from fastapi import FastAPI
from hypothesis import settings as hypothesis_settings
from sqlalchemy import select
from sqlalchemy.orm import Session

from api.booking import holds, service
from api.booking.tables import Availability, Counsellor, Meeting
from api.catalogue.tables import Municipality, Node
from api.chat.tables import Conversation
from api.database import Database
from api.main import create_app
from api.outbox.office import Office
from api.privacy.tables import ContactToken
from api.settings import Settings
from tests.conftest import MovableClock

# How long an example takes is the machine's business, not the rule's.
hypothesis_settings.register_profile("without_deadline", deadline=None)
hypothesis_settings.load_profile("without_deadline")

EMAIL = "deltagare@example.org"
PHONE = "0701740635"


def confirm_held(
    session: Session, meeting: Meeting, person: Person, key: str, now: datetime, office: Office
) -> service.Booked:
    """Confirm a held time by e-mail, under an idempotency key."""
    return service.confirm(
        session,
        meeting.id,
        conversation_id=person.conversation_id,
        name="Kim",
        contact_token=person.email,
        idempotency_key=key,
        now=now,
        office=office,
    )


@pytest.fixture
def office() -> Office:
    return Office("Industrivägledaren <boka@example.org>", "https://vagledning.example.org")


@pytest.fixture
def counsellors(database: Database) -> None:
    """Karlstad with two counsellors (weekdays 9–12, 13–16), Arvika with one who only takes calls, Sunne with none."""
    with database.transaction() as session:
        karlstad = add_node(session, "karlstad", "Karlstad", 59.388, 13.509, code="1780")
        arvika = add_node(session, "arvika", "Arvika", 59.654, 12.581, code="1784")
        add_node(session, "sunne", "Sunne", 59.846, 13.149, code="1766")
        session.add(Municipality(code="1730", name="Eda", concept_id="x", lat=59.886, lon=12.324))
        add_counsellor(session, karlstad, "karlstad-1", ["phone", "video", "on_site"])
        add_counsellor(session, karlstad, "karlstad-2", ["phone", "on_site"])
        add_counsellor(session, arvika, "arvika-1", ["phone"])


def add_node(session: Session, slug: str, town: str, lat: float, lon: float, *, code: str) -> Node:
    node = Node(
        slug=slug,
        town=town,
        name=f"Industrinoden i {town}",
        municipality=Municipality(code=code, name=town, concept_id="x", lat=lat, lon=lon),
        lat=lat,
        lon=lon,
        street=f"Exempelgatan 1, {town}",
        phone="031-390 06 13",
        email=f"vagledning.{slug}@example.org",
        opening_hours="Måndag–fredag 8.00–16.00.",
    )
    session.add(node)
    session.flush()
    return node


def add_counsellor(session: Session, node: Node, slug: str, meeting_types: list, **settings: int) -> Counsellor:
    counsellor = Counsellor(
        slug=slug,
        node_id=node.id,
        title=f"Studie- och yrkesvägledare {slug[-1]}, {node.town}",
        email=f"syv.{slug}@example.org",
        phone="031-390 06 21",
        meeting_types=meeting_types,
        languages=["sv"],
        hours=[
            Availability(weekday=weekday, start_time=start, end_time=end)
            for weekday in range(5)
            for start, end in ((time(9), time(12)), (time(13), time(16)))
        ],
        **settings,
    )
    session.add(counsellor)
    session.flush()
    return counsellor


@dataclass(frozen=True)
class Person:
    """A conversation with a phone number and an e-mail address behind tokens."""

    conversation_id: UUID
    phone: str
    email: str


NewPerson = Callable[..., Person]


@pytest.fixture
def new_person(database: Database, now: datetime) -> NewPerson:
    made: list[Person] = []

    def make(*, email: str | None = None, phone: str | None = None) -> Person:
        number = len(made)
        email, phone = email or f"{number}.{EMAIL}", phone or f"{PHONE}{number}"
        with database.transaction() as session:
            conversation = Conversation(token_hash="x", created_at=now, active_at=now)
            session.add(conversation)
            session.flush()
            person = Person(conversation.id, f"kontakt-{2 * number:024x}", f"kontakt-{2 * number + 1:024x}")
            for token, kind, value in ((person.phone, "phone", phone), (person.email, "email", email)):
                session.add(
                    ContactToken(token=token, conversation_id=conversation.id, kind=kind, value=value, created_at=now)
                )
        made.append(person)
        return person

    return make


@pytest.fixture
def person(new_person: NewPerson) -> Person:
    return new_person()


@pytest.fixture
def app(database: Database, counsellors: None, clock: MovableClock, tmp_path: Path) -> FastAPI:
    settings = Settings(data_dir=tmp_path, public_url="https://vagledning.example.org", rate_limit_enabled=False)
    return create_app(settings, clock=clock, database=database)


@pytest.fixture
async def client(app: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    """Calls as the action server does."""
    headers = {"Authorization": f"Bearer {app.state.settings.service_token}"}
    transport = httpx.ASGITransport(app=app)
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(transport=transport, base_url="https://api.example.org", headers=headers) as client,
    ):
        yield client


@pytest.fixture
def hold(database, now):
    """Hold a time for a person (`at` another moment than now)."""

    def make(person, slot: str = "karlstad-1@20261126T1200Z", **more) -> Meeting:
        with database.transaction() as session:
            return holds.hold(session, slot, "phone", person.conversation_id, more.pop("at", now), **more)

    return make


@pytest.fixture
def book(database, hold, now, office):
    """Hold a time and confirm it."""

    def make(person, slot: str = "karlstad-1@20261126T1200Z", **more) -> Meeting:
        held = hold(person, slot, **more)
        with database.transaction() as session:
            return confirm_held(session, held, person, f"key-{held.id}", now, office).meeting

    return make


def utc(text: str) -> datetime:
    """A moment in UTC, such as `2026-11-26 12:00`."""
    return datetime.fromisoformat(text + "+00:00")


def counsellor(session: Session, slug: str) -> Counsellor:
    return session.scalars(select(Counsellor).where(Counsellor.slug == slug)).unique().one()


def offered(error: pytest.ExceptionInfo) -> list[str]:
    """The wall-clock starts that a refusal offers."""
    (reply,) = error.value.extra["messages"]
    return [item["start"][:16] for item in reply.data["items"]]

"""What the chat says about networks."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from api.catalogue.tables import Municipality
from api.chat.topics import handle
from api.contact.networks.tables import Network
from api.database import Database
from api.events.tables import Event
from api.guidance.turn import Turn
from api.replies import Query, Reply


@pytest.fixture
def session(seeded_both: Database) -> Iterator[Session]:
    with seeded_both.transaction() as session:
        yield session


def ask(session: Session, now: datetime, *, easy: bool = False) -> Reply:
    turn = Turn(session, now, "https://vagledaren.example.org", "networks", Query(), Query(), easy=easy)
    (reply,) = handle(turn).replies
    return reply


def test_each_open_network_is_told_with_its_age_and_a_way_to_show_interest(session: Session, now: datetime) -> None:
    reply = ask(session, now)
    for words in ("TechniQual, Värmland.", "Skaraborg", "Uppgifterna är från 2020.", "/natverk", "Exempeldata."):
        assert words in reply.text
    forms = [step.entities["asking_kind"] for step in reply.choices if step.topic == "networks"]
    assert sorted(forms) == [
        "network:exempelnatverket-for-underhall",
        "network:jamstalld-teknik-och-industri",
        "network:techniqual",
    ]
    assert all(len(step.title) <= 34 for step in reply.choices)
    assert len({step.title for step in reply.choices}) == len(reply.choices) == 4


def test_the_nearest_published_event_is_the_next_meeting(session: Session, now: datetime) -> None:
    network = session.scalars(select(Network.id).where(Network.slug == "techniqual")).one()
    municipality = session.scalars(select(Municipality.id).limit(1)).one()
    for title, days, status in (("Senare", 9, "published"), ("Nästa", 2, "published"), ("Utkast", 1, "draft")):
        starts = now + timedelta(days=days)
        session.add(
            Event(
                kind="network", title=title, host="Nätverket", network_id=network, municipality_id=municipality,
                starts_at=starts, ends_at=starts + timedelta(hours=1), contact="Samordnaren",
                contact_email="natverk@example.org", status=status, created_at=now, updated_at=now,
            )
        )  # fmt: skip
    session.flush()
    assert (
        "Nästa träff är 25 november 2026 kl. 10.00: https://vagledaren.example.org/traffar/nasta-"
        in ask(session, now).text
    )


def test_in_easy_swedish_the_lines_are_short(session: Session, now: datetime) -> None:
    text = ask(session, now, easy=True).text
    assert "Det finns i Skaraborg." in text
    assert "Uppgifterna" not in text


def test_an_ended_network_is_not_offered(session: Session, now: datetime) -> None:
    session.execute(update(Network).where(Network.slug == "techniqual").values(status="ended"))
    assert "TechniQual" not in ask(session, now).text


def test_without_any_the_stored_answer_is_given(session: Session, now: datetime) -> None:
    session.execute(update(Network).values(status="draft"))
    reply = ask(session, now)
    assert reply.kind == "text"
    assert "Fråga en vägledare" in reply.text

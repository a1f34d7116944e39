"""A promise, and enquiries as people send them."""

from __future__ import annotations

from datetime import datetime

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from api.catalogue.tables import Municipality
from api.contact.enquiries.office import Promise
from api.contact.enquiries.service import NewEnquiry
from api.contact.enquiries.tables import EnquiryRoute
from api.outbox.office import Office
from api.outbox.tables import Outbox
from api.privacy.contacts import Contact
from tests.api.staff.desk import colleague, house, staff

__all__ = ["OFFICE", "TRAINING", "colleague", "house", "mails", "place", "route", "staff"]

OFFICE = Office("Industrivägledaren <boka@example.org>", "https://exempel.example.org")
TRAINING = NewEnquiry(
    matter="training",
    name="Kim",
    contact=Contact("email", "personal@verkstad.example.org"),
    organisation="Exempelverkstaden",
    message="Vi vill lära våra montörer att svetsa.",
    details={"skill": "MIG/MAG-svetsning", "group_size": 8, "where": "us"},
)


@pytest.fixture
def promise() -> Promise:
    return Promise(OFFICE, answer_days=5, kept_days=180)


def place(session: Session, name: str) -> int:
    """The municipality of that name, made when it is not there."""
    row = session.scalar(select(Municipality).where(Municipality.name == name))
    if row is None:
        row = Municipality(code=f"{len(name):04}", name=name, concept_id="abcd_efg_hij", lat=59.0, lon=13.0)
        session.add(row)
        session.flush()
    return row.id


def route(session: Session, function: str, now: datetime, matter: str = "", municipality: int | None = None) -> None:
    session.add(
        EnquiryRoute(
            matter=matter,
            municipality_id=municipality,
            function=function,
            email=f"{function.lower()}@example.org",
            updated_at=now,
        )
    )
    session.flush()


def mails(session: Session, kind: str = "") -> list[Outbox]:
    """What lies in the outbox, in order."""
    rows = session.scalars(select(Outbox).order_by(Outbox.id))
    return [row for row in rows if kind in ("", row.kind)]

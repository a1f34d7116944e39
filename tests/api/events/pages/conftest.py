"""The app with an event, on SQLite: what the pages say does not depend on the database."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path
from shutil import copy

import pytest
from sqlalchemy import select

from api.booking.tables import Counsellor
from api.database import Database
from api.events.tables import Event, EventSignup
from api.outbox.tables import Outbox
from tests.api.events.signups import add_event, add_node, join
from tests.api.staff.conftest import Browser, House
from tests.api.staff.desk import put_up
from tests.conftest import MovableClock


@pytest.fixture
def database(migrated_file: Path, tmp_path: Path) -> Iterator[Database]:
    database = Database(f"sqlite:///{copy(migrated_file, tmp_path / 'test.db')}")
    yield database
    database.dispose()


@pytest.fixture
async def house(database: Database, clock: MovableClock) -> AsyncIterator[House]:
    async with put_up(database, clock) as house:
        yield house


@pytest.fixture
def visitor(house: House) -> Browser:
    """Somebody who is not logged in."""
    return house.browser()


@pytest.fixture
def staff(house: House) -> Browser:
    return house.signed_in(house.account())


@pytest.fixture
def new_event(database: Database) -> Callable[..., Event]:
    def make(**values: object) -> Event:
        with database.transaction() as session:
            return add_event(session, **values)

    return make


@pytest.fixture
def sign_up_one(database: Database, now) -> Callable[..., EventSignup]:
    def make(event: Event, number: int = 1, **values: object) -> EventSignup:
        with database.transaction() as session:
            return join(session, session.get_one(Event, event.id), now, number, **values)

    return make


@pytest.fixture
def stored(database: Database) -> Callable[[Event | EventSignup], Event | EventSignup]:
    """The row as it is now."""

    def read(row):
        with database.transaction(read_only=True) as session:
            return session.get_one(type(row), row.id)

    return read


@pytest.fixture
def signups(database: Database) -> Callable[[Event], list[EventSignup]]:
    """Those of an event, in the order in which they came."""

    def read(event: Event) -> list[EventSignup]:
        with database.transaction(read_only=True) as session:
            rows = select(EventSignup).where(EventSignup.event_id == event.id).order_by(EventSignup.number)
            return list(session.scalars(rows))

    return read


@pytest.fixture
def mails(database: Database) -> Callable[..., list[Outbox]]:
    """Those to an address but for reminders, in the order in which they were written."""

    def read(address: str) -> list[Outbox]:
        with database.transaction(read_only=True) as session:
            rows = select(Outbox).where(Outbox.recipient == address, Outbox.kind != "EVENTREMINDER").order_by(Outbox.id)
            return list(session.scalars(rows))

    return read


@pytest.fixture
def receiver(house: House, new_event) -> Callable[[str], Browser]:
    """A counsellor at the node of a town that has an event."""

    def make(town: str = "Arvika") -> Browser:
        number = house.account(f"{town}@example.org", "counsellor")
        with house.database.transaction() as session:
            node = add_node(session, town)
            session.add(
                Counsellor(
                    slug=node.slug,
                    node_id=node.id,
                    title=f"Vägledningen i {town}",
                    email=f"{node.slug}@example.org",
                    phone="0570-00 00 00",
                    meeting_types=["phone"],
                    languages=["sv"],
                    account_id=number,
                )
            )
        return house.signed_in(number)

    return make

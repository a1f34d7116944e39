"""What the tests of events share."""

from __future__ import annotations

import pytest
from hypothesis import settings as hypothesis_settings

from api.database import Database
from api.events.tables import Event
from api.outbox.office import Office
from tests.api.events.signups import OFFICE, add_event

# How long an example takes is the machine's business, not the rule's.
hypothesis_settings.register_profile("without_deadline", deadline=None)
hypothesis_settings.load_profile("without_deadline")


@pytest.fixture
def office() -> Office:
    return OFFICE


@pytest.fixture
def event(database: Database) -> Event:
    """Two places, seventeen days from now."""
    with database.transaction() as session:
        return add_event(session)

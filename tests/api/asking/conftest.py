"""Somebody who fills in a form, on both kinds of database."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

import pytest

from api.chat.service import start_conversation
from api.database import Database
from tests.api.asking.forms import Visitor


@pytest.fixture
def visitor(seeded_both: Database, now: datetime) -> Iterator[Visitor]:
    with seeded_both.transaction() as session:
        conversation, _ = start_conversation(session, now)
        session.flush()
        yield Visitor(session, conversation.id, now)

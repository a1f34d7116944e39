"""The whole api over the seeded catalogue, with one real course beside the examples and one draft."""

from __future__ import annotations

import asyncio
from datetime import date, datetime
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy import select, update

from api.catalogue.tables import Course, Node, Occasion
from api.database import Database
from api.main import create_app
from api.settings import Settings
from tests.conftest import MovableClock

SETTINGS = Settings(public_url="https://example.org", rate_limit_enabled=False, bot_urls=("http://127.0.0.1:1",))


class Client:
    """Asks the application in this process, one request after the other."""

    def __init__(self, app: FastAPI) -> None:
        self._transport = httpx.ASGITransport(app)

    def request(self, method: str, path: str, **values: Any) -> httpx.Response:
        async def ask() -> httpx.Response:
            async with httpx.AsyncClient(transport=self._transport, base_url="https://example.org") as client:
                return await client.request(method, path, **values)

        return asyncio.run(ask())

    def get(self, path: str, **values: Any) -> httpx.Response:
        return self.request("GET", path, **values)


@pytest.fixture
def client(seeded_both: Database, clock: MovableClock, now: datetime) -> Client:
    with seeded_both.transaction() as session:
        course = session.scalars(select(Course).order_by(Course.id)).first()
        session.execute(update(Node).where(Node.id == course.node_id).values(example=False))
        own = Course(
            node_id=course.node_id, occupation_id=course.occupation_id, title="Riktig kurs", credits=400,
            description="Du lär dig svetsa.", eligibility="Inget krav.",
        )  # fmt: skip
        hidden = Course(node_id=course.node_id, occupation_id=course.occupation_id, title="Hemlig kurs")
        session.add_all([own, hidden])
        session.flush()
        common = {"start_date": date(2027, 1, 11), "end_date": date(2027, 6, 11), "updated_at": now}
        session.add_all(
            [
                Occasion(external_id="A/1", course_id=own.id, status="published", places=12, pace=50, **common,
                         apply_to=date(2026, 12, 4), apply_url="https://example.org/ansok",
                         contact_email="a@example.org"),
                Occasion(external_id="A/2", course_id=own.id, status="cancelled", distance=True, **common),
                Occasion(external_id="A/3", course_id=own.id, status="draft", **common),
                Occasion(external_id="A/4", course_id=own.id, status="full", continuous=True, updated_at=now),
                Occasion(external_id="H/1", course_id=hidden.id, status="draft", **common),
            ]
        )  # fmt: skip
    return Client(create_app(SETTINGS, database=seeded_both, clock=clock))

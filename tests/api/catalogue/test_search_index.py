"""The catalogue is read once, before anybody asks."""

from __future__ import annotations

from typing import NoReturn

import httpx
import pytest

from api.catalogue import search_index
from api.database import Database
from api.main import create_app
from api.settings import Settings
from tests.conftest import NOW, MovableClock


async def test_nobody_waits_for_the_first_reading(seeded_both: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    app = create_app(Settings(rate_limit_enabled=False), clock=MovableClock(NOW), database=seeded_both)
    transport = httpx.ASGITransport(app)

    def read_again(*_: object) -> NoReturn:
        raise AssertionError("the first question reads the catalogue")

    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(transport=transport, base_url="http://test") as client,
    ):
        monkeypatch.setattr(search_index, "_read", read_again)
        answer = await client.get("/api/v1/courses")
    assert answer.status_code == 200
    assert answer.json()["total"] > 0

"""Over real connections: what is on the line when the api is away, dies or is something else altogether."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from actions.api_client import ApiClient, ApiDown
from actions.settings import load_settings
from tests.wire import GONE, STRANGE, closed_address, http, wire

ANSWER = http(b'{"booked": true}')


@asynccontextmanager
async def client(url: str) -> AsyncIterator[ApiClient]:
    made = ApiClient(load_settings({"IV_API_URL": url}))
    yield made
    await made.close()


@pytest.mark.parametrize("answer", GONE.values(), ids=GONE)
async def test_an_api_that_dies_with_the_request_is_asked_once_more(answer: bytes) -> None:
    async with wire(answer, ANSWER) as api, client(api.url) as actions:
        assert await actions.post("/x", {}, idempotency_key="k") == {"booked": True}
    assert len(api.requests) == 2
    assert all(b"idempotency-key: k" in request for request in api.requests)


@pytest.mark.parametrize("answer", [*GONE.values(), *STRANGE.values()], ids=[*GONE, *STRANGE])
async def test_one_that_never_answers_rightly_is_down(answer: bytes) -> None:
    async with wire(answer) as api, client(api.url) as actions:
        with pytest.raises(ApiDown):
            await actions.get("/anything")
    assert len(api.requests) <= 4  # aiohttp repeats a GET once by itself, and we do once


async def test_where_nobody_listens_the_api_is_down() -> None:
    async with client(await closed_address()) as actions:
        with pytest.raises(ApiDown):
            await actions.get("/anything")

"""How the client asks, waits and gives up, against a real server that misbehaves."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime

import pytest

from api.catalogue.susa.client import HttpSource
from api.catalogue.susa.errors import SusaFailed
from api.catalogue.susa.reading import Resource
from tests.api.catalogue.susa.conftest import Susa, event
from tests.conftest import NOW

LIST = "educationEvents"


class Asking:
    """A client of that server that notes its pauses and does not make them."""

    def __init__(self, susa: Susa) -> None:
        self.susa = susa
        self.pauses: list[float] = []

    def source(self, *, since: datetime | None = None, size: int = 2000, seconds: float = 20.0) -> HttpSource:
        async def pause(seconds: float) -> None:
            self.pauses.append(seconds)

        return HttpSource(
            self.susa.url,
            ("VUXGY", "VUX"),
            lambda: NOW,
            since=since,
            page_size=size,
            page_seconds=seconds,
            pause=pause,
        )

    async def ids(self, **options: float) -> list[str]:
        async with self.source(**options) as source:  # type: ignore[arg-type]
            return [resource.id async for resource in everything(source)]


async def everything(source: HttpSource, first: int = 0) -> AsyncIterator[Resource]:
    async for page in source.pages(LIST, first):
        for resource in page.resources:
            yield resource


@pytest.fixture
def asking(susa: Susa) -> Asking:
    return Asking(susa)


async def test_all_pages_are_read_with_our_school_types(asking: Asking) -> None:
    asking.susa.says(educationEvents=[event(f"e.{number}") for number in range(7)])
    assert await asking.ids(size=3) == [f"e.{number}" for number in range(7)]
    first = "/educationEvents?schoolType=VUXGY&schoolType=VUX&page=0&size=3"
    assert asking.susa.requests[0] == first
    assert len(asking.susa.requests) == 3


async def test_what_has_changed_is_asked_for_in_swedish_wall_clock(asking: Asking) -> None:
    async with asking.source(since=datetime(2026, 11, 20, 2, 30, tzinfo=UTC)) as source:
        assert [each.id async for each in everything(source)] == []
    assert asking.susa.requests[0].endswith("updatedSince=2026-11-20T03%3A30%3A00")


async def test_a_list_without_page_numbers_ends_with_a_page_that_is_not_full(asking: Asking) -> None:
    asking.susa.says(
        faults=[{"list": LIST, "kind": "body", "body": '{"educationEvents":[{"id":"e.1","status":"x","content":{}}]}'}]
    )
    assert await asking.ids(size=2) == ["e.1"]
    assert len(asking.susa.requests) == 1


@pytest.mark.parametrize("kind", [503, 500, 502, 429, "drop"])
async def test_a_passing_fault_is_waited_out(asking: Asking, kind: int | str) -> None:
    asking.susa.says(faults=[{"list": LIST, "kind": kind, "times": 2}])
    assert await asking.ids() == ["e.1"]
    assert len(asking.pauses) == 2
    assert 2.5 <= asking.pauses[0] <= 5
    assert 10 <= asking.pauses[1] <= 20


@pytest.mark.parametrize(
    ("header", "seconds"),
    [("120", 120), ("Mon, 23 Nov 2026 09:03:00 GMT", 180), ("nonsense", 0), ("-5", 0), ("9" * 30, 0)],
)
async def test_the_pause_that_the_service_asks_for_is_kept(asking: Asking, header: str, seconds: float) -> None:
    asking.susa.says(faults=[{"list": LIST, "kind": 503, "times": 1, "retry_after": header}])
    assert await asking.ids() == ["e.1"]
    assert asking.pauses[0] == seconds or (not seconds and asking.pauses[0] <= 5)


async def test_a_longer_pause_than_we_have_ends_the_run(asking: Asking) -> None:
    asking.susa.says(faults=[{"list": LIST, "kind": 503, "retry_after": "86400"}])
    with pytest.raises(SusaFailed, match="susa_failed") as failed:
        await asking.ids()
    assert "uppdaterar sina uppgifter" in failed.value.detail
    assert asking.pauses == []


@pytest.mark.parametrize(
    ("fault", "words", "tries"),
    [
        ({"kind": 503}, "uppdaterar sina uppgifter", 6),
        ({"kind": 400}, "felkod 400", 1),
        ({"kind": 404}, "felkod 404", 1),
        ({"kind": "redirect"}, "felkod 302", 1),
        ({"kind": "drop"}, "inte att nå", 6),
        ({"kind": "slow", "seconds": 3}, "inte i tid", 6),
        ({"kind": "endless"}, "större än 32 MB", 1),
        ({"kind": "body", "body": "<!doctype html><p>Hej"}, "inte går att läsa", 6),
        ({"kind": "body", "body": '{"educationEvents": [{"id": "e.1", "sta'}, "inte går att läsa", 6),
        ({"kind": "body", "body": "[" * 100_000}, "inte går att läsa", 6),
        ({"kind": "body", "body": '{"page": 1' + "0" * 5000 + "}"}, "inte går att läsa", 6),
        ({"kind": "body", "body": "[]"}, "ser inte ut som det ska", 1),
        ({"kind": "body", "body": '{"educationEvents": {"e.1": {}}}'}, "ser inte ut som det ska", 1),
        ({"kind": "body", "body": "null"}, "ser inte ut som det ska", 1),
    ],
    ids=lambda value: str(value.get("body", value.get("kind")))[:12] if isinstance(value, dict) else None,
)
async def test_what_does_not_pass_is_told_in_swedish(
    asking: Asking, fault: dict[str, object], words: str, tries: int
) -> None:
    asking.susa.says(faults=[{"list": LIST, **fault}])
    with pytest.raises(SusaFailed) as failed:
        await asking.ids(seconds=0.3 if fault["kind"] == "slow" else 20.0)
    assert words in failed.value.detail
    assert len(asking.susa.requests) == tries


async def test_nobody_at_the_address_is_told_in_swedish(asking: Asking) -> None:
    asking.susa.url = "http://127.0.0.1:9"
    with pytest.raises(SusaFailed, match="susa_failed") as failed:
        await asking.ids()
    assert "IV_SUSA_URL" in failed.value.detail


async def test_items_without_a_usable_id_are_counted_and_the_rest_is_read(asking: Asking) -> None:
    asking.susa.says(
        educationEvents=[event(), None, 3, [], {"id": ""}, {"id": "a b"}, {"id": "x" * 300}, {"id": 5}, {"id": "../x"}],
        faults=[],
    )
    asking.susa.state["educationEvents"][1:] = [
        {"id": "", "status": "x"},
        {"id": "a b", "status": "x"},
        {"id": "x" * 300, "status": "x"},
        {"id": 5, "status": "x"},
        {"id": "../x", "status": "x"},
    ]
    asking.susa.says()
    async with asking.source() as source:
        pages = [page async for page in source.pages(LIST, 0)]
    assert [(len(page.resources), page.unreadable) for page in pages] == [(1, 5)]


async def test_single_resources_are_those_that_exist(asking: Asking) -> None:
    async with asking.source() as source:
        found = await source.some(LIST, ["e.gone", "e.1"])
    assert [each.id for each in found] == ["e.1"]

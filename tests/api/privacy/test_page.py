"""`/integritet` says what this installation does: its own days, its own controller, and openly what is missing."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

import httpx
import pytest

from api.database import Database
from api.main import create_app
from api.personal import HOLDINGS
from api.privacy.pages import descriptions
from api.settings import Settings
from tests.conftest import MovableClock

Visit = Callable[..., httpx.AsyncClient]
TO_FILL_IN = "Här ska den som driver tjänsten fylla i"


@pytest.fixture
async def visit(seeded: Database, clock: MovableClock, tmp_path: Path) -> AsyncIterator[Visit]:
    """Opens the service with the settings that a test wants."""
    async with AsyncExitStack() as opened:

        @asynccontextmanager
        async def site(settings: Settings) -> AsyncIterator[httpx.AsyncClient]:
            app = create_app(settings, clock=clock, database=seeded)
            async with httpx.AsyncClient(
                transport=httpx.ASGITransport(app), base_url="http://test", headers={"Accept": "text/html"}
            ) as client:
                yield client
            await app.state.bot.close()
            if app.state.vacancies is not None:
                app.state.vacancies.close()

        async def start(**values: object) -> httpx.AsyncClient:
            return await opened.enter_async_context(site(Settings(data_dir=tmp_path, **values)))

        yield start


async def page(client: httpx.AsyncClient) -> str:
    answer = await client.get("/integritet")
    assert answer.status_code == 200
    return re.sub(r"\s+", " ", re.sub("<[^>]+>", "", answer.text))


async def test_the_days_are_those_of_the_running_settings(visit: Visit) -> None:
    days = {
        "retention_conversation_days": 71,
        "retention_contact_days": 72,
        "retention_events_days": 73,
        "retention_phrases_days": 74,
        "retention_enquiries_days": 75,
        "session_idle_minutes": 76,
        "session_hours": 7,
    }
    text = await page(await visit(**days))
    for name, number in days.items():
        assert re.search(rf"\b{number} (dagar|minuter|timmar)", text), name
    assert not re.search(r"\b(30|90|180) dagar", text)


async def test_every_kind_of_data_is_told_of_with_why_how_long_and_who_sees_it(visit: Visit) -> None:
    text = (await (await visit()).get("/integritet")).text
    for holding in HOLDINGS:
        assert f"<h3>{descriptions()[holding.name]['title']}</h3>" in text, holding.name
    for asked in ("Vad", "Varför", "Hur länge", "Vem ser det"):
        assert text.count(f"<dt>{asked}</dt>") == len(HOLDINGS)


async def test_the_controller_stands_there_and_what_is_missing_is_said_openly(visit: Visit) -> None:
    assert (await page(await visit())).count(TO_FILL_IN) == 3
    told = {
        "controller_name": "Exempelkommunens nämnd",
        "controller_contact": "Exempelgatan 1, 651 84 Karlstad",
        "data_protection_email": "dataskydd@example.org",
        "legal_basis": "Uppgift av allmänt intresse (exempel).",
    }
    text = await page(await visit(**told))
    assert TO_FILL_IN not in text
    assert [value for value in told.values() if value not in text] == []
    assert (await page(await visit(**told | {"controller_contact": " "}))).count(TO_FILL_IN) == 1


def test_what_is_missing_is_named_by_its_variable() -> None:
    assert Settings().controller_gaps == (
        "IV_CONTROLLER_NAME",
        "IV_CONTROLLER_CONTACT",
        "IV_DATA_PROTECTION_EMAIL",
        "IV_LEGAL_BASIS",
    )
    assert Settings(legal_basis=" ", controller_name="x").controller_gaps[-1] == "IV_LEGAL_BASIS"


async def test_whoever_is_not_asked_is_not_named(visit: Visit) -> None:
    assert "JobSearch" in await page(await visit())
    assert "JobSearch" not in await page(await visit(jobsearch_url=""))


async def test_every_page_leads_to_it(visit: Visit) -> None:
    client = await visit()
    for path in ("/", "/utbildningar", "/traffar", "/foretag", "/personal/logga-in", "/finns-inte"):
        assert 'href="/integritet"' in (await client.get(path)).text, path


async def test_where_something_is_left_it_is_linked_in_the_text_too(visit: Visit) -> None:
    client = await visit()
    for path in ("/chatt", "/foretag/utbilda", "/skola", "/tillganglighet"):
        assert 'href="/integritet"' in (await client.get(path)).text.split("<footer")[0], path


async def test_search_engines_find_it(visit: Visit) -> None:
    assert "/integritet</loc>" in (await (await visit()).get("/sitemap.xml")).text


async def test_it_reaches_nobody_elses_server(visit: Visit) -> None:
    text = (await (await visit()).get("/integritet")).text
    assert set(re.findall(r'(?:src|href)="(https?://[^"/]+)', text)) <= {"https://www.imy.se", "http://localhost:8000"}

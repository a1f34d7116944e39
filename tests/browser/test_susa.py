"""Staff decide about what comes from Susa-navet, with the keyboard alone. Needs api and worker, no model."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, expect
from sqlalchemy import select

from api.catalogue.tables import Occasion
from api.clock import system_clock
from api.database import Database
from tests.api.catalogue.susa.conftest import KIL, Json, Susa, event, info, lang, provider, serving
from tests.browser.staff_site import judge, log_in, passwords_of, staff_site, visiting
from tests.browser.visitor import Visitor

pytestmark = pytest.mark.browser

LIST = "/personal/susa/tillfallen"
LATER = "2099-01-01T00:00:00"
YEAR = system_clock().year + 1
"""The api has the machine's clock: what the source says has to lie ahead of it."""


def coming(name: str, **content: Any) -> Json:
    """An event that begins next year."""
    condition = {"type": "C_ExecutionCondition", "code": "1"}
    execution = {"condition": condition, "start": f"{YEAR}-01-11", "end": f"{YEAR}-10-15"}
    ahead = {"execution": execution, "expires": f"{YEAR}-10-15T23:59:59", "application": {"last": f"{YEAR}-01-08"}}
    return event(name, **ahead | content)


@pytest.fixture
def susa(tmp_path: Path) -> Iterator[Susa]:
    with serving(tmp_path / "susa") as here:
        here.says(
            educationInfos=[info(title="Svetsare, år ett"), info("i.both", "CNC-operatör och svetsare")],
            educationProviders=[provider(), provider("p.kil", "Kils kommun", KIL)],
            educationEvents=[
                *(coming(f"e.{number}") for number in range(3)),
                coming("e.both", education="i.both", title=lang("Kombinerad utbildning i industri")),
                coming("e.kil", providers=["p.kil"], locations=[{"areaCode": KIL}]),
            ],
        )
        yield here


@pytest.fixture
def site(tmp_path: Path, susa: Susa) -> Iterator[str]:
    with staff_site(tmp_path / "data", worker=True, settings={"IV_SUSA_URL": susa.url}) as url:
        yield url


@pytest.fixture(params=[1280, 360])
def visitor(request: pytest.FixtureRequest, browser: Browser, site: str) -> Iterator[Visitor]:
    with visiting(browser, site, request.param) as visitor:
        yield visitor


def wait_for(visitor: Visitor, path: str, words: str) -> None:
    """Load the page again until it says the words: the worker looks for something to do every 20 seconds."""
    for _ in range(80):
        visitor.go(path)
        if words in visitor.page.inner_text("main"):
            return
        visitor.page.wait_for_timeout(500)
    raise AssertionError(f"{words!r} never came")


def choose(visitor: Visitor, field: str, label: str) -> None:
    """Reach a list by Tab and type the beginning of a choice."""
    for _ in range(200):
        visitor.page.keyboard.press("Tab")
        if visitor.page.evaluate("document.activeElement.id") == field:
            break
    visitor.page.keyboard.type(label)


def row_of(visitor: Visitor, name: str) -> str:
    """The number that a provider's form has in its ids."""
    form = visitor.page.locator("li.card", has_text=name).locator("form")
    return (form.get_attribute("action") or "").rpartition("/")[2]


def test_staff_let_a_provider_in_approve_events_and_settle_what_both_changed(
    visitor: Visitor, susa: Susa, tmp_path: Path
) -> None:
    visitor.go("/personal/susa")
    log_in(visitor, "staff", passwords_of(tmp_path / "data")["staff"])
    judge(visitor, "Susa-navet")
    wait_for(visitor, "/personal/susa", "Senast hämtat")
    judge(visitor, "Susa-navet")

    kil = row_of(visitor, "Kils kommun")
    choose(visitor, f"beslut-{kil}", "Visa allt")
    visitor.press("Spara")
    judge(visitor, "Fel: Susa-navet")
    visitor.press("Välj först vilken nod", back=True)
    assert visitor.page.evaluate("document.activeElement.id") == f"nod-{kil}"

    karlstad = row_of(visitor, "Karlstads kommun")
    choose(visitor, f"beslut-{karlstad}", "Vi godkänner")
    visitor.press("Spara")
    expect(visitor.page.get_by_role("status")).to_contain_text("Beslutet är sparat.")
    judge(visitor, "Susa-navet")

    visitor.press("Väntar på besked: 3")
    judge(visitor, "Väntar på besked – Susa-navet")
    visitor.press("Godkänn de valda")
    judge(visitor, "Fel: Väntar på besked – Susa-navet")
    visitor.press("Du har inte valt något.", back=True)
    visitor.page.keyboard.press("Tab")
    visitor.page.keyboard.press("Space")
    visitor.press("Godkänn de valda")
    expect(visitor.page.get_by_role("status")).to_contain_text("Godkända tillfällen: 1.")
    visitor.press("Godkänn alla på sidan (2)")
    expect(visitor.page.get_by_role("status")).to_contain_text("Godkända tillfällen: 2.")
    judge(visitor, "Väntar på besked – Susa-navet")

    visitor.press("Går inte att placera: 1")
    judge(visitor, "Går inte att placera – Susa-navet")
    visitor.press("Spara yrket")
    expect(visitor.page.get_by_role("status")).to_contain_text("Yrket är sparat.")

    visitor.press("I katalogen: 3")
    judge(visitor, "I katalogen – Susa-navet")

    database = Database(f"sqlite:///{tmp_path / 'data' / 'industrivagledaren.db'}")
    with database.transaction() as session:
        occasion = session.scalars(select(Occasion).where(Occasion.external_id == "susa:e.0")).one()
        occasion.places, number = 8, occasion.course_id
    database.dispose()
    changed = coming("e.0", places=20, edited=LATER)
    susa.says(educationEvents=[changed, *susa.state["educationEvents"][1:]])
    visitor.go("/personal/susa")
    visitor.press("Hämta nu")
    expect(visitor.page.get_by_role("status")).to_contain_text("Hämtningen är beställd.")
    judge(visitor, "Susa-navet")
    wait_for(visitor, f"{LIST}?visa=skillnader", "Behåll vårt")
    judge(visitor, "Ändrade på två håll – Susa-navet")
    visitor.press("Ta Susa-navets")
    expect(visitor.page.get_by_role("status")).to_contain_text("Uppgifterna från Susa-navet gäller nu.")

    visitor.go(f"/utbildningar/{number}")
    expect(visitor.page.get_by_text(re.compile("Hämtat från Susa-navet")).first).to_be_visible()
    visitor.assert_accessible()
    visitor.assert_fits()


def test_the_pages_work_without_scripts(browser: Browser, site: str, susa: Susa, tmp_path: Path) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{site}/personal/susa")
    page.fill("#login", "staff")
    page.fill("#password", passwords_of(tmp_path / "data")["staff"])
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text("Susa-navet")  # to go on before would break off the log-in
    for _ in range(80):
        if "Senast hämtat" in page.inner_text("main"):
            break
        page.wait_for_timeout(500)
        page.goto(f"{site}/personal/susa")
    card = page.locator("li.card", has_text="Karlstads kommun")
    card.get_by_label("Ska kurserna visas?").select_option("publish")
    card.get_by_role("button", name="Spara").click()
    expect(page.get_by_role("status")).to_contain_text("Tillfällen i katalogen som ändrades: 3.")
    context.close()

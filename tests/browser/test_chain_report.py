"""The chain, the yearly report, the accessibility statement and the questions about background, by keyboard alone."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from api.database import Database
from api.insight.background.tables import BackgroundCount
from api.insight.chain.tables import ChainCount
from api.insight.report.tables import FreeWait, ReportCount
from tests.browser.staff_site import at_the_desk, fill, judge, staff_site, visiting
from tests.browser.visitor import Visitor

pytestmark = pytest.mark.browser

YEAR = 2025
"""A year that is over, so that nothing depends on the day of the test."""


@pytest.fixture(scope="module")
def data_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("chain")


@pytest.fixture(scope="module")
def site(data_dir: Path) -> Iterator[str]:
    with staff_site(data_dir) as url:
        database = Database(f"sqlite:///{data_dir / 'industrivagledaren.db'}")
        with database.transaction() as session:
            for month in range(1, 13):
                day = date(YEAR, month, 9)
                for number, (step, node) in enumerate(
                    (("chat", ""), ("event", "sunne"), ("visit", "arvika"), ("meeting", "karlstad"))
                ):
                    session.add(ChainCount(day=day, step=step, node=node, count=140 * month // (number + 1)))
                session.add(FreeWait(day=day, node="karlstad", days=month))
                session.add(ReportCount(day=day, measure="language", value="en", count=12))
            for answer, count in (("kvinna", 22), ("man", 41), ("annat", 3)):
                row = {"month": date(YEAR, 9, 1), "step": "meeting", "question": "kon", "answer": answer}
                session.add(BackgroundCount(**row, count=count))
        database.dispose()
        yield url


@pytest.fixture(params=[1280, 360])
def visitor(request: pytest.FixtureRequest, browser: Browser, site: str) -> Iterator[Visitor]:
    with visiting(browser, site, request.param) as visitor:
        yield visitor


@pytest.fixture(params=[1280, 360])
def staff(request: pytest.FixtureRequest, browser: Browser, site: str, data_dir: Path) -> Iterator[Visitor]:
    with at_the_desk(browser, site, request.param, data_dir) as visitor:
        yield visitor


def test_staff_choose_a_year_and_a_town_of_the_chain(staff: Visitor) -> None:
    staff.go(f"/personal/insikt/kedjan?ar={YEAR}")
    judge(staff, f"Kedjan {YEAR}")
    staff.press("Så räknar vi")
    judge(staff, f"Kedjan {YEAR}")
    fill(staff, "ort", "Karlstad")
    staff.press("Visa")
    judge(staff, f"Kedjan {YEAR}")
    expect(staff.page.get_by_role("heading", level=1)).to_have_text(f"Kedjan {YEAR}, Karlstad")
    caption = staff.page.locator("caption").first.bounding_box()
    assert caption is not None
    assert caption["height"] < 60  # beside the figures, not one letter a line


def test_the_report_is_read_on_the_screen_and_printed_without_the_menu(staff: Visitor) -> None:
    staff.go(f"/personal/uppfoljning?ar={YEAR}")
    judge(staff, f"Uppföljning {YEAR}")
    staff.page.emulate_media(media="print")
    for hidden in (".site-header", ".site-footer", "form"):
        expect(staff.page.locator(hidden).first).to_be_hidden()
    expect(staff.page.get_by_role("heading", level=1)).to_be_visible()
    expect(staff.page.locator(".report .rows thead").first).to_be_visible()  # a table, and no cards, on paper
    assert staff.page.pdf(prefer_css_page_size=True).startswith(b"%PDF")


def test_staff_write_down_what_is_not_accessible(staff: Visitor) -> None:
    width = staff.page.viewport_size["width"] if staff.page.viewport_size else 0
    staff.go("/personal/tillganglighet")
    judge(staff, "Tillgänglighet")
    staff.press("Lägg till en brist")
    judge(staff, "Lägg till en brist")
    staff.press("Spara")
    judge(staff, "Fel: Lägg till en brist")
    for name, text in (
        ("title", f"Film utan text, {width}"),
        ("about", "En film."),
        ("why", "Gammal."),
        ("instead", "Ring."),
    ):
        fill(staff, f"f-{name}", text) if name == "title" else staff.page.fill(f"#f-{name}", text)
    staff.press("Spara")
    judge(staff, "Tillgänglighet")
    expect(staff.page.get_by_role("link", name=f"Film utan text, {width}")).to_be_visible()


def test_somebody_tells_of_a_hindrance_and_gets_a_receipt(visitor: Visitor) -> None:
    visitor.go("/")
    visitor.press("Tillgänglighet")
    judge(visitor, "Tillgänglighetsredogörelse")
    visitor.press("Skicka")
    judge(visitor, "Fel: Tillgänglighetsredogörelse")
    visitor.press("Vad fungerar inte, eller vad behöver du?: Fyll i fältet.")
    assert visitor.page.evaluate("document.activeElement.id") == "f-message"
    visitor.page.keyboard.type("Knappen läses inte upp.")
    fill(visitor, "f-contact", "deltagare@example.org")
    visitor.page.keyboard.press("Enter")
    judge(visitor, "Tack, ditt ärende är skickat")
    expect(visitor.page.get_by_text("Knappen läses inte upp.")).to_be_visible()


def test_the_questions_about_background_are_answered_by_keyboard(visitor: Visitor) -> None:
    visitor.go("/om-dig?efter=mote")
    judge(visitor, "Några frågor om dig")
    visitor.press("Skicka svaren")
    judge(visitor, "Fel: Några frågor om dig")
    visitor.press("Svara på minst en fråga")
    assert visitor.page.evaluate("document.activeElement.id") == "kon-kvinna"
    visitor.page.keyboard.press("ArrowDown")
    visitor.press("Skicka svaren")
    judge(visitor, "Tack för dina svar")


def test_everything_works_without_scripts(browser: Browser, site: str) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{site}/om-dig")
    page.check("#fodd-vill-inte")
    page.get_by_role("button", name="Skicka svaren").click()
    expect(page).to_have_title("Tack för dina svar – Industrivägledaren")
    page.goto(f"{site}/tillganglighet")
    page.fill("#f-message", "Texten är för svår.")
    page.fill("#f-contact", "deltagare@example.org")
    page.get_by_role("button", name="Skicka").click()
    expect(page).to_have_title("Tack, ditt ärende är skickat – Industrivägledaren")
    context.close()

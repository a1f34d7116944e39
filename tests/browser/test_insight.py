"""What people ask and what the assistant learns: staff at the pages, by keyboard alone. Needs the api only."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

import api.tables  # noqa: F401 - so that foreign keys resolve
from api.clock import system_clock
from api.database import Database
from api.insight.asked import rolling
from api.settings import Settings
from tests.api.insight.talks import MISSED, Said, many
from tests.browser.staff_site import at_the_desk, fill, judge, log_in, passwords_of, staff_site, visiting
from tests.browser.visitor import Visitor

pytestmark = pytest.mark.browser

DOG = "får hunden följa med in på nodens verkstad"
WIDTHS = pytest.mark.parametrize("width", [1280, 360])


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("insight")


@pytest.fixture(scope="module")
def site(folder: Path) -> Iterator[str]:
    """A site where people have asked things for four weeks."""
    with staff_site(folder) as url:
        database = Database(f"sqlite:///{folder / 'industrivagledaren.db'}")
        with database.transaction() as session:
            for weeks in range(4):
                at = system_clock() - timedelta(weeks=weeks, minutes=5)
                many(session, at, 30 - 4 * weeks, Said("vad kostar det", "cost", "Karlstad", thumb="up"))
                many(session, at, 22, Said("kurser i Arvika", "course_search", "Arvika"))
                many(session, at, 9 + weeks, Said("hur söker jag", "apply_how"))
                many(session, at, 2, Said("pris", "cost", "Hagfors"))
                many(session, at, 1 + weeks, Said(f"blorf {['flurp', 'gnurk', 'snork'][weeks % 3]} i byn", MISSED))
            now = system_clock() - timedelta(minutes=3)
            many(session, now, 2, Said(DOG, MISSED, "Arvika"))
            many(session, now, 1, Said("kan man låna en liten traktor", "cost", thumb="down", comment="Jag menade lån"))
            many(session, now, 1, Said("ring mig på [telefonnummer] om traktorn", MISSED))
        rolling.roll_up(database, Settings(), system_clock)
        database.dispose()
        yield url


def propose(desk: Visitor, text: str, topic: str) -> None:
    """From the list to a proposal, by keyboard."""
    desk.go("/personal/insikt/oforstadda")
    desk.press(text)
    judge(desk, "Vad handlar det om?")
    desk.tab_to("Välj ämne")
    desk.page.keyboard.type(topic)
    desk.press("Föreslå som exempel")
    judge(desk, "Det som inte förstods")


@WIDTHS
def test_what_people_ask_is_read_for_the_region_and_for_one_municipality(
    browser: Browser, site: str, folder: Path, width: int
) -> None:
    with at_the_desk(browser, site, width, folder) as desk:
        desk.go("/personal/insikt")
        judge(desk, "Vad människor frågar om")
        main = desk.page.locator("main")
        expect(main).to_contain_text("Hela regionen, senaste fyra veckorna")
        expect(desk.page.locator("svg.chart")).to_have_count(4)
        expect(desk.page.get_by_role("img", name="Alla frågor:")).to_be_visible()
        desk.tab_to("Hela regionen")
        desk.page.keyboard.type("Karls")
        desk.press("Visa")
        expect(main).to_contain_text("Omkring 95 samtal har handlat om Karlstad.")
        judge(desk, "Vad människor frågar om")
        desk.go("/personal/insikt?kommun=Hagfors")
        expect(main).to_contain_text("Färre än tio samtal har handlat om Hagfors")
        judge(desk, "Vad människor frågar om")


@WIDTHS
def test_a_message_becomes_an_example_that_somebody_else_approves(
    browser: Browser, site: str, folder: Path, width: int
) -> None:
    text = DOG if width == 1280 else "kan man låna en liten traktor"
    with at_the_desk(browser, site, width, folder) as desk:
        desk.go("/personal")
        desk.go("/personal/insikt/oforstadda")
        judge(desk, "Det som inte förstods")
        desk.press(text)
        judge(desk, "Vad handlar det om?")
        desk.press("Föreslå som exempel")
        judge(desk, "Fel: Vad handlar det om?")
        desk.press("Välj ett ämne, eller skriv vilket nytt ämne som behövs.")
        assert desk.page.evaluate("document.activeElement.id") == "amne"
        propose(desk, text, "Kostn")
        expect(desk.page.get_by_role("status")).to_contain_text("1 exempel väntar på att en kollega godkänner.")
        desk.go("/personal/exempel")
        expect(desk.page.locator("main")).to_contain_text("Någon annan godkänner.")
        judge(desk, "Exempel")
        desk.press(f"Ändra\n: {text}")
        judge(desk, "Ändra exempel")
        fill(desk, "text", f"- {text}")
        desk.press("Spara")
        judge(desk, "Fel: Ändra exempel")
        fill(desk, "text", f"{text} då")
        desk.press("Spara")
        judge(desk, "Exempel")
    with visiting(browser, site, width) as boss:
        boss.go("/personal/exempel")
        log_in(boss, "admin", passwords_of(folder)["admin"])
        expect(boss.page).to_have_title("Exempel – Industrivägledaren")
        expect(boss.page.locator("main")).to_contain_text(f"{text} då")
        boss.press(f"Godkänn\n: {text} då")
        expect(boss.page.get_by_role("status")).to_contain_text("Assistenten lär sig det vid nästa träning.")
        judge(boss, "Exempel")
        boss.press(f"Dra tillbaka\n: {text} då")
        expect(boss.page.get_by_role("status")).to_contain_text("Assistenten glömmer det vid nästa träning.")
        judge(boss, "Exempel")


@WIDTHS
def test_a_masked_number_is_said_to_stand_in_the_way(browser: Browser, site: str, folder: Path, width: int) -> None:
    with at_the_desk(browser, site, width, folder) as desk:
        if width == 1280:
            propose(desk, "ring mig på [telefonnummer] om traktorn", "Kostn")
        desk.go("/personal/exempel")
        expect(desk.page.locator("main")).to_contain_text("Exemplet får inte innehålla hakparenteser")
        judge(desk, "Exempel")


def test_everything_works_without_scripts(browser: Browser, site: str, folder: Path) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{site}/personal/insikt/oforstadda")
    page.fill("#login", "staff")
    page.fill("#password", passwords_of(folder)["staff"])
    page.keyboard.press("Enter")
    page.get_by_role("link", name="blorf").first.click()
    page.get_by_role("button", name="Avfärda de markerade").click()
    expect(page.get_by_role("status")).to_contain_text("meddelanden är avfärdade.")
    context.close()

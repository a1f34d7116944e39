"""What is said about people's data, and an administrator who shows and erases it: by keyboard, narrow and wide."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

import api.tables  # noqa: F401 - so that foreign keys resolve
from api.clock import system_clock
from api.database import Database
from api.settings import Settings
from tests.api.privacy.somebody import KIM, Somebody, live_through
from tests.browser.staff_site import fill, judge, log_in, passwords_of, staff_site, visiting

pytestmark = pytest.mark.browser

WIDTHS = pytest.mark.parametrize("width", [1280, 360])
PAGE = "Så hanterar vi dina uppgifter"
PERSON = "Uppgifter om en person"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("privacy")


@pytest.fixture(scope="module")
def site(folder: Path) -> Iterator[str]:
    """A site with an administrator's demo account."""
    with staff_site(folder) as url:
        yield url


@WIDTHS
def test_the_page_has_no_accessibility_faults(browser: Browser, site: str, width: int) -> None:
    with visiting(browser, site, width) as reader:
        reader.go("/integritet")
        judge(reader, PAGE)
        reader.press("Få dina uppgifter raderade")
        expect(reader.page).to_have_url(f"{site}/integritet#radera")
        for path in ("/", "/chatt"):
            reader.go(path)
            expect(reader.page.locator("footer").get_by_role("link", name=PAGE)).to_have_attribute(
                "href", "/integritet"
            )


@WIDTHS
def test_a_person_is_found_and_erased_by_keyboard(browser: Browser, site: str, folder: Path, width: int) -> None:
    person = Somebody(f"{KIM.name}{width}", f"kimzon{width}@example.org")
    database = Database(f"sqlite:///{folder / 'industrivagledaren.db'}")
    live_through(database, Settings(data_dir=folder, public_url=site), person, system_clock())
    database.dispose()
    with visiting(browser, site, width) as desk:
        desk.go("/personal")
        log_in(desk, "admin", passwords_of(folder)["admin"])
        expect(desk.page).to_have_title("Personalens sidor – Industrivägledaren")
        desk.go("/personal/uppgifter")
        judge(desk, PERSON)
        fill(desk, "kontakt", "Kim")
        desk.page.keyboard.press("Enter")
        judge(desk, f"Fel: {PERSON}")
        expect(desk.page.get_by_role("alert")).to_contain_text(
            "Skriv bara en uppgift: ett telefonnummer eller en e-postadress"
        )
        fill(desk, "kontakt", person.email)
        desk.page.keyboard.press("Enter")
        judge(desk, PERSON)
        main = desk.page.locator("main")
        expect(main).to_contain_text("Bokade möten (2)")
        expect(main).to_contain_text(f"Hälsar {person.name}")
        assert person.email not in desk.page.url
        desk.press("Radera det valda …")
        judge(desk, "Radera uppgifter")
        expect(main).to_contain_text("avbokas, och vägledaren får besked")
        desk.press("Ja, radera")
        judge(desk, PERSON)
        expect(main.get_by_role("status")).to_contain_text("Uppgifterna är raderade.")
        fill(desk, "kontakt", person.email)
        desk.page.keyboard.press("Enter")
        judge(desk, PERSON)
        expect(main).to_contain_text("Vi hittade inget med")

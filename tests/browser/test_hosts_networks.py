"""Prao, companies that receive, networks and courses for people in work, with the keyboard in a real browser."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.staff_site import fill, judge, visiting
from tests.browser.visitor import Visitor

pytestmark = pytest.mark.browser


@pytest.fixture(params=[1280, 360])
def visitor(request: pytest.FixtureRequest, browser: Browser, site: str) -> Iterator[Visitor]:
    with visiting(browser, site, request.param) as visitor:
        yield visitor


def choose(visitor: Visitor, field: str, first_letters: str) -> None:
    """Reach a list by Tab and type the beginning of an option, as one does with the keyboard."""
    fill(visitor, field, "")
    visitor.page.keyboard.type(first_letters)


def test_a_school_finds_companies_in_its_municipality(visitor: Visitor) -> None:
    visitor.go("/")
    visitor.press("Prao och studiebesök för elever och skolor")
    judge(visitor, "Prao inom industrin")
    choose(visitor, "ort", "Kristinehamn")
    visitor.press("Visa")
    judge(visitor, "Prao inom industrin")
    expect(visitor.page.get_by_role("heading", level=4)).to_have_text(["Exempelmekanik Kristinehamn Exempeldata"])
    visitor.press("Visa alla")
    expect(visitor.page.get_by_role("heading", name="Kil", exact=True)).to_be_visible()


def test_somebody_reads_about_networks_and_reaches_the_button_for_interest(visitor: Visitor) -> None:
    visitor.go("/natverk")
    judge(visitor, "Nätverk inom teknik och industri")
    visitor.tab_to("Anmäl intresse")
    expect(visitor.page.get_by_role("link", name="Anmäl intresse för Nätverket för en jämställd")).to_be_focused()


def test_somebody_with_a_job_finds_courses_for_those_who_have_one(visitor: Visitor) -> None:
    visitor.go("/utbildningar")
    visitor.press("Se kurser för dig som arbetar")
    judge(visitor, "Utbildningar inom industrin")
    expect(visitor.page.get_by_text("6 utbildningstillfällen", exact=True)).to_be_visible()
    expect(visitor.page.get_by_text("För företag: på förfrågan.").first).to_be_visible()
    visitor.press("Felsökning i hydraulik, tre dagar")
    judge(visitor, "Felsökning i hydraulik, tre dagar i Hagfors")
    expect(visitor.page.get_by_text("Kursen är för dig som redan har ett jobb.")).to_be_visible()


def test_staff_keep_a_company(desk: Visitor) -> None:
    width = desk.page.viewport_size["width"] if desk.page.viewport_size else 0
    desk.go("/personal/foretag")
    judge(desk, "Företag som tar emot")
    desk.press("Lägg upp ett företag")
    judge(desk, "Lägg upp ett företag")
    fill(desk, "f-name", f"Exempelplåt {width}")
    desk.press("Spara")
    judge(desk, "Fel: Lägg upp ett företag")
    desk.press("Kommun: Fyll i fältet.", back=True)
    assert desk.page.evaluate("document.activeElement.id") == "f-municipality_id"
    desk.page.keyboard.type("Grums")
    fill(desk, "f-does", "Bockar plåt till skåp.")
    desk.page.keyboard.press("Tab")
    desk.page.keyboard.press("Space")
    fill(desk, "f-pupils_do", "Du bockar en egen låda.")
    choose(desk, "f-status", "Publicerat")
    desk.press("Spara")
    judge(desk, "Företag som tar emot")
    expect(desk.page.get_by_role("status")).to_contain_text("Det är upplagt.")
    desk.go("/prao?ort=Grums")
    judge(desk, "Prao inom industrin")
    expect(desk.page.get_by_text("Du bockar en egen låda.").first).to_be_visible()


def test_staff_keep_a_network_and_take_a_change_back(desk: Visitor) -> None:
    desk.go("/personal/natverk")
    judge(desk, "Nätverk")
    desk.press("Exempelnätverket för underhåll")
    judge(desk, "Ändra Exempelnätverket för underhåll")
    fill(desk, "f-next_meeting", "I maj.")
    desk.press("Spara")
    judge(desk, "Ändra Exempelnätverket för underhåll")
    expect(desk.page.get_by_role("status")).to_contain_text("Ändringarna är sparade.")
    desk.press("Ångra")
    expect(desk.page.locator("#f-next_meeting")).to_have_value("I mars. Dagen är inte bestämd.")


def test_the_public_pages_work_without_scripts(browser: Browser, site: str) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{site}/prao")
    page.select_option("#ort", "Säffle")
    page.get_by_role("button", name="Visa").click()
    expect(page.get_by_role("heading", level=3)).to_have_text(["Säffle"])
    context.close()

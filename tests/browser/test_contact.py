"""Companies and schools write to us and staff answer, in a real browser, with the keyboard. Needs the api only."""

from __future__ import annotations

import re
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


def choose(visitor: Visitor, field: str, beginning: str) -> None:
    """Reach a list by Tab and type how the choice begins."""
    fill(visitor, field, beginning)


def who(visitor: Visitor, organisation: str) -> None:
    fill(visitor, "f-organisation", organisation)
    choose(visitor, "f-municipality", "Arv")
    fill(visitor, "f-name", "Kim")
    fill(visitor, "f-contact", "kim@verkstad.example.org")


def test_a_company_asks_is_put_right_gets_a_receipt_and_takes_it_back(visitor: Visitor) -> None:
    visitor.go("/foretag")
    judge(visitor, "För företag")
    visitor.press("Ta emot elever eller besök")
    judge(visitor, "Ta emot elever eller besök")
    visitor.press("Skicka")
    judge(visitor, "Fel: Ta emot elever eller besök")
    visitor.press("Vad kan ni ta emot? Kryssa i minst en ruta.")
    assert visitor.page.evaluate("document.activeElement.id") == "f-receives"
    visitor.page.keyboard.press("Tab")
    visitor.page.keyboard.press("Space")
    who(visitor, "Exempelverkstaden")
    visitor.page.keyboard.press("Enter")
    judge(visitor, "Tack, ditt ärende är skickat")
    expect(visitor.page.get_by_role("status").first).to_contain_text("Vägledningen i Arvika svarar dig senast")
    visitor.tab_to("Ta tillbaka ärendet")
    visitor.page.keyboard.press("Enter")
    visitor.press("Ja, ta tillbaka ärendet")
    judge(visitor, "Ärendet är återtaget")


def test_a_school_asks_for_prao_places(visitor: Visitor) -> None:
    visitor.go("/skola")
    judge(visitor, "Praoplatser till er skola")
    fill(visitor, "f-grade", "8B")
    fill(visitor, "f-pupils", "24")
    fill(visitor, "f-weeks", "vecka 10 och 11")
    who(visitor, "Exempelskolan")
    visitor.page.keyboard.press("Enter")
    judge(visitor, "Tack, ditt ärende är skickat")
    expect(visitor.page.locator("main")).to_contain_text("vecka 10 och 11")


def test_interest_in_a_network_is_shown(visitor: Visitor) -> None:
    visitor.go("/natverk")
    visitor.page.locator("a[href$='/intresse']").first.focus()
    visitor.page.keyboard.press("Enter")
    expect(visitor.page).to_have_title(re.compile("^Intresse för "))
    visitor.assert_accessible()
    visitor.assert_fits()
    choose(visitor, "f-municipality", "Sun")
    fill(visitor, "f-name", "Kim")
    fill(visitor, "f-contact", "070-174 06 05")
    visitor.page.keyboard.press("Enter")
    judge(visitor, "Tack, ditt ärende är skickat")


@pytest.mark.parametrize("path", ["personal", "samverkan", "annat", "utbilda"])
def test_every_form_is_accessible_at_both_widths(visitor: Visitor, path: str) -> None:
    visitor.go(f"/foretag/{path}")
    visitor.assert_accessible()
    visitor.assert_fits()


def test_a_form_works_without_scripts(browser: Browser, site: str) -> None:
    with Visitor.new(browser, site, java_script_enabled=False) as visitor:
        visitor.go("/foretag/annat")
        for field, text in (("message", "Vi undrar över apl."), ("name", "Kim"), ("contact", "kim@example.org")):
            visitor.page.fill(f"#f-{field}", text)
        visitor.page.select_option("#f-municipality", label="Arvika")
        visitor.page.get_by_role("button", name="Skicka", exact=True).click()
        expect(visitor.page).to_have_title("Tack, ditt ärende är skickat – Industrivägledaren")


def test_staff_find_take_and_answer(desk: Visitor) -> None:
    desk.go("/foretag/annat")
    fill(desk, "f-message", "Vi undrar vad en kurs kostar.")
    who(desk, "Frågeverkstaden")
    desk.page.keyboard.press("Enter")
    expect(desk.page.locator("h1")).to_have_text("Tack, ditt ärende är skickat")
    desk.go("/personal/arenden")
    judge(desk, "Ärenden: Väntar på svar")
    fill(desk, "sok", "frågeverkstaden")
    desk.page.keyboard.press("Enter")
    judge(desk, "Ärenden: Hittade ärenden")
    desk.press("Något annat")
    expect(desk.page).to_have_title(re.compile("^Något annat, IV-"))
    desk.assert_accessible()
    desk.assert_fits()
    desk.press("Ta ärendet")
    expect(desk.page.get_by_role("status").first).to_contain_text("Du har tagit ärendet.")
    desk.press("Skicka svaret")
    expect(desk.page).to_have_title(re.compile("^Fel: Något annat, IV-"))
    desk.assert_accessible()
    desk.press("Fyll i fältet.")
    assert desk.page.evaluate("document.activeElement.id") == "f-answer"
    desk.page.keyboard.type("Det beror på gruppen. Vi ringer er.")
    desk.press("Skicka svaret")
    expect(desk.page.get_by_role("status").first).to_contain_text("Svaret är på väg med e-post")
    desk.assert_accessible()
    desk.assert_fits()


def test_staff_see_and_change_who_gets_what(desk: Visitor) -> None:
    desk.go("/personal/mottagare")
    judge(desk, "Mottagare")
    choose(desk, "arende", "Prao")
    desk.press("Visa mottagaren")
    expect(desk.page.get_by_role("status").first).to_contain_text("Praosamordningen")
    judge(desk, "Mottagare")
    desk.press("Förvalet: allt annat")
    judge(desk, "Ändra mottagare: Förvalet")
    fill(desk, "f-email", "samordning@exempel")
    desk.page.keyboard.press("Enter")
    judge(desk, "Fel: Ändra mottagare: Förvalet")
    desk.go("/personal/mottagare/ny")
    judge(desk, "Ny mottagare")

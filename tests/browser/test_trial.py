"""“Prova en fråga” in a real browser: by keyboard alone, on a large screen and a small one, and without scripts."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.visitor import MOST_TABS, Visitor
from tests.stack.running import Running

pytestmark = [pytest.mark.browser, pytest.mark.model]

PATH = "/personal/prova"


@pytest.fixture(scope="module")
def password(real: Running) -> str:
    noted: dict[str, str] = json.loads((real.stack.data_dir / "demo-accounts.json").read_text("utf-8"))
    return noted["staff"]


@pytest.fixture(params=[1280, 360])
def desk(request: pytest.FixtureRequest, browser: Browser, real: Running, password: str) -> Iterator[Visitor]:
    """Somebody of the staff with the page open."""
    with Visitor.new(browser, real.url, width=request.param) as visitor:
        visitor.go(PATH)
        write(visitor, "login", "staff")
        write(visitor, "password", password)
        visitor.page.keyboard.press("Enter")
        judge(visitor, "Prova en fråga")
        yield visitor
        # Browsers complain of every refused form; one refusal is part of a walk.
        visitor.complaints = [text for text in visitor.complaints if "422" not in text]
        visitor.assert_nothing_objectionable()


def write(visitor: Visitor, field: str, text: str) -> None:
    """Reach a field by Tab and type; what stood there is replaced."""
    for _ in range(MOST_TABS):
        visitor.page.keyboard.press("Tab")
        if visitor.page.evaluate("document.activeElement.id") == field:
            break
    visitor.page.keyboard.press("Control+A")
    visitor.page.keyboard.insert_text(text)


def judge(visitor: Visitor, title: str) -> None:
    """The page that has come is the one that was meant, accessible, and no wider than the window."""
    expect(visitor.page).to_have_title(f"{title} – Industrivägledaren")
    visitor.assert_accessible()
    visitor.assert_fits()


def ask(visitor: Visitor, text: str) -> None:
    """Write the question over the one before, and send it."""
    visitor.page.evaluate("document.activeElement.blur()")
    write(visitor, "text", text)
    expect(visitor.page.locator("#text")).to_have_value(text)
    visitor.press("Prova frågan")
    expect(visitor.page.locator("#text")).to_have_value(text)
    expect(visitor.page.locator("#resultat")).to_be_visible()


def main(page: Page) -> str:
    return page.locator("main").inner_text()


def test_a_question_is_tried_changed_and_read_in_easy_swedish(desk: Visitor) -> None:
    ask(desk, "finns det svetsutbildning i Arvika?")
    judge(desk, "Prova en fråga")
    said = main(desk.page)
    assert "Hitta utbildning (course_search)" in said
    assert "Yrke: Svetsare" in said
    assert "Visas som kort:" in said
    desk.press("Samma svar som ren text")
    expect(desk.page.locator("details p")).to_be_visible()
    judge(desk, "Prova en fråga")
    ask(desk, "vad kostar det?")
    ordinary = desk.page.locator(".replies .text").inner_text()
    desk.press("Visa på lätt svenska")
    expect(desk.page.get_by_role("button", name="Visa på vanlig svenska")).to_be_visible()
    judge(desk, "Prova en fråga")
    assert desk.page.locator(".replies .text").inner_text() != ordinary
    expect(desk.page.locator("#text")).to_have_value("vad kostar det?")
    expect(desk.page.get_by_label("Svara på lätt svenska")).to_be_checked()


def test_the_page_holds_for_every_outcome(desk: Visitor) -> None:
    for text, outcome in (
        ("blorfing flurp", "Inget ämne valdes"),
        ("kan ni hjälpa min son", "Så svarar assistenten"),
        ("jag vill inte leva längre", "akut kris"),
        ("do you have any courses for people who only speak english", "skriven på engelska"),
        ("vad kostar det och hur ansöker jag?", "Det är två frågor i en"),
        ("/restart", "Text som börjar med snedstreck"),
        ("boka möte", "knapp i chattens hälsning"),
        ("mitt nummer är 070-174 06 05", "Assistenten fick läsa"),
    ):
        ask(desk, text)
        assert outcome in main(desk.page)
        judge(desk, "Prova en fråga")


def test_a_question_that_is_too_long_is_an_error_that_leads_to_the_field(desk: Visitor) -> None:
    write(desk, "text", "å" * 1001)
    desk.press("Prova frågan")
    judge(desk, "Fel: Prova en fråga")
    expect(desk.page.get_by_role("alert")).to_contain_text("högst 1000 tecken")
    desk.press("Meddelandet är för långt.", back=True)
    assert desk.page.evaluate("document.activeElement.id") == "text"
    expect(desk.page.locator("#text")).to_have_value("å" * 1001)


def test_it_works_without_scripts_and_leaves_no_address_behind(browser: Browser, real: Running, password: str) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{real.url}{PATH}")
    page.fill("#login", "staff")
    page.fill("#password", password)
    page.keyboard.press("Enter")
    page.fill("#text", "vad kostar det?")
    page.get_by_role("button", name="Prova frågan").click()
    expect(page.get_by_role("heading", name="Så svarar assistenten")).to_be_visible()
    page.get_by_role("button", name="Visa på lätt svenska").click()
    expect(page.get_by_role("button", name="Visa på vanlig svenska")).to_be_visible()
    assert page.url == f"{real.url}{PATH}#resultat"
    context.close()

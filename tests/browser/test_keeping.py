"""Staff keep courses and occasions in a real browser, with the keyboard alone. Needs the api only, no model."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from api.clock import system_clock
from tests.browser.staff_site import at_the_desk, fill, judge, passwords_of, staff_site
from tests.browser.visitor import Visitor

pytestmark = pytest.mark.browser

LIST = "/personal/utbildningar"
START = date(system_clock().year + 1, 3, 1)
"""When the courses here begin: the api has the machine's clock."""


@pytest.fixture(scope="module")
def data_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("keeping")


@pytest.fixture(scope="module")
def site(data_dir: Path) -> Iterator[str]:
    with staff_site(data_dir) as url:
        yield url


@pytest.fixture(params=[1280, 360])
def visitor(request: pytest.FixtureRequest, browser: Browser, site: str, data_dir: Path) -> Iterator[Visitor]:
    """Somebody of the staff who has just logged in."""
    with at_the_desk(browser, site, request.param, data_dir) as visitor:
        yield visitor


def told(visitor: Visitor, sentence: str) -> None:
    """What was done is said, where a screen reader hears it."""
    expect(visitor.page.get_by_role("status")).to_contain_text(sentence)


def press(visitor: Visitor, name: str) -> None:
    """Reach a link or button by Tab, press Enter and wait for the page it leads to."""
    visitor.tab_to(name)
    with visitor.page.expect_navigation():
        visitor.page.keyboard.press("Enter")


def reach(visitor: Visitor, field: str) -> None:
    """Reach a field by Tab, without changing it."""
    for _ in range(200):
        visitor.page.keyboard.press("Tab")
        if visitor.page.evaluate("document.activeElement.id") == field:
            return
    raise AssertionError(f"the keyboard does not reach {field!r}")


def open_first(visitor: Visitor) -> None:
    """Open the occasion that begins on the first of March."""
    press(visitor, f"1 mars {START.year}")


def show_change(visitor: Visitor, field: str) -> None:
    """Press the button after the field that says what becomes of many."""
    reach(visitor, field)
    press(visitor, "Visa ändringen")


def find(visitor: Visitor, words: str) -> None:
    """Search in the list."""
    visitor.go(LIST)
    fill(visitor, "q", words)
    with visitor.page.expect_navigation():
        visitor.page.keyboard.press("Enter")


def new_course(visitor: Visitor, title: str) -> None:
    """A course of one's own, with one draft that begins in the spring; its page is shown."""
    title = f"{title} {width(visitor)}"
    visitor.go(LIST)
    press(visitor, "Ny utbildning")
    fill(visitor, "f-title", title)
    reach(visitor, "f-node")
    visitor.page.keyboard.press("ArrowDown")
    reach(visitor, "f-occupation")
    visitor.page.keyboard.press("ArrowDown")
    fill(visitor, "f-description", "Du lär dig grunderna.")
    press(visitor, "Spara")
    told(visitor, "Utbildningen är upplagd.")
    press(visitor, "Nytt tillfälle")
    visitor.page.locator("#f-start_date").fill(START.isoformat())
    visitor.page.locator("#f-apply_to").fill(f"{START.year}-02-01")
    fill(visitor, "f-apply_url", "https://example.org/ansok")
    press(visitor, "Spara som utkast")
    told(visitor, "Tillfället är upplagt som utkast.")


def width(visitor: Visitor) -> int:
    return visitor.page.viewport_size["width"] if visitor.page.viewport_size else 0


def test_the_list_is_searched_and_filtered(visitor: Visitor) -> None:
    visitor.go(LIST)
    judge(visitor, "Utbildningar")
    find(visitor, "svets säffle")
    judge(visitor, "Utbildningar")
    expect(visitor.page.get_by_role("rowheader").first).to_contain_text("Svets")
    reach(visitor, "status")
    visitor.page.keyboard.type("Utk")
    press(visitor, "Sök")
    expect(visitor.page.locator(".rows .state").first).to_have_text("Utkast")
    find(visitor, "finns inte alls")
    expect(visitor.page.get_by_role("heading", name="Inget passar dina val")).to_be_visible()
    judge(visitor, "Utbildningar")


def test_a_course_and_an_occasion_are_made_with_errors_at_the_field(visitor: Visitor) -> None:
    visitor.go(f"{LIST}/ny")
    judge(visitor, "Ny utbildning")
    press(visitor, "Spara")
    judge(visitor, "Fel: Ny utbildning")
    visitor.press("Namn: Fyll i fältet.")
    assert visitor.page.evaluate("document.activeElement.id") == "f-title"
    new_course(visitor, "Lödare")
    judge(visitor, f"Lödare {width(visitor)} i Arvika")
    open_first(visitor)
    title = f"Lödare {width(visitor)} i Arvika, start 1 mars {START.year}"
    judge(visitor, title)
    visitor.page.locator("#f-end_date").fill(f"{START.year}-02-01")
    press(visitor, "Spara")
    judge(visitor, f"Fel: {title}")
    visitor.press("Slutdag: Slutdatumet är före startdatumet")
    assert visitor.page.evaluate("document.activeElement.id") == "f-end_date"
    visitor.page.locator("#f-end_date").fill(f"{START.year}-12-01")
    press(visitor, "Förhandsgranska")
    judge(visitor, title)
    told(visitor, "Inget är sparat än.")
    expect(visitor.page.locator(".bot-answer")).to_contain_text(f"Lödare {width(visitor)}")
    press(visitor, "Spara")
    told(visitor, "Ändringarna är sparade.")
    judge(visitor, title)


def test_publish_asks_what_is_missing_and_is_undone(visitor: Visitor) -> None:
    new_course(visitor, "Borrare")
    press(visitor, "Publicera")
    told(visitor, "Tillfället är publicerat.")
    judge(visitor, f"Borrare {width(visitor)} i Arvika")
    press(visitor, "Ångra")
    told(visitor, "Ändringen är ångrad.")
    expect(visitor.page.locator(".rows .state")).to_have_text("Utkast")
    open_first(visitor)
    fill(visitor, "f-apply_url", " ")
    press(visitor, "Spara")
    told(visitor, "Ändringarna är sparade.")
    press(visitor, "Publicera")
    title = f"Borrare {width(visitor)} i Arvika, start 1 mars {START.year}"
    judge(visitor, f"Publicera {title}?")
    expect(visitor.page.get_by_role("alert")).to_contain_text("Det saknas sätt att ansöka")
    press(visitor, "Publicera ändå")
    told(visitor, "Tillfället är publicerat.")
    judge(visitor, title)
    press(visitor, "Historik")
    judge(visitor, f"Historik: {title}")
    press(visitor, "Återställ till före ändringen")
    told(visitor, "Raden är återställd.")
    expect(visitor.page.locator(".state").first).to_have_text("Utkast")
    press(visitor, "Ta bort")
    judge(visitor, f"Ta bort {title}?")
    press(visitor, "Ta bort tillfället")
    told(visitor, "Tillfället är borttaget.")
    press(visitor, "Ångra")
    told(visitor, "Ändringen är ångrad.")
    expect(visitor.page.get_by_role("link", name=f"1 mars {START.year}", exact=True)).to_be_visible()


def test_what_was_removed_long_ago_is_found_and_comes_back(visitor: Visitor) -> None:
    new_course(visitor, "Gjutare")
    title = f"Gjutare {width(visitor)} i Arvika"
    press(visitor, "Ta bort")
    press(visitor, "Ta bort utbildningen")
    visitor.go(LIST)
    press(visitor, "Borttaget")
    judge(visitor, "Borttaget")
    press(visitor, title)
    judge(visitor, f"Historik: {title}")
    expect(visitor.page.get_by_role("main")).to_contain_text("Så här såg det ut dessförinnan.")
    press(visitor, "Ta tillbaka")
    told(visitor, "Det är tillbaka.")
    judge(visitor, "Borttaget")
    find(visitor, title)
    expect(visitor.page.get_by_role("link", name=f"Gjutare {width(visitor)}", exact=True)).to_be_visible()


def test_the_later_of_two_decides_what_holds(visitor: Visitor) -> None:
    new_course(visitor, "Fräsare")
    open_first(visitor)
    address = visitor.page.url
    first = visitor.new_tab()
    visitor.page.goto(address)
    fill(visitor, "f-places", "12")
    press(visitor, "Spara")
    told(visitor, "Ändringarna är sparade.")
    visitor.page.close()
    visitor.page = first
    fill(visitor, "f-places", "16")
    press(visitor, "Spara")
    title = f"Fräsare {width(visitor)} i Arvika, start 1 mars {START.year}"
    judge(visitor, f"Fel: {title}")
    expect(visitor.page.get_by_role("alert")).to_contain_text("Någon annan har ändrat här medan du skrev.")
    expect(visitor.page.locator(".differences")).to_contain_text("Antal platser")
    press(visitor, "Spara")
    told(visitor, "Ändringarna är sparade.")
    expect(visitor.page.locator("#f-places")).to_have_value("16")


def test_an_occasion_is_copied_to_the_next_term(visitor: Visitor) -> None:
    new_course(visitor, "Slipare")
    title = f"Slipare {width(visitor)} i Arvika"
    press(visitor, "Kopiera")
    judge(visitor, f"Kopiera {title}, start 1 mars {START.year}")
    expect(visitor.page.locator("#f-start_date")).to_have_value((START + timedelta(weeks=32)).isoformat())
    press(visitor, f"Kopiera till vårterminen {START.year + 1} i stället")
    expect(visitor.page.locator("#f-start_date")).to_have_value((START + timedelta(weeks=52)).isoformat())
    press(visitor, "Spara som utkast")
    told(visitor, "Tillfället är upplagt som utkast.")
    expect(visitor.page.get_by_role("heading", name="Tillfällen (2)")).to_be_visible()


def test_many_are_changed_and_taken_back_as_one(visitor: Visitor) -> None:
    new_course(visitor, "Pressare")
    press(visitor, "Kopiera")
    press(visitor, "Spara som utkast")
    find(visitor, f"pressare {width(visitor)}")
    show_change(visitor, "ny-status")
    judge(visitor, "Fel: Utbildningar")
    visitor.press("Välj något i listan.")
    assert visitor.page.evaluate("document.activeElement.id") == "ny-status"
    visitor.page.keyboard.type("Inst")
    visitor.tab_to("vilka", back=True)
    visitor.page.keyboard.press("ArrowDown")
    show_change(visitor, "ny-status")
    judge(visitor, "Ändra flera tillfällen")
    expect(visitor.page.get_by_text("2 tillfällen ändras.")).to_be_visible()
    press(visitor, "Ändra 2 tillfällen")
    told(visitor, "2 tillfällen är ändrade.")
    expect(visitor.page.locator(".rows .state-cancelled")).to_have_count(2)
    judge(visitor, "Utbildningar")
    press(visitor, "Ångra")
    told(visitor, "Ändringen är ångrad.")
    expect(visitor.page.locator(".rows .state-draft")).to_have_count(2)
    reach(visitor, visitor.page.locator("[name=rad]").first.get_attribute("id") or "")
    visitor.page.keyboard.press("Space")
    visitor.page.locator("#ny-sista-dag").fill(f"{START.year}-02-10")
    show_change(visitor, "ny-sista-dag")
    expect(visitor.page.get_by_text("1 tillfälle ändras.")).to_be_visible()


def test_everything_works_without_scripts(browser: Browser, site: str, data_dir: Path) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{site}{LIST}")
    page.fill("#login", "staff")
    page.fill("#password", passwords_of(data_dir)["staff"])
    page.keyboard.press("Enter")
    expect(page).to_have_title("Utbildningar – Industrivägledaren")
    page.get_by_role("button", name="Full").first.click()
    expect(page.get_by_role("status")).to_contain_text("Tillfället är markerat som fullt.")
    page.get_by_role("button", name="Ångra").click()
    expect(page.get_by_role("status")).to_contain_text("Ändringen är ångrad.")
    context.close()

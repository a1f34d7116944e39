"""The plain page of the chat in a real browser: keyboard alone, no scripts, small and enlarged windows."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.chatt_site import chatt_site, write
from tests.browser.visitor import Visitor
from tests.browser.widget_kinds import KINDS
from tests.stack.booking import new_email
from tests.stack.running import Running

pytestmark = pytest.mark.browser

WIDE, PHONE, ENLARGED = {"width": 1280, "height": 900}, {"width": 360, "height": 740}, {"width": 320, "height": 256}
"""The last is a window of 1280 × 1024 at 400 %."""
SEEN_AT_ONCE = 3


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with chatt_site(tmp_path_factory.mktemp("chatt")) as url:
        yield url


def reach(visitor: Visitor, name: str, *, back: bool = False) -> None:
    """Press Tab until what begins with the name has the focus, and see it there."""
    visitor.tab_to(name, back=back)
    box = visitor.page.evaluate(
        "(({top, bottom, left, right}) => [top, innerHeight - bottom, left, innerWidth - right])"
        "(document.activeElement.getBoundingClientRect())"
    )
    assert min(box[2:]) >= 0, f"{name} stands outside of the window: {box}"


def enter(visitor: Visitor, name: str, *, back: bool = False) -> None:
    """Reach it and press Enter; done when the page that follows is there."""
    reach(visitor, name, back=back)
    with visitor.page.expect_navigation():
        visitor.page.keyboard.press("Enter")


@pytest.mark.parametrize("window", [WIDE, PHONE], ids=["1280", "360"])
def test_every_kind_of_answer_is_accessible_and_fits(browser: Browser, site: str, window: dict[str, int]) -> None:
    with Visitor.new(browser, site, **window) as visitor:
        visitor.go("/chatt")
        visitor.assert_accessible()
        visitor.assert_fits()
        for number, kind in enumerate(KINDS, start=1):
            write(visitor, kind)
            expect(visitor.page.locator("li.user").last).to_contain_text(kind)
            visitor.assert_fits()
            if number % SEEN_AT_ONCE == 0:
                for summary in visitor.page.locator(".talk > li summary").all():
                    if summary.is_visible():
                        summary.click()
                visitor.assert_accessible()
                visitor.assert_fits()
        write(visitor, "text")
        newest = visitor.page.locator("#senaste")
        newest.get_by_text("Var svaret bra?").click()
        newest.get_by_role("button", name="Bra svar", exact=True).click()
        expect(visitor.page.locator(".rating").last).to_contain_text("Du tyckte: bra svar")
        visitor.assert_accessible()
        write(visitor, "")
        expect(visitor.page.locator("#fel")).to_be_focused()
        visitor.assert_accessible()
        visitor.assert_fits()
        visitor.complaints = [text for text in visitor.complaints if "422" not in text]
        visitor.assert_nothing_objectionable()


def test_at_four_times_the_size_nobody_scrolls_sideways(browser: Browser, site: str) -> None:
    with Visitor.new(browser, site, **ENLARGED) as visitor:
        visitor.go("/chatt")
        visitor.assert_fits()
        for kind in ("courses", "slots", "booking", "contact"):
            write(visitor, kind)
            visitor.assert_fits()
            expect(visitor.page.locator("#senaste")).to_be_in_viewport()


@pytest.mark.parametrize("window", [WIDE, PHONE], ids=["1280", "360"])
def test_a_conversation_by_keyboard_alone_without_scripts(browser: Browser, site: str, window: dict[str, int]) -> None:
    options: dict[str, Any] = {**window, "java_script_enabled": False}
    with Visitor.new(browser, site, **options) as visitor:
        visitor.go("/")
        reach(visitor, "Fråga chatten eller boka möte")
        visitor.page.keyboard.press("Enter")
        expect(visitor.page).to_have_title("Chatt – Industrivägledaren")
        assert visitor.context.cookies() == []

        enter(visitor, "Boka möte")
        newest = visitor.page.locator("#senaste")
        expect(newest).to_contain_text("Svar på: /book_meeting")
        expect(newest).to_be_focused()
        expect(newest).to_be_in_viewport()

        enter(visitor, "Vad kostar det?")
        expect(newest).to_contain_text("Svar på: /affirm")
        expect(newest).to_be_focused()

        reach(visitor, "text")
        visitor.page.keyboard.type("courses")
        enter(visitor, "Skicka")
        expect(newest.locator(".cards").first).to_contain_text("Svetsare, grund 1")
        reach(visitor, "Svetsare, grund 1")
        reach(visitor, "Visa fler (2)")
        visitor.page.keyboard.press("Enter")
        expect(newest.get_by_text("Svetsare, grund 5")).to_be_visible()

        enter(visitor, "Skicka")
        expect(visitor.page.locator("#fel")).to_be_focused()
        visitor.assert_fits()
        reach(visitor, "Meddelandet är tomt.")
        visitor.page.keyboard.press("Enter")
        expect(visitor.page.locator("#text")).to_be_focused()

        reach(visitor, "Var svaret bra?", back=True)
        visitor.page.keyboard.press("Enter")
        enter(visitor, "Bra svar")
        expect(visitor.page.locator(".rating:focus")).to_contain_text("Du tyckte: bra svar")

        reach(visitor, "Ta bort samtalet")
        visitor.page.keyboard.press("Enter")
        enter(visitor, "Ja, ta bort")
        expect(visitor.page.locator("#klart")).to_be_focused()
        expect(visitor.page.locator("main")).not_to_contain_text("courses")
        assert visitor.context.cookies() == []
        visitor.complaints = [text for text in visitor.complaints if "422" not in text]
        visitor.assert_nothing_objectionable()


def test_the_conversation_is_there_on_the_way_back_and_in_a_second_tab(browser: Browser, site: str) -> None:
    with Visitor.new(browser, site, java_script_enabled=False) as visitor:
        visitor.go("/chatt")
        write(visitor, "courses")
        visitor.page.reload()
        expect(visitor.page.locator("li.user")).to_have_count(1)
        visitor.new_tab()
        visitor.go("/chatt")
        expect(visitor.page.locator("li.user")).to_contain_text("courses")
        with visitor.page.expect_download() as download:
            visitor.page.get_by_role("link", name="Ladda ner samtalet").click()
        assert "Jag hittade 5 utbildningar" in download.value.path().read_text("utf-8")


@pytest.mark.model
def test_a_meeting_is_booked_to_the_receipt_without_scripts(browser: Browser, real: Running) -> None:
    with Visitor.new(browser, real.url, java_script_enabled=False) as visitor:
        newest = visitor.page.locator("#senaste")

        def press(name: str) -> None:
            visitor.page.locator(".choices").get_by_role("button", name=name).first.click()

        visitor.go("/chatt")
        write(visitor, "boka tid med vägledare")
        press("Hagfors")
        press("Telefon")
        expect(newest.locator(".day").first).to_be_visible()
        newest.locator(".choices").get_by_role("button").first.click()
        write(visitor, "Kim")
        write(visitor, new_email())
        press("Nej, ingen tolk")
        expect(visitor.page.locator(".talk").last).to_contain_text("Stämmer det?")
        press("Ja, boka")
        expect(newest).to_contain_text("Klart! Din tid är bokad")
        reference = re.search(r"IV-\w{5}", newest.inner_text())
        assert reference
        newest.get_by_role("link", name="Byt eller avboka tiden").click()
        expect(visitor.page.get_by_role("heading", level=1)).to_have_text("Din bokade tid")
        expect(visitor.page.locator("main")).to_contain_text(reference[0])

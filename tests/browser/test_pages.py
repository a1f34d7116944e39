"""The public pages in a real browser, at the sizes people have."""

from __future__ import annotations

from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect

from tests.browser.visitor import Visitor
from tests.stack.booking import book, new_email
from tests.stack.running import Running

pytestmark = [pytest.mark.browser, pytest.mark.model]


@pytest.fixture(scope="module")
def meeting_path(real: Running) -> str:
    """A booked meeting's page."""
    return urlsplit(book(real.talk(), contact=new_email())["manage_url"]).path


@pytest.mark.parametrize("size", ["visitor", "phone"])
def test_every_page_is_accessible_and_fits(request: pytest.FixtureRequest, meeting_path: str, size: str) -> None:
    visitor: Visitor = request.getfixturevalue(size)
    for path in (
        "/",
        "/utbildningar",
        "/utbildningar?q=svetsare&ort=Torsby&takt=100&oppen=ja",
        "/utbildningar?q=finns+inte",
        "/utbildningar/1",
        meeting_path,
        "/mote/finns-inte",
        "/finns-inte",
    ):
        visitor.go(path)
        visitor.assert_accessible()
        visitor.assert_fits()
    visitor.complaints = [text for text in visitor.complaints if "404" not in text]


@pytest.mark.parametrize("size", ["visitor", "phone"])
def test_the_open_chat_is_accessible_with_all_kinds_of_cards(request: pytest.FixtureRequest, size: str) -> None:
    visitor: Visitor = request.getfixturevalue(size)
    visitor.go("/")
    visitor.open_chat()
    visitor.assert_accessible()
    for text in ("svetsutbildning i Arvika", "vilka orter finns det?", "vad gör en svetsare?", "vad kostar det?"):
        visitor.say(text)
    visitor.say("boka tid i Karlstad")
    visitor.choose("Telefon")
    visitor.assert_accessible()
    visitor.assert_fits()
    visitor.press("Meny", back=True)
    visitor.assert_accessible()


def test_a_course_is_searched_for_and_read(visitor: Visitor) -> None:
    visitor.go("/")
    visitor.page.get_by_role("link", name="Hitta utbildning").first.click()
    visitor.page.get_by_label("Sök med egna ord").fill("svetsare i Arvika")
    visitor.page.keyboard.press("Enter")
    expect(visitor.page.get_by_role("heading", level=2).first).to_contain_text("utbildningstillfällen")
    hit = visitor.page.locator("ol.results li").first
    expect(hit).to_contain_text("Arvika")
    expect(hit).to_contain_text("Sök senast")
    hit.get_by_role("link").first.click()
    expect(visitor.page.get_by_role("heading", level=1)).to_contain_text("Svetsare")
    expect(visitor.page.get_by_role("link", name="Ansök").first).to_be_visible()
    visitor.open_chat()
    assert "Industrivägledaren" in visitor.last_reply


def test_filters_narrow_the_search_and_can_be_taken_away(visitor: Visitor) -> None:
    visitor.go("/utbildningar")
    visitor.page.get_by_label("Yrke").select_option(value="cnc-operator")
    visitor.page.get_by_role("button", name="Sök", exact=True).click()
    expect(visitor.page.get_by_role("link", name="Ta bort CNC-operatör")).to_be_visible()
    titles = visitor.page.locator("ol.results h3").all_inner_texts()
    assert titles
    assert all("CNC" in title for title in titles)
    visitor.page.get_by_role("link", name="Ta bort CNC-operatör").click()
    expect(visitor.page.locator("ol.results h3").filter(has_text="Svetsare").first).to_be_visible()


def test_a_meeting_is_cancelled_on_its_page(visitor: Visitor, real: Running) -> None:
    receipt = book(real.talk(), contact=new_email(), town="Sunne")
    assert real.mailbox.wait_for(receipt["reference"], 2)
    visitor.go(urlsplit(receipt["manage_url"]).path)
    expect(visitor.page.get_by_role("heading", level=1)).to_have_text("Din bokade tid")
    expect(visitor.page.locator("main")).to_contain_text(receipt["reference"])
    visitor.press("Avboka tiden")
    visitor.press("Ja, avboka tiden")
    expect(visitor.page.get_by_role("heading", level=1)).to_have_text("Tiden är avbokad")
    visitor.assert_accessible()
    assert real.mailbox.wait_for(receipt["reference"], 4)


def test_without_scripts_the_pages_work_and_say_how_to_reach_a_person(visitor: Visitor, real: Running) -> None:
    browser = visitor.context.browser
    assert browser is not None
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{real.url}/utbildningar?yrke=svetsare")
    expect(page.locator("ol.results li").first).to_be_visible()
    page.goto(f"{real.url}/")
    expect(page.get_by_role("link", name="031-390").first).to_be_visible()
    expect(page.get_by_role("button", name="Boka möte")).to_be_hidden()
    context.close()

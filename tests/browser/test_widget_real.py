"""The widget on the service's own pages, with the real api and no bot: what it starts with, and what it says then."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.staff_site import staff_site
from tests.browser.visitor import Visitor

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    nobody = "http://127.0.0.1:9"  # discard: nothing listens there
    with staff_site(tmp_path_factory.mktemp("widget"), settings={"IV_BOT_URLS": nobody}) as url:
        yield url


@pytest.fixture(params=[1280, 360])
def visitor(request: pytest.FixtureRequest, browser: Browser, site: str) -> Iterator[Visitor]:
    with Visitor.new(browser, site, width=request.param) as visitor:
        yield visitor
        visitor.assert_nothing_objectionable()


def test_on_a_course_s_page_the_first_buttons_are_about_it(visitor: Visitor) -> None:
    visitor.go("/utbildningar/1")
    visitor.open_chat()
    buttons = visitor.replies.first.locator(".choices button").all_inner_texts()
    assert buttons[0].startswith("Utbildning till ")
    assert buttons[1].startswith("Yrket ")
    assert "Hitta utbildning" in buttons
    assert "automatisk assistent" in visitor.last_reply
    visitor.assert_accessible()
    visitor.assert_fits()


@pytest.mark.parametrize("path", ["/", "/utbildningar/1"])
def test_when_nothing_answers_a_person_is_named_and_the_number_is_in_the_page(visitor: Visitor, path: str) -> None:
    visitor.go(path)
    visitor.page.route("**/api/v1/**", lambda route: route.abort())
    visitor.press("Fråga chatten")
    link = visitor.panel.get_by_role("link", name="Kontakta vägledningen")
    assert (link.get_attribute("href") or "").startswith("tel:+4631390")
    visitor.assert_accessible()
    visitor.complaints = [text for text in visitor.complaints if "ERR_FAILED" not in text]


def test_without_the_bot_a_person_can_still_be_reached(visitor: Visitor) -> None:
    visitor.go("/")
    visitor.open_chat()
    visitor.say("svetsare i Arvika")
    expect(visitor.panel).to_contain_text("Jag kan tyvärr inte svara ordentligt just nu")
    expect(visitor.panel.get_by_role("link", name="Ring 031-390").first).to_be_visible()
    visitor.assert_accessible()
    visitor.assert_fits()
    visitor.press("Meny", back=True)
    with visitor.page.expect_download() as download:
        visitor.press("Ladda ner samtalet")
    text = download.value.path().read_text("utf-8")
    assert text.startswith("Samtal med Industrivägledaren")
    assert "svetsare i Arvika" in text
    visitor.tab_to("field")
    visitor.press("Meny", back=True)
    visitor.press("Ta bort samtalet")
    visitor.page.keyboard.press("Enter")
    expect(visitor.panel).to_contain_text("Samtalet är borttaget")
    visitor.wait_until_idle()
    assert visitor.page.evaluate("localStorage.length + sessionStorage.length") == 0

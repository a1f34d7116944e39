"""The chat on pages that were not made for it: it looks and works the same, and changes nothing there
(docs/widget-checklist.md, rows 34 and 37)."""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.host_pages import HOSTILE, HostPage, quiet
from tests.browser.page_state import DIFFERENCE, LOOK, SAID, STATE, WATCH
from tests.browser.visitor import Visitor
from tests.browser.widget_kinds import KINDS
from tests.browser.widget_site import Json, Service, WidgetSite, message

pytestmark = pytest.mark.browser

MOST_DIFFERENT = 0.002
"""Share of the pixels: at the round corners the page shines through."""
DEEP = 300
"""How far down the page somebody is when they open the chat, in px."""
TYPED = "Svets, 50/50? (a) & b"


def answers(text: str) -> list[Json]:
    return [KINDS[text]] if text in KINDS else [message(f"Svar på: {text}", choices=("courses", "slots", "booking"))]


@dataclass
class Visit:
    """What somebody saw: pictures and styles by moment, what was said, and the page before and after."""

    looks: dict[str, str] = field(default_factory=dict)
    pictures: dict[str, str] = field(default_factory=dict)
    said: list[str] = field(default_factory=list)
    sent: list[Json] = field(default_factory=list)
    before: list[str] = field(default_factory=list)
    after: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)

    def see(self, visitor: Visitor, moment: str) -> None:
        expect(visitor.page.locator("industri-chatt [role=log] > *")).to_have_count(0)  # what was announced is gone
        seen = visitor.panel if visitor.panel.is_visible() else visitor.page.locator("industri-chatt .launcher")
        self.looks[moment] = visitor.page.evaluate(LOOK)
        self.pictures[moment] = base64.b64encode(seen.screenshot(caret="initial")).decode()


def state(page: Page) -> list[str]:
    lines: str = page.evaluate(STATE)
    touched: str = page.evaluate("touched.join('\\n')")
    return [*lines.split("\n"), *touched.split("\n")]


def without_the_chat(visitor: Visitor) -> list[str]:
    """The page as it is by itself, with the chat's script kept away."""
    visitor.page.route("**/loader.js", lambda route: route.fulfill(body="", content_type="text/javascript"))
    visitor.go("/")
    visitor.page.evaluate(f"scrollTo(0, {DEEP})")
    found = state(visitor.page)
    visitor.page.unroute("**/loader.js")
    return found


def visit(browser: Browser, site: WidgetSite, host: HostPage, width: int = 1280) -> Visit:
    """A talk by keyboard, from the first Tab to Esc."""
    seen = Visit()
    site.service.reset()
    site.service.answer = answers
    with Visitor.new(browser, site.url, width=width) as visitor:
        host.put_up(site.service, visitor.page)
        visitor.page.add_init_script(WATCH)
        seen.before = without_the_chat(visitor)
        visitor.go("/")
        assert visitor.page.evaluate("document.activeElement === document.body"), "it takes no focus"
        visitor.tab_to("Fråga chatten")
        visitor.page.evaluate(f"scrollTo(0, {DEEP})")
        seen.see(visitor, "closed")
        visitor.page.keyboard.press("Enter")
        expect(visitor.replies.first).to_be_visible()
        visitor.wait_until_idle()
        seen.see(visitor, "open")
        visitor.say(TYPED)
        visitor.choose("courses")
        visitor.press("Visa fler (2)", back=True)
        visitor.tab_to("field")
        visitor.say("slots")
        visitor.choose("torsdag 14 januari kl. 13.00")
        visitor.press("Meny", back=True)
        seen.see(visitor, "in the middle of a talk")
        seen.said = visitor.page.evaluate(SAID).splitlines()
        visitor.page.keyboard.press("Escape")
        expect(visitor.panel).to_be_hidden()
        assert visitor.focused.startswith("Fråga chatten")
        seen.sent = [{name: said[name] for name in said if name != "client_id"} for said in site.service.received]
        seen.after = state(visitor.page)
        seen.complaints = visitor.complaints
    return seen


@pytest.fixture(scope="module")
def plain(browser: Browser, widget: WidgetSite) -> Visit:
    """The talk on a page that leaves the chat alone."""
    return visit(browser, widget, quiet())


@pytest.fixture(scope="module", params=sorted(HOSTILE))
def hostile(request: pytest.FixtureRequest, browser: Browser, widget: WidgetSite) -> Visit:
    """The same talk on each hostile page."""
    make: Callable[[], HostPage] = HOSTILE[request.param]
    return visit(browser, widget, make())


@pytest.fixture(scope="module")
def judge(browser: Browser) -> Iterator[Page]:
    """An empty page that compares pictures."""
    page = browser.new_page()
    yield page
    page.close()


def test_it_works_the_same_by_keyboard_from_opening_to_closing(plain: Visit, hostile: Visit) -> None:
    assert hostile.said == plain.said
    assert hostile.sent == plain.sent
    assert hostile.sent[0] == {"text": TYPED}
    assert hostile.complaints == []


def test_every_computed_style_of_it_is_the_same(plain: Visit, hostile: Visit) -> None:
    for moment, look in plain.looks.items():
        nodes = zip(look.split("\n"), hostile.looks[moment].split("\n"), strict=True)
        for one, other in nodes:
            differing = set(other.split("; ")) - set(one.split("; "))
            assert not differing, (moment, one.split(" ")[0], differing)
    assert len(plain.looks["in the middle of a talk"].split("\n")) > 100


def test_it_is_drawn_the_same(plain: Visit, hostile: Visit, judge: Page) -> None:
    shares = {
        moment: judge.evaluate(DIFFERENCE, [picture, hostile.pictures[moment]])
        for moment, picture in plain.pictures.items()
    }
    assert max(shares["open"], shares["in the middle of a talk"]) <= MOST_DIFFERENT, shares


def test_it_leaves_the_page_as_it_was(hostile: Visit) -> None:
    assert [line for line in hostile.after if line not in set(hostile.before)] == []
    assert len(hostile.after) == len(hostile.before)


@pytest.mark.parametrize("name", sorted(HOSTILE))
def test_in_a_small_window_it_gives_back_the_page_that_it_covered(
    browser: Browser, widget: WidgetSite, service: Service, name: str
) -> None:
    with Visitor.new(browser, widget.url, width=360, height=740) as visitor:
        HOSTILE[name]().put_up(service, visitor.page)
        visitor.page.add_init_script("window.touched = []")
        before = without_the_chat(visitor)
        visitor.go("/")
        visitor.open_chat()
        assert visitor.page.locator("body").get_attribute("inert") == ""
        visitor.say("Hej")
        visitor.page.keyboard.press("Escape")
        visitor.page.evaluate(f"scrollTo(0, {DEEP})")
        assert state(visitor.page) == before
        assert visitor.complaints == []


def test_keys_and_wheel_inside_it_are_not_the_page_s(reader: Visitor, service: Service) -> None:
    HOSTILE["old"]().put_up(service, reader.page)
    service.answer = lambda text: [KINDS["courses"], KINDS["nodes"]]
    reader.go("/")
    reader.page.keyboard.press("s")
    heard = reader.page.evaluate("shortcuts")
    assert heard == "83 ", "outside they are"
    reader.page.get_by_role("button", name="Fråga oss").click()
    expect(reader.replies.first).to_be_visible()
    reader.wait_until_idle()
    reader.say(TYPED)
    assert service.received[0]["text"] == TYPED
    talk = "document.querySelector('industri-chatt').shadowRoot.querySelector('.scroll').scrollTop"
    before = reader.page.evaluate(talk)
    reader.panel.locator(".scroll").hover()
    reader.page.mouse.wheel(0, -150)
    for _ in range(50):
        if reader.page.evaluate(talk) != before:
            break
        reader.page.wait_for_timeout(50)
    assert reader.page.evaluate(talk) < before
    reader.page.keyboard.press("Escape")
    assert reader.page.evaluate("shortcuts") == heard
    assert reader.focused == "Fråga oss"


def test_it_outlives_a_page_that_puts_a_new_body_in_the_old_one_s_place(reader: Visitor, service: Service) -> None:
    """As Turbo and its like do when somebody follows a link."""
    reader.go("/")
    reader.open_chat()
    reader.say("Hej")
    reader.page.evaluate("document.body.replaceWith(document.createElement('body'))")
    reader.page.keyboard.press("Escape")
    assert reader.focused.startswith("Fråga chatten")
    reader.page.keyboard.press("Enter")
    reader.say("Är du kvar?")
    assert "Svar på: Är du kvar?" in reader.last_reply
    assert "Svar på: Hej" in reader.panel.inner_text()

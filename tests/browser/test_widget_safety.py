"""The widget as a guest: strict policies, no other hosts, nothing stored, hostile answers, the page left alone
(docs/widget-checklist.md). test_host_pages.py has the hostile pages."""

from __future__ import annotations

import gzip
import re
from typing import Any
from urllib.request import Request, urlopen

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.visitor import Visitor
from tests.browser.widget_kinds import KINDS
from tests.browser.widget_site import Json, Service, WidgetSite, message

pytestmark = pytest.mark.browser

STORED = "[localStorage.length, sessionStorage.length, document.cookie]"
MOST_BYTES, MOST_BEFORE = 20_000, 3_000
"""Gzipped on the wire: all of it, and what is fetched before the chat is opened."""

EVIL = (
    "javascript:window.hurt=1",
    " java\tscript:window.hurt=1",
    "JAVASCRIPT:window.hurt=1",
    "data:text/html,<script>window.hurt=1</script>",
    "vbscript:msgbox(1)",
    "file:///etc/passwd",
    "blob:https://example.org/1",
    "http://evil.example.org/",
    "//evil.example.org/ok",
    "https:evil",
)
MARKUP = (
    '<img src=x onerror="window.hurt=1">',
    "<svg onload=window.hurt=1>",
    "<script>window.hurt=1</script>",
    '<a href="javascript:window.hurt=1">här</a>',
    "[här](javascript:window.hurt=1)",
    "<iframe srcdoc='<script>parent.hurt=1</script>'>",
)


def hostile() -> list[Json]:
    """Answers as a service that was taken over might send them."""
    words = "\n".join(MARKUP + EVIL)
    answers: list[Any] = []
    for kind in ("text", "courses", "nodes", "occupation", "vacancies", "events", "slots", "booking", "contact"):
        for address in EVIL:
            item = {
                "title": words, "town": words, "url": address, "manage_url": address, "ics_url": address, "text": words,
                "phone": f"070{address}", "email": address, "start": words, "apply_to": words, "demands": words,
                "held_until": words,
            }  # fmt: skip
            answers.append(
                message(words, kind=kind, data=item | {"items": [item] * 4, "lead": words, "lang": words, "dir": words},
                        source={"title": words, "url": address, "checked_on": words}, choices=(words,))
            )  # fmt: skip
    for odd in (None, 1, [], {"items": "x"}, {"items": [None, 1, "x", []]}, {"items": {"length": 9}}):
        answers += [message("Udda.", kind=kind, data=odd) for kind in ("courses", "slots", "occupation", "__proto__")]
    return [*answers, message("A" * 200_000), message("Sist.", kind="constructor", choices=("Vidare",))]


def test_it_runs_under_the_strictest_policy_with_the_service_elsewhere(
    browser: Browser, widget: WidgetSite, service: Service
) -> None:
    service.page = {
        "src": widget.other,
        "csp": f"default-src 'none'; script-src {widget.other}; style-src 'self'; connect-src {widget.other}; "
        "img-src data:; require-trusted-types-for 'script'; trusted-types 'none'",
    }
    service.answer = lambda text: list(KINDS.values())
    with Visitor.new(browser, widget.url) as visitor:
        visitor.go("/")
        visitor.open_chat()
        visitor.say("Visa allt")
        assert visitor.replies.count() == len(KINDS) + 1
        assert visitor.complaints == []
        assert {url.split("/static")[0].split("/api")[0] for url in visitor.requests} <= {
            f"{widget.url}/", widget.other, "data:,"
        }  # fmt: skip


def test_nothing_is_fetched_or_stored_before_the_chat_is_opened(reader: Visitor) -> None:
    reader.go("/")
    reader.page.wait_for_timeout(300)
    assert [url.rsplit("/", 1)[1] for url in reader.requests if not url.startswith("data:")] == ["", "loader.js"]
    assert reader.page.evaluate(STORED) == [0, 0, ""]
    reader.open_chat()
    assert reader.page.evaluate(STORED) == [0, 0, ""], "nothing until something was said"
    reader.say("Hej")
    stored = reader.page.evaluate("Object.entries(localStorage).concat(Object.entries(sessionStorage))")
    assert [key for key, _ in stored] == [f"industri-chatt:{reader.url}"]
    assert "Hej" not in str(stored), "no words of the talk"


def test_hostile_answers_run_nothing_and_link_nowhere(reader: Visitor, service: Service) -> None:
    service.answer = lambda text: hostile()
    reader.go("/")
    reader.open_chat()
    reader.say("Hej")
    expect(reader.replies.last).to_contain_text("Sist.")
    folded = reader.panel.get_by_role("button", name="Visa fler")
    assert folded.count() >= len(EVIL)
    folded.evaluate_all("(all) => all.forEach((one) => one.click())")
    summaries = reader.panel.locator("summary")
    assert summaries.count() >= len(EVIL)
    summaries.evaluate_all("(all) => all.forEach((one) => one.click())")
    links = reader.panel.locator("a").evaluate_all("(all) => all.map((link) => link.href)")
    assert links
    allowed = re.compile(rf"https://|mailto:[^?]+$|tel:[+\d]+$|{re.escape(reader.url)}/")
    assert [link for link in links if not allowed.match(link)] == []
    assert reader.panel.locator("img, svg, script, iframe, object, embed, style, [onerror], [onload]").count() == 0
    assert reader.page.evaluate("window.hurt") is None
    assert MARKUP[0] in reader.replies.nth(1).inner_text()
    reader.assert_fits()
    assert reader.panel.evaluate("(panel) => panel.scrollWidth <= panel.clientWidth + 1")


_ABOUT_THE_PAGE = """() => ({
  globals: Object.getOwnPropertyNames(window).filter((name) => !/^\\d+$/.test(name)).sort(),
  styles: [...document.querySelectorAll('body, body *:not(industri-chatt)')].map((node) => {
    const style = getComputedStyle(node);
    return [...style].map((name) => name + style.getPropertyValue(name)).join(); }),
  nodes: [...document.querySelectorAll('*')].filter((node) => node.localName !== 'industri-chatt')
    .map((node) => node.outerHTML.replace(/<industri-chatt.*<.industri-chatt>/s, '')),
  sheets: document.styleSheets.length + document.adoptedStyleSheets.length,
  scroll: [scrollX, scrollY, document.title, location.href],
})"""
_OWN_LOOK = """() => [...document.querySelector('industri-chatt').shadowRoot.querySelectorAll('*')]
  .filter((node) => node.getClientRects().length).map((node) => {
    const style = getComputedStyle(node);
    return [node.tagName + '.' + node.className, ...['fontSize', 'fontFamily', 'color', 'backgroundColor', 'display',
      'borderTopWidth', 'paddingLeft', 'marginTop', 'textTransform', 'letterSpacing', 'lineHeight', 'visibility',
      'direction', 'cursor', 'width', 'height'].map((name) => style[name])].join('|'); })"""
RESETS = """<style>
* { all: unset !important; }
*, *::before { box-sizing: content-box !important; margin: 3px !important; letter-spacing: 4px !important }
button, input, textarea, section, p, li { display: none !important; font: 30px serif !important; color: red !important }
industri-chatt { display: none !important; position: static !important; opacity: .2 !important;
  font-size: 40px !important;
  transform: rotate(4deg) !important; text-transform: uppercase !important; direction: rtl !important }
</style>"""


def test_the_page_s_own_style_does_not_reach_it(browser: Browser, widget: WidgetSite, service: Service) -> None:
    looks = []
    for head in ("", RESETS):
        service.page = {"csp": "", "head": head}
        with Visitor.new(browser, widget.url) as visitor:
            visitor.go("/")
            visitor.page.locator("industri-chatt .launcher").click()
            expect(visitor.replies.first).to_be_visible()
            expect(visitor.panel.locator("[role=log] > *")).to_have_count(0)  # what was announced is gone
            looks.append(visitor.page.evaluate(_OWN_LOOK))
    assert looks[0] == looks[1]
    assert len(looks[0]) > 20


def test_it_changes_nothing_on_the_page(reader: Visitor, service: Service) -> None:
    service.page = {"attributes": 'data-api="" hidden'}
    reader.page.route("**/loader.js", lambda route: route.abort())
    reader.go("/")
    without = reader.page.evaluate(_ABOUT_THE_PAGE)
    reader.page.unroute("**/loader.js")
    reader.complaints.clear()
    reader.go("/")
    assert reader.page.evaluate(_ABOUT_THE_PAGE) == without
    reader.open_chat()
    reader.say("Hej")
    reader.page.keyboard.press("Escape")
    assert reader.page.evaluate(_ABOUT_THE_PAGE) == without


def test_all_of_it_is_small_as_a_browser_fetches_it(reader: Visitor, widget: WidgetSite) -> None:
    def on_the_wire(url: str) -> int:
        with urlopen(Request(url, headers={"Accept-Encoding": "gzip"}), timeout=10) as answer:
            body = answer.read()
            assert answer.headers["Content-Encoding"] == "gzip"
            assert gzip.decompress(body)
            return len(body)

    reader.go("/")
    before = [url for url in reader.requests if "/static/" in url]
    reader.open_chat()
    reader.say("Hej")
    fetched = [url for url in reader.requests if "/static/" in url]
    assert sum(map(on_the_wire, before)) <= MOST_BEFORE
    assert sum(map(on_the_wire, fetched)) <= MOST_BYTES
    assert len(fetched) == 2, "the modules come together"


def test_the_modules_work_as_they_stand_from_any_web_server(reader: Visitor) -> None:
    """Without the service's own way of sending them: each module by itself, with its comments."""
    from api.main import _STATIC

    def plain(route: Any) -> None:
        name = route.request.url.rsplit("/", 1)[1].split("?")[0]
        route.fulfill(body=(_STATIC / "widget" / name).read_bytes(), content_type="text/javascript")

    reader.page.route("**/static/widget/*.js", plain)
    reader.go("/")
    reader.open_chat()
    reader.say("Hej")
    assert "Svar på: Hej" in reader.last_reply
    assert len([url for url in reader.requests if url.endswith(".js")]) > 10


def test_when_the_chat_cannot_be_fetched_it_says_so_and_the_next_press_works(reader: Visitor, service: Service) -> None:
    service.page = {"attributes": 'data-contact="tel:+46313906011"'}
    reader.page.route("**/chat.js", lambda route: route.abort())
    reader.go("/")
    reader.press("Fråga chatten")
    alert = reader.page.locator("industri-chatt [role=alert]")
    expect(alert).to_contain_text("Chatten gick inte att öppna")
    links = alert.get_by_role("link").evaluate_all("(all) => all.map((link) => [link.innerText, link.href])")
    assert links == [
        ["Öppna den enkla chatten", f"{reader.url}/chatt"],
        ["Kontakta vägledningen", "tel:+46313906011"],
    ]
    reader.assert_accessible()
    reader.complaints.clear()
    reader.page.keyboard.press("Enter")
    expect(reader.replies.first).to_be_visible()
    expect(alert).to_have_count(0)

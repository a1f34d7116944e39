"""Somebody at a browser, who may have nothing but a keyboard."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect

PATIENCE_MS = 20_000
expect.set_options(timeout=PATIENCE_MS)
MOST_TABS = 120

_FOCUSED = """() => {
  let at = document.activeElement;
  while (at && at.shadowRoot && at.shadowRoot.activeElement) at = at.shadowRoot.activeElement;
  return at ? (at.getAttribute('aria-label') || at.innerText || at.id || '').trim() : '';
}"""
_REPORT_VIOLATIONS = """document.addEventListener('securitypolicyviolation', (event) =>
  console.error(`CSP: ${event.violatedDirective} ${event.blockedURI}`))"""
_LISTEN = """(region) => {
  window.spoken = [];
  new MutationObserver((changes) => changes.forEach((change) =>
    change.addedNodes.forEach((node) => window.spoken.push(node.textContent)))).observe(region, {childList: true});
}"""


@dataclass
class Visitor:
    """One browser profile with one tab in front (`page`)."""

    context: BrowserContext
    page: Page
    url: str
    requests: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)

    @classmethod
    @contextmanager
    def new(cls, browser: Browser, url: str, *, width: int = 1280, height: int = 900, **like: Any) -> Iterator[Visitor]:
        """A profile that has never been here; nothing is kept afterwards. `like`: options of Playwright's context."""
        context = browser.new_context(
            viewport={"width": width, "height": height}, locale="sv-SE", timezone_id="Europe/Stockholm", **like
        )
        context.set_default_timeout(PATIENCE_MS)
        context.add_init_script(_REPORT_VIOLATIONS)
        visitor = cls(context, context.new_page(), url)
        context.on("request", lambda request: visitor.requests.append(request.url))
        context.on("console", lambda message: message.type in {"error", "warning"} and visitor._note(message.text))
        context.on("weberror", lambda error: visitor._note(str(error.error)))
        try:
            yield visitor
        finally:
            context.close()

    def _note(self, complaint: str) -> None:
        self.complaints.append(complaint)

    def go(self, path: str) -> None:
        """Open a page of the site."""
        self.page.goto(self.url + path)

    def new_tab(self) -> Page:
        """A second tab of the same profile, now in front; the first one is returned."""
        first, self.page = self.page, self.context.new_page()
        return first

    # --- Keyboard

    @property
    def focused(self) -> str:
        """What has the focus: its label or text."""
        return str(self.page.evaluate(_FOCUSED))

    def tab_to(self, name: str, *, back: bool = False) -> None:
        """Press Tab until something whose label begins like this has the focus."""
        seen = []
        for _ in range(MOST_TABS):
            self.page.keyboard.press("Shift+Tab" if back else "Tab")
            seen.append(self.focused)
            if seen[-1].startswith(name):
                return
        raise AssertionError(f"the keyboard does not reach {name!r}, only {list(dict.fromkeys(seen))}")

    def press(self, name: str, *, back: bool = False) -> None:
        """Reach a link or button by Tab and press Enter."""
        self.tab_to(name, back=back)
        self.page.keyboard.press("Enter")

    # --- The chat

    @property
    def panel(self) -> Locator:
        return self.page.get_by_role("dialog")

    @property
    def replies(self) -> Locator:
        """What the assistant has said, oldest first."""
        return self.panel.locator("li.bot")

    @property
    def field(self) -> Locator:
        return self.panel.locator("#field")

    def open_chat(self) -> None:
        """By keyboard, from wherever the focus is; done when the talk is on screen."""
        self.press("Fråga chatten")
        expect(self.replies.first).to_be_visible()
        self.wait_until_idle()

    def listen(self) -> None:
        """From now on note what enters the live region, as a screen reader hears it."""
        self.panel.locator("[role=log]").evaluate(_LISTEN)

    @property
    def spoken(self) -> list[str]:
        heard: list[str] = self.page.evaluate("window.spoken")
        return heard

    def wait_to_hear(self, words: str) -> None:
        """Return when the live region has said the words. The page's rules forbid Playwright's own polling."""
        for _ in range(400):
            if any(words in text for text in self.spoken):
                return
            self.page.wait_for_timeout(50)
        raise AssertionError(f"{words!r} was not said")

    def say(self, text: str) -> None:
        """Type a message where the focus is, press Enter and wait for the answer."""
        assert self.focused == "field", f"the focus is at {self.focused!r}"
        self._turn(lambda: (self.page.keyboard.type(text), self.page.keyboard.press("Enter")))

    def choose(self, name: str) -> None:
        """Go back from the field to a button of the talk, press Enter and wait for the answer."""
        self._turn(lambda: self.press(name, back=True))

    def _turn(self, act: Any) -> None:
        before = self.replies.count()
        act()
        expect(self.replies.nth(before)).to_be_visible()
        self.wait_until_idle()

    def wait_until_idle(self) -> None:
        expect(self.panel.locator(".send")).to_have_attribute("aria-disabled", "false")

    @property
    def last_reply(self) -> str:
        return self.replies.last.inner_text()

    # --- Judgement

    def assert_nothing_objectionable(self) -> None:
        """Nothing was asked of other hosts, no rule of the page was broken, no script failed."""
        hosts = {urlsplit(url).netloc for url in self.requests if not url.startswith(("data:", "blob:"))}
        assert hosts <= {urlsplit(self.url).netloc}
        assert self.complaints == []

    def assert_accessible(self) -> None:
        """axe-core finds nothing on the page as it stands, open chat included."""
        results = Axe().run(self.page)
        assert results.violations_count == 0, f"{self.page.url}\n{results.generate_report()}"

    def assert_fits(self) -> None:
        """Nobody has to scroll sideways."""
        wide, window = self.page.evaluate("[document.documentElement.scrollWidth, innerWidth]")
        assert wide <= window, f"{self.page.url}: {wide} px wide in a window of {window} px"

"""Pictures of every kind of message, for people to look at: `python -m tests.browser.widget_pictures FOLDER`.

At 1280 and 360 px, light, dark and in forced colours: eighty-four pictures.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, expect, sync_playwright

from tests.browser.conftest import ARGUMENTS, CHROMIUM
from tests.browser.visitor import Visitor
from tests.browser.widget_kinds import KINDS
from tests.browser.widget_site import WidgetSite, widget_site

WIDTHS = (1280, 360)
LIKES: dict[str, dict[str, Any]] = {
    "light": {"color_scheme": "light"},
    "dark": {"color_scheme": "dark"},
    "forced": {"forced_colors": "active"},
}
TALL = 1500
"""Height in px of a picture's window: a whole answer is seen."""


def take(browser: Browser, site: WidgetSite, folder: Path, width: int, like: str) -> None:
    site.service.reset()
    site.service.answer = lambda text: [KINDS[text]]
    with Visitor.new(browser, site.url, width=width, height=TALL, **LIKES[like]) as visitor:
        visitor.go("/")
        visitor.open_chat()
        for kind in KINDS:
            visitor.say(kind)
            expect(visitor.replies.last).to_be_visible()
            visitor.panel.screenshot(path=folder / f"{kind}-{width}-{like}.png")


def main(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright, widget_site() as site:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        for width in WIDTHS:
            for like in LIKES:
                take(browser, site, folder, width, like)
        browser.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]))

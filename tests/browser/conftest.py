"""A real browser, and pages that note what a careful visitor would object to."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.browser.visitor import Visitor
from tests.stack.running import Running

ARGUMENTS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser"))), None)


# Not for the whole session: Playwright keeps an event loop running, which asynchronous tests do not bear.
@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    if CHROMIUM is None:
        pytest.skip("Chromium is not here: apt-get install chromium (.ci/run does)")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture
def visitor(browser: Browser, real: Running, tmp_path: Path) -> Iterator[Visitor]:
    """Somebody new on a large screen. At the end: nothing was fetched from elsewhere, nothing broke the rules."""
    with Visitor.new(browser, real.url) as visitor:
        yield visitor
        visitor.assert_nothing_objectionable()


@pytest.fixture
def phone(browser: Browser, real: Running) -> Iterator[Visitor]:
    """Somebody new with a small telephone."""
    with Visitor.new(browser, real.url, width=360, height=740) as visitor:
        yield visitor
        visitor.assert_nothing_objectionable()

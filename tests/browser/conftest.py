"""A real browser, and pages that note what a careful visitor would object to."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.browser.staff_site import at_the_desk, staff_site
from tests.browser.visitor import Visitor
from tests.browser.widget_site import Service, WidgetSite, widget_site
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


@pytest.fixture(scope="module")
def widget() -> Iterator[WidgetSite]:
    """The widget before a service of the tests (see widget_site.py)."""
    with widget_site() as site:
        yield site


@pytest.fixture
def service(widget: WidgetSite) -> Service:
    """What answers behind the widget, as new."""
    widget.service.reset()
    return widget.service


@pytest.fixture
def reader(browser: Browser, widget: WidgetSite, service: Service) -> Iterator[Visitor]:
    """Somebody new before the widget on a large screen. At the end: nothing from elsewhere, no rule broken."""
    with Visitor.new(browser, widget.url) as visitor:
        yield visitor
        visitor.assert_nothing_objectionable()


@pytest.fixture
def small(browser: Browser, widget: WidgetSite, service: Service) -> Iterator[Visitor]:
    """The same with a small telephone."""
    with Visitor.new(browser, widget.url, width=360, height=740, has_touch=True) as visitor:
        yield visitor
        visitor.assert_nothing_objectionable()


@pytest.fixture(scope="module")
def data_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the api of `site` keeps its data."""
    return tmp_path_factory.mktemp("site")


@pytest.fixture(scope="module")
def site(data_dir: Path) -> Iterator[str]:
    """The api alone, with the seed data and the demo accounts."""
    with staff_site(data_dir) as url:
        yield url


@pytest.fixture(params=[1280, 360])
def desk(request: pytest.FixtureRequest, browser: Browser, site: str, data_dir: Path) -> Iterator[Visitor]:
    """Somebody of the staff, logged in, on a large screen and a small one."""
    with at_the_desk(browser, site, request.param, data_dir) as visitor:
        yield visitor

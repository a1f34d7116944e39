"""Staff log in and look after accounts in a real browser, with the keyboard alone. Needs the api only, no model."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.staff_site import fill, judge, log_in, passwords_of, staff_site, visiting
from tests.browser.visitor import Visitor

pytestmark = pytest.mark.browser

NEW = "grind åska 41 pelargon"


@pytest.fixture(scope="module")
def data_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("staff")


@pytest.fixture(scope="module")
def site(data_dir: Path) -> Iterator[str]:
    with staff_site(data_dir) as url:
        yield url


@pytest.fixture(scope="module")
def passwords(site: str, data_dir: Path) -> dict[str, str]:
    return passwords_of(data_dir)


@pytest.fixture(params=[1280, 360])
def visitor(request: pytest.FixtureRequest, browser: Browser, site: str) -> Iterator[Visitor]:
    with visiting(browser, site, request.param) as visitor:
        yield visitor


def test_staff_log_in_look_around_and_log_out(visitor: Visitor, passwords: dict[str, str]) -> None:
    visitor.go("/personal/konto")
    judge(visitor, "Logga in")
    log_in(visitor, "staff", "fel lösenord")
    judge(visitor, "Fel: Logga in")
    expect(visitor.page.get_by_role("alert")).to_contain_text("stämmer inte")
    log_in(visitor, "staff", passwords["staff"])
    judge(visitor, "Mitt konto")
    fill(visitor, "old", passwords["staff"])
    fill(visitor, "new", "sommaren20262026")
    fill(visitor, "again", "sommaren20262026")
    visitor.page.keyboard.press("Enter")
    judge(visitor, "Fel: Mitt konto")
    visitor.press("Lösenordet är för lätt att gissa.", back=True)
    assert visitor.page.evaluate("document.activeElement.id") == "new"
    visitor.go("/personal")
    judge(visitor, "Personalens sidor")
    visitor.press("Logga ut")
    judge(visitor, "Logga in")


def test_an_administrator_makes_an_account_whose_owner_chooses_a_password(
    visitor: Visitor, passwords: dict[str, str]
) -> None:
    width = visitor.page.viewport_size["width"] if visitor.page.viewport_size else 0
    login = f"vagledning-{width}@example.org"
    visitor.go("/personal/konton")
    log_in(visitor, "admin", passwords["admin"])
    judge(visitor, "Konton")
    fill(visitor, "new-login", "inte ett konto")
    fill(visitor, "new-title", "Vägledningen i Sunne")
    visitor.page.keyboard.press("Enter")
    judge(visitor, "Fel: Konton")
    fill(visitor, "new-login", login)
    visitor.page.keyboard.press("Enter")
    expect(visitor.page.locator("#link")).to_be_visible()
    judge(visitor, "Konton")
    link = visitor.page.locator("#link").input_value()
    visitor.press("Logga ut")
    judge(visitor, "Logga in")
    visitor.page.goto(link)
    judge(visitor, "Välj lösenord")
    fill(visitor, "new", NEW)
    fill(visitor, "again", NEW)
    visitor.page.keyboard.press("Enter")
    judge(visitor, "Logga in")
    expect(visitor.page.get_by_role("status")).to_contain_text("Lösenordet är sparat.")
    log_in(visitor, login, NEW)
    judge(visitor, "Personalens sidor")
    visitor.page.goto(link)
    judge(visitor, "Fel: Välj lösenord")


def test_everything_works_without_scripts(browser: Browser, site: str, passwords: dict[str, str]) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{site}/personal")
    page.fill("#login", "counsellor")
    page.fill("#password", passwords["counsellor"])
    page.keyboard.press("Enter")
    expect(page).to_have_title("Personalens sidor – Industrivägledaren")
    page.get_by_role("button", name="Logga ut").click()
    expect(page).to_have_title("Logga in – Industrivägledaren")
    context.close()

"""Staff log in and look after accounts in a real browser, with the keyboard alone. Needs the api only, no model."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.visitor import Visitor

pytestmark = pytest.mark.browser

NEW = "grind åska 41 pelargon"
EXPECTED = ("401", "404", "409", "422")
"""Browsers complain of every refused form; these refusals are part of the walk."""


@pytest.fixture(scope="module")
def data_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("staff")


@pytest.fixture(scope="module")
def site(data_dir: Path) -> Iterator[str]:
    """The api alone, with a seeded database and the demo accounts that `make run` makes."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    own = {"IV_DATA_DIR": str(data_dir), "IV_PORT": str(port), "IV_DATABASE_URL": ""}
    env = {name: value for name, value in os.environ.items() if not name.startswith("IV_")} | own
    subprocess.run([sys.executable, "-m", "api.manage", "prepare", data_dir / "names.json"], env=env, check=True)
    process = subprocess.Popen([sys.executable, "-m", "api"], env=env, stdout=subprocess.DEVNULL)
    url = f"http://localhost:{port}"
    for _ in range(300):
        try:
            urlopen(f"{url}/health", timeout=1).close()
            break
        except (URLError, OSError):
            time.sleep(0.1)
    yield url
    process.terminate()
    process.wait(15)


@pytest.fixture(scope="module")
def passwords(site: str, data_dir: Path) -> dict[str, str]:
    noted: dict[str, str] = json.loads((data_dir / "demo-accounts.json").read_text("utf-8"))
    return noted


@pytest.fixture(params=[1280, 360])
def visitor(request: pytest.FixtureRequest, browser: Browser, site: str) -> Iterator[Visitor]:
    with Visitor.new(browser, site, width=request.param) as visitor:
        yield visitor
        visitor.complaints = [text for text in visitor.complaints if not any(code in text for code in EXPECTED)]
        visitor.assert_nothing_objectionable()


def judge(visitor: Visitor, title: str) -> None:
    """The page that has come is the one that was meant, accessible, and no wider than the window."""
    expect(visitor.page).to_have_title(f"{title} – Industrivägledaren")
    visitor.assert_accessible()
    visitor.assert_fits()


def fill(visitor: Visitor, field: str, text: str) -> None:
    """Reach a field by Tab and type; what stood there is replaced."""
    for _ in range(120):
        visitor.page.keyboard.press("Tab")
        if visitor.page.evaluate("document.activeElement.id") == field:
            break
    visitor.page.keyboard.press("Control+A")
    visitor.page.keyboard.type(text)


def log_in(visitor: Visitor, login: str, password: str) -> None:
    fill(visitor, "login", login)
    fill(visitor, "password", password)
    visitor.page.keyboard.press("Enter")


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

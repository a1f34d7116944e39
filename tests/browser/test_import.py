"""Staff read a file into the catalogue in a real browser, with the keyboard alone. Needs api and worker, no model."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from api.clock import system_clock
from tests.browser.staff_site import judge, log_in, passwords_of, staff_site, visiting
from tests.browser.visitor import Visitor

pytestmark = pytest.mark.browser

DONE_MS = 60_000
COLUMNS = ("external_id", "title", "occupation", "node", "status", "start_date", "places", "description")
START = f"{system_clock().year + 1}-01-11"


@pytest.fixture(scope="module")
def data_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("import")


@pytest.fixture(scope="module")
def site(data_dir: Path) -> Iterator[str]:
    with staff_site(data_dir, worker=True) as url:
        yield url


@pytest.fixture(scope="module")
def passwords(site: str, data_dir: Path) -> dict[str, str]:
    return passwords_of(data_dir)


@pytest.fixture(params=[1280, 360])
def visitor(request: pytest.FixtureRequest, browser: Browser, site: str) -> Iterator[Visitor]:
    with visiting(browser, site, request.param) as visitor:
        yield visitor


def catalogue_file(prefix: str, places: int) -> bytes:
    """Sixty occasions of one course, and three rows that are wrong in different ways."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=";")
    writer.writerow(COLUMNS)
    for number in range(60):
        row = [f"{prefix}-{number:02}", "Svetsare, kväll", "Svetsare", "Karlstad", "draft", START, places, ""]
        writer.writerow(row)
    wrong = [f"{prefix}-90", "Svetsare, kväll", "Svetsare", "Karlsatd", "draft", "nyårsdagen", "många", "=1+1"]
    writer.writerow(wrong)
    writer.writerow([f"{prefix}-00", *wrong[1:]])
    writer.writerow(["", "<b>Svets</b>", *wrong[2:]])
    return text.getvalue().encode()


def choose(page: Page, name: str, data: bytes) -> None:
    # The operating system's own dialogue is not a page; the rest is done by keyboard.
    page.locator("#fil").set_input_files({"name": name, "mimeType": "text/csv", "buffer": data})


def test_a_file_is_read_in_looked_through_applied_and_undone(visitor: Visitor, passwords: dict[str, str]) -> None:
    page = visitor.page
    prefix = f"B{page.viewport_size['width'] if page.viewport_size else 0}"
    visitor.go("/personal/import")
    log_in(visitor, "staff", passwords["staff"])
    judge(visitor, "Läs in fil")

    visitor.press("Visa vad filen ändrar")
    judge(visitor, "Fel: Läs in fil")
    visitor.press("Välj en fil först.", back=True)
    assert page.evaluate("document.activeElement.id") == "fil"
    choose(page, "bild.csv", b"\x89PNG\r\n\x1a\n")
    visitor.press("Visa vad filen ändrar")
    expect(page.get_by_role("alert")).to_contain_text("Det är inget kalkylark")

    choose(page, "kurser.csv", b"namn;telefon\nx;y\n")
    visitor.press("Visa vad filen ändrar")
    expect(page).to_have_title("Filen går inte att läsa – Industrivägledaren", timeout=DONE_MS)
    judge(visitor, "Filen går inte att läsa")
    visitor.press("Läs in fil", back=True)

    choose(page, "kurser.csv", catalogue_file(prefix, places=10))
    held: list[Route] = []
    hold = True  # the script waits for its answer, so that the page stands still
    page.route("**/lage", lambda route: held.append(route) if hold else route.continue_())
    visitor.press("Visa vad filen ändrar")
    judge(visitor, "Kontrollerar filen")
    page.get_by_role("status").evaluate(
        "(status) => new MutationObserver(() => sessionStorage.setItem('heard', status.textContent))"
        ".observe(status, {childList: true, subtree: true})"
    )
    hold = False
    for route in held:
        route.continue_()
    expect(page).to_have_title("Det här ändrar filen – Industrivägledaren", timeout=DONE_MS)
    heard = page.evaluate("sessionStorage.getItem('heard')")
    assert "Nya tillfällen: 60. Ändrade: 0. Underkända rader: 3." in heard
    judge(visitor, "Det här ändrar filen")
    expect(page.get_by_role("heading", name="Underkända rader")).to_be_visible()
    expect(page.get_by_text("Menade du Karlstad?").first).to_be_visible()
    visitor.press("Nya (60)")
    expect(page.get_by_role("heading", name="Nya")).to_be_visible()
    visitor.press("Nästa")
    expect(page.get_by_text(f"{prefix}-59")).to_be_visible()
    judge(visitor, "Det här ändrar filen")
    visitor.press("Läs in: 60 nya", back=True)
    expect(page).to_have_title("Filen är inläst – Industrivägledaren", timeout=DONE_MS)
    judge(visitor, "Filen är inläst")

    visitor.press("Läs in en fil till")
    choose(page, "kurser.csv", catalogue_file(prefix, places=12))
    visitor.press("Visa vad filen ändrar")
    expect(page).to_have_title("Det här ändrar filen – Industrivägledaren", timeout=DONE_MS)
    visitor.press("Ändras (60)")
    expect(page.get_by_role("cell", name=re.compile(r"^(Efter: )?12$")).first).to_be_visible()
    judge(visitor, "Det här ändrar filen")
    visitor.press("Ta bort filen utan att läsa in", back=True)
    expect(page.get_by_role("status")).to_contain_text("Filen är borttagen.")
    judge(visitor, "Läs in fil")

    visitor.press("Ångra inläsningen")
    judge(visitor, "Ångra inläsningen")
    visitor.press("Ja, ångra inläsningen")
    expect(page.get_by_role("status")).to_contain_text("Inläsningen är ångrad.")
    judge(visitor, "Läs in fil")
    visitor.press("Logga ut", back=True)


def test_the_same_way_without_scripts(browser: Browser, site: str, passwords: dict[str, str]) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{site}/personal/import")
    page.fill("#login", "staff")
    page.fill("#password", passwords["staff"])
    page.keyboard.press("Enter")
    with page.expect_download() as template:
        page.get_by_role("link", name="Tom mall för Excel").click()
    assert template.value.suggested_filename == "mall-utbildningar.xlsx"
    choose(page, "kurser.csv", catalogue_file("UTAN", places=10))
    page.get_by_role("button", name="Visa vad filen ändrar").click()
    update_until(page, "Det här ändrar filen")
    with page.expect_download() as rejected:
        page.get_by_role("link", name="Hämta alla underkända rader").click()
    assert rejected.value.suggested_filename == "underkanda-rader.csv"
    page.get_by_role("button", name="Läs in: 60 nya").click()
    update_until(page, "Filen är inläst")
    page.get_by_role("link", name="Ångra inläsningen").click()
    page.get_by_role("button", name="Ja, ångra inläsningen").click()
    expect(page.get_by_role("status")).to_contain_text("Inläsningen är ångrad.")
    context.close()


def update_until(page: Page, title: str) -> None:
    """Follow the link that fetches the page anew, as somebody without scripts does."""
    for _ in range(120):
        if page.title().startswith(title):
            return
        page.wait_for_timeout(500)
        page.get_by_role("link", name="Uppdatera sidan").click()
    raise AssertionError(f"still {page.title()!r}")

"""Real pages over a database of hostile strings, in a real browser: no script of theirs runs, no rule of the page is
broken, nothing is fetched from elsewhere, and no long word makes a telephone scroll (docs/trust/attacks.md)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest
from playwright.sync_api import Browser, expect

from api.clock import system_clock
from api.database import Database
from tests.api.staff.test_roles import TABLE
from tests.api.trust.planting import Planted, plant
from tests.browser.staff_site import log_in, passwords_of, staff_site, visiting
from tests.browser.visitor import Visitor

pytestmark = pytest.mark.browser

PUBLIC = (
    "/", "/utbildningar", "/utbildningar?q=%22%3E%3Cimg%20src%3Dx%20onerror%3Dhurt(1)%3E", "/utbildningar/{course_id}",
    "/traffar", "/traffar/x-{event}", "/prao", "/natverk", "/foretag", "/skola", "/tillganglighet", "/om-dig",
    "/mote/meeting-0-secret", "/mote/meeting-0-secret/tider", "/arende/training-secret",
    "/traffar/anmalan/signup-0-secret",
)  # fmt: skip
ROWS = {
    "enquiry_id": "enquiry", "node_id": "node", "company_id": "receiving_company",
    "phrase_id": "insight_phrase", "route_id": "enquiry_route", "network_id": "network", "event_id": "event",
    "municipality_id": "municipality", "counsellor_id": "counsellor", "gap_id": "accessibility_gap",
    "occasion_id": "occasion", "course_id": "course", "occupation_id": "occupation",
    "meeting_id": "meeting WHERE status = 'confirmed'", "job_id": "import_job", "batch_id": "import_batch",
}  # fmt: skip
"""The parts of addresses that name a row → its table."""
WHOSE = {"kind": "answer", "key": "cost"}
"""Whose history is looked at."""
NO_PAGE = re.compile(r"\.csv$|\.\{kind\}|\{name\}|\{token\}|/oidc|/logga-in$|/lage$|\{(plan|example)_id\}")
"""Files, ways in, and what only a form leads to."""
STAFF = sorted(
    f"{path}?vagledare={{counsellor}}" if path.startswith("/personal/tider") else path
    for method, path in TABLE
    if method == "GET" and path.startswith("/personal") and not NO_PAGE.search(path)
)
COUNT_ALIVE = """() => [...document.querySelectorAll('*')].filter((node) => /z\\d+z/i.test(node.localName)
  || [...node.attributes].some(({name}) => name.startsWith('on') || /z\\d+z/i.test(name))
  || ['href', 'src', 'action', 'formaction'].some((name) => /^\\s*(javascript|data|vbscript):/i.test(
       node.getAttribute(name) || ''))
  || ['IFRAME', 'OBJECT', 'EMBED', 'BASE'].includes(node.tagName)).map((node) => node.outerHTML.slice(0, 200))"""


@pytest.fixture(scope="module")
def planted_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Path, Planted, dict[str, str]]]:
    """The api alone over hostile rows; where it is, and what opens its pages."""
    folder = tmp_path_factory.mktemp("planted")
    with staff_site(folder, settings={"IV_RATE_LIMIT_ENABLED": "false"}) as url:
        database = Database(f"sqlite:///{folder / 'industrivagledaren.db'}")
        with database.transaction() as session:
            accounts = session.connection().exec_driver_sql("SELECT id, login FROM account").all()
            planted = plant(session, system_clock())
            for number, login in accounts:  # whoever logs in must still be found
                session.connection().exec_driver_sql("UPDATE account SET login = ? WHERE id = ?", (login, number))
            names = {
                name: str(session.connection().exec_driver_sql(f"SELECT id FROM {table} LIMIT 1").scalar())
                for name, table in ROWS.items()
            }
            slug = session.connection().exec_driver_sql("SELECT slug FROM counsellor ORDER BY id").scalar()
            one = session.connection().exec_driver_sql("SELECT id FROM event ORDER BY starts_at DESC").scalar()
        database.dispose()
        yield (
            url,
            folder,
            planted,
            names
            | {"event": str(one)[:10], "event_id": str(one), "topic": "cost", "counsellor": quote(str(slug))}
            | WHOSE,
        )


def _look(visitor: Visitor, path: str) -> None:
    visitor.go(path)
    expect(visitor.page.locator("main")).to_be_visible()
    assert "finns inte" not in visitor.page.title(), path
    assert visitor.page.evaluate(COUNT_ALIVE) == [], path
    assert visitor.page.evaluate("window.hurt") is None
    visitor.assert_fits()


@pytest.mark.parametrize("width", [1280, 360])
def test_hostile_rows_run_nothing_and_fit(
    browser: Browser, planted_site: tuple[str, Path, Planted, dict[str, str]], width: int
) -> None:
    url, folder, planted, names = planted_site
    dialogs: list[str] = []
    with visiting(browser, url, width) as visitor:
        visitor.page.on("dialog", lambda dialog: (dialogs.append(dialog.message), dialog.dismiss()))
        visitor.context.add_cookies([{"name": "iv_chatt", "value": planted.maker.conversation, "url": f"{url}/chatt"}])
        for path in ("/chatt", *PUBLIC):
            _look(visitor, path.format(**names))
        visitor.go("/personal")
        log_in(visitor, "admin", passwords_of(folder)["admin"])
        expect(visitor.page.locator("main")).to_be_visible()
        for path in (*STAFF, "/personal/susa/tillfallen?visa=vantar"):
            _look(visitor, path.format(**names))
    assert dialogs == []

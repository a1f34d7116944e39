"""Real pages over a database of hostile strings, in a real browser: no script of theirs runs, no rule of the page is
broken, nothing is fetched from elsewhere, and no long word makes a telephone scroll (docs/trust/attacks.md)."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from api.clock import system_clock
from api.database import Database
from tests.api.trust.planting import Planted, plant
from tests.browser.staff_site import log_in, passwords_of, staff_site, visiting
from tests.browser.visitor import Visitor

pytestmark = pytest.mark.browser

PUBLIC = (
    "/", "/utbildningar", "/utbildningar?q=%22%3E%3Cimg%20src%3Dx%20onerror%3Dhurt(1)%3E", "/utbildningar/{course}",
    "/traffar", "/traffar/x-{event}", "/prao", "/natverk", "/foretag", "/skola", "/tillganglighet", "/om-dig",
    "/mote/meeting-0-secret", "/mote/meeting-0-secret/tider", "/arende/training-secret",
    "/traffar/anmalan/signup-0-secret",
)  # fmt: skip
STAFF = (
    "/personal", "/personal/utbildningar", "/personal/utbildningar/{course}/andra", "/personal/orter",
    "/personal/yrken", "/personal/svar", "/personal/svar/cost", "/personal/foretag", "/personal/natverk",
    "/personal/traffar", "/personal/traffar/{event_id}", "/personal/arenden", "/personal/moten", "/personal/utskick",
    "/personal/susa", "/personal/susa/tillfallen?visa=vantar", "/personal/import", "/personal/insikt/oforstadda",
    "/personal/exempel", "/personal/tillganglighet", "/personal/historik/answer/cost", "/personal/lediga-dagar",
    "/personal/borttaget",
)  # fmt: skip
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
            one = session.connection().exec_driver_sql("SELECT id FROM event ORDER BY starts_at DESC").scalar()
            course = session.connection().exec_driver_sql("SELECT min(id) FROM course").scalar()
        database.dispose()
        yield url, folder, planted, {"event": str(one)[:10], "event_id": str(one), "course": str(course)}


def _look(visitor: Visitor, path: str) -> None:
    visitor.go(path)
    expect(visitor.page.locator("main")).to_be_visible()
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
        log_in(visitor, "staff", passwords_of(folder)["staff"])
        expect(visitor.page.locator("main")).to_be_visible()
        for path in STAFF:
            _look(visitor, path.format(**names))
    assert dialogs == []

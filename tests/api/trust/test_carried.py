"""What every answer carries, whoever asks and whatever went wrong: headers, cookies, and that nobody keeps it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from shutil import copy

import httpx
import pytest
from fastapi.dependencies.models import Dependant
from fastapi.routing import iter_route_contexts

from api.database import Database
from api.staff.visitors import OurForm
from tests.api.staff.conftest import PASSWORD, Browser, House
from tests.api.staff.test_roles import ROUTES, whole_app
from tests.api.trust.crawling import START

ALWAYS = {
    "x-content-type-options": "nosniff",
    "cross-origin-opener-policy": "same-origin",
    "strict-transport-security": "max-age=31536000",
}
FOR_ONE_PERSON = re.compile(
    r"/personal|/chatt|/mote/|/arende/|/traffar/anmalan/|/kalender/|/om-dig|/api/v1/conversations|/internal/"
)
"""Addresses whose answers are meant for whoever asked."""
SECRET = re.compile(r"/mote/|/arende/|/traffar/anmalan/|/kalender/|/personal/lank/")
"""Addresses that are themselves a secret."""
HIDDEN = {"no-referrer", "same-origin"}


@pytest.fixture
def database(seeded_file: Path, tmp_path: Path) -> Iterator[Database]:
    """SQLite is enough: what answers carry does not depend on the database."""
    database = Database(f"sqlite:///{copy(seeded_file, tmp_path / 'test.db')}")
    yield database
    database.dispose()


@pytest.fixture
async def answers(house: House) -> list[tuple[str, httpx.Response]]:
    """Every route and every method of it, as nobody and as an administrator, and some that went wrong."""
    people = [house.browser(), house.signed_in(house.account("admin@example.org", "admin"))]
    found = []
    for person in people:
        for method, path in sorted(ROUTES):
            if path == "/personal/logga-ut":
                continue
            for value in ("1", "finns-inte"):
                address = re.sub(r"\{[^}]+\}", value, path)
                found.append((path, await person.client.request(method, address)))
                if "{" not in path:
                    break
        for path in START:
            found.append((path, await person.get(path)))
        for path in ("/finns-inte", "/static/site.css", "/static/finns-inte.js", "/personal/finns-inte", "/mote/a%00b"):
            found += [(path, await person.get(path)), (path, await person.client.request("TRACE", path))]
        found.append(("/skola", await person.client.post("/skola", content=b"x" * 70_000)))
    assert len(found) > 700
    return found


async def test_every_answer_has_its_headers(answers: list[tuple[str, httpx.Response]]) -> None:
    """One test: asking for everything takes most of its time."""
    for path, answer in answers:
        where = f"{answer.request.method} {path} {answer.status_code}"
        headers = answer.headers
        assert {name: headers.get(name) for name in ALWAYS} == ALWAYS, where
        assert not {"server", "x-powered-by", "access-control-allow-credentials"} & set(headers), where
        policy = headers["content-security-policy"]
        assert "default-src 'none'" in policy, where
        assert "frame-ancestors 'none'" in policy, where
        assert "form-action 'self'" in policy, where
        assert "base-uri 'none'" in policy, where
        assert not re.search(r"unsafe|\*|http:|https:", policy), where
        assert len(headers.get_list("content-security-policy")) == 1, where
        if FOR_ONE_PERSON.match(path):
            cached = headers["cache-control"]
            # Calendar programs may keep a feed for a while, for themselves.
            assert "no-store" in cached or (path.startswith("/kalender/") and cached.startswith("private")), where
        if not path.startswith("/static/"):  # packed together, a secret could be guessed from the length
            assert "content-encoding" not in headers, where
        if SECRET.match(path):
            assert headers["referrer-policy"] in HIDDEN, where
        if answer.status_code in {301, 302, 303, 307, 308}:
            assert headers["location"].startswith(("/", "https://vagledaren.example.org/")), where
            assert not headers["location"].startswith("//"), where
        for cookie in headers.get_list("set-cookie"):
            assert_guarded(cookie)


def assert_guarded(cookie: str) -> None:
    name, *attributes = [part.strip().lower() for part in cookie.split(";")]
    assert name.startswith(("__host-", "__secure-")), cookie
    assert {"httponly", "secure", "samesite=lax"} <= set(attributes), cookie
    assert not any(attribute.startswith("domain=") for attribute in attributes), cookie
    if name.startswith("__host-"):
        assert "path=/" in attributes, cookie


async def test_log_in_and_chat_set_guarded_cookies(house: House) -> None:
    house.account()
    browser = house.browser()
    pages = [await browser.get("/personal/logga-in")]
    pages.append(await browser.post("/personal/logga-in", login="redaktionen@example.org", password=PASSWORD))
    await browser.get("/personal")
    pages.append(await browser.post("/personal/logga-ut"))
    pages.append(await browser.client.post("/chatt", data={"text": "hej", "nyckel": "a"}))
    names = set()
    for page in pages:
        for cookie in page.headers.get_list("set-cookie"):
            assert_guarded(cookie)
            names.add(cookie.partition("=")[0])
    assert names == {"__Host-iv_session", "__Host-iv_form", "__Secure-iv_chatt"}


@pytest.mark.parametrize(
    "onward",
    [
        "//evil.example",
        "https://evil.example/personal",
        "/\\evil.example",
        "/personal/../..//evil.example",
        "/personal@evil.example",
        "/personal\r\nX: y",
        "javascript:alert(1)",
    ],
)
async def test_log_in_leads_only_to_our_own_pages(house: House, onward: str) -> None:
    house.account()
    for browser in (house.browser(), house.signed_in(house.account("en.till@example.org"))):
        answer = await browser.get(f"/personal/logga-in?{httpx.QueryParams({'vidare': onward})}")
        if answer.status_code == 200:
            answer = await browser.post(
                "/personal/logga-in", login="redaktionen@example.org", password=PASSWORD, vidare=onward
            )
        assert (answer.status_code, answer.headers["location"]) == (303, "/personal")


async def test_undo_leads_only_to_our_own_pages(house: House) -> None:
    browser = house.signed_in(house.account())
    await browser.get("/personal/konto")
    answer = await browser.post(f"/personal/angra/{'0' * 32}", here="//evil.example")
    assert "evil.example" not in answer.headers.get("location", "")
    assert 'action="//' not in answer.text
    assert 'href="//' not in answer.text
    page = await browser.get("/personal//evil.example?klart=sparad")
    assert "evil.example" not in page.headers.get("location", "")


async def test_every_page_for_staff_needs_the_session_and_not_just_a_cookie(house: House) -> None:
    """What another browser, an ended session or a guess shows is worth nothing."""
    real = house.signed_in(house.account())
    for shown in ("", "x", real.token[:-1], real.token + "x", real.token.swapcase(), "' OR 1=1 --"):
        browser: Browser = house.browser()
        browser.client.headers["Cookie"] = f"__Host-iv_session={shown}"
        assert not await browser.is_in()
    for name in ("iv_session", "__host-iv_session", "__Secure-iv_session"):
        browser = house.browser()
        browser.client.headers["Cookie"] = f"{name}={real.token}"
        assert not await browser.is_in()


def checks_where_the_form_stands(dependant: Dependant | None) -> bool:
    if dependant is None:
        return False
    return dependant.call is OurForm.dependency or any(map(checks_where_the_form_stands, dependant.dependencies))


async def test_our_own_forms_are_not_told_to_hide_where_they_stand(house: House) -> None:
    """Under `no-referrer` a browser says `Origin: null` of a form, and one without `Sec-Fetch-Site` nothing else."""
    forms = {
        route.path
        for route in iter_route_contexts(whole_app().routes)
        if checks_where_the_form_stands(getattr(route, "dependant", None))
    }
    assert {"/chatt/betyg", "/om-dig", "/arende/{token}/ta-tillbaka", "/traffar/{name}"} <= forms
    for form in forms:
        page = form if ("GET", form) in ROUTES else form.rpartition("/")[0]
        answer = await house.browser().get(re.sub(r"\{[^}]+\}", "999999", page))
        assert answer.headers["referrer-policy"] != "no-referrer", page

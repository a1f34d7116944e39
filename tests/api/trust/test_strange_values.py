"""No address, no query and no form breaks a page: what nobody expects is refused, with a sentence.

An error that nobody foresaw (500) is where attackers look further, and what a real person's slip would meet as well.
On PostgreSQL where there is one, because it refuses more than SQLite does.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from shutil import copy
from typing import Any
from urllib.parse import quote, urlencode

import pytest
from fastapi.dependencies.models import Dependant
from fastapi.routing import iter_route_contexts

from api.database import Database
from tests.api.staff.conftest import Browser, House
from tests.api.staff.test_roles import ROUTES, whole_app
from tests.api.trust.crawling import Form, forms_of
from tests.conftest import POSTGRES, copy_postgres

OVER = str(2**31)
"""One more than a column of whole numbers holds in PostgreSQL."""
ADDRESSES = (OVER, "a\0b", "../../etc/passwd")
TEXTS = ("a\0b", "9" * 25, "9999-12-31", "²", "http://[{0}%s\\")
ALONE = (OVER, "9999-12-31")
"""Also tried in one field at a time, with what the form held in the others."""
NEEDS_THE_BOT = {"/ready", "/personal/prova"}
"""Answer 503 where no bot runs."""
ENDS_THE_SESSION = ("/personal/logga-ut", "/personal/konto/sessioner")


@pytest.fixture
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    if POSTGRES:
        database = copy_postgres(request.getfixturevalue("seeded_postgres"))
    else:
        file = copy(request.getfixturevalue("seeded_file"), tmp_path / "seeded.db")
        database = Database(f"sqlite:///{file}")
    yield database
    database.dispose()


@pytest.fixture
def browser(build: Callable[..., House], database: Database) -> Browser:
    """Somebody who may open every page of staff; nothing is counted."""
    house = build(rate_limit_enabled=False)
    return house.signed_in(house.account("admin@example.org", "admin"))


def broken(status: int, path: str) -> bool:
    return status >= 500 and not (status == 503 and path in NEEDS_THE_BOT)


async def test_no_address_breaks_a_page(browser: Browser) -> None:
    failed = []
    key = {"Authorization": f"Bearer {browser.house.settings.service_token}"}
    for method, path in ROUTES:
        start, brace, rest = path.partition("{")
        if not brace or method == "HEAD":
            continue
        for value in ADDRESSES:
            address = start + quote(value, safe="") + rest.partition("}")[2].replace("{", "").replace("}", "")
            data = {"data": {"csrf": browser.csrf}} if method == "POST" else {}
            answer = await browser.client.request(method, address, headers=key, **data)
            if broken(answer.status_code, path) or "root:" in answer.text:
                failed.append((method, path, value[:20]))
    assert failed == []


def names_in_query(dependant: Dependant | None) -> set[str]:
    if dependant is None:
        return set()
    below = (names_in_query(inner) for inner in dependant.dependencies)
    return {field.alias for field in dependant.query_params}.union(*below)


QUERIES = {
    route.path: names
    for route in iter_route_contexts(whole_app().routes)
    if "GET" in (getattr(route, "methods", None) or ()) and (names := names_in_query(getattr(route, "dependant", None)))
}


async def test_no_query_breaks_a_page(browser: Browser) -> None:
    assert len(QUERIES) > 30
    failed = []
    for path, names in QUERIES.items():
        address = path.partition("{")[0] + ("1" if "{" in path else "")
        for value in TEXTS:
            for query in (dict.fromkeys(names, value), *({name: value} for name in names if value in ALONE)):
                answer = await browser.client.get(f"{address}?{urlencode(query)}")
                if broken(answer.status_code, path):
                    failed.append((path, sorted(query), value[:20]))
    assert failed == []


async def test_a_name_given_many_times_breaks_no_page(browser: Browser) -> None:
    failed = []
    for path, names in QUERIES.items():
        query = [(name, value) for name in names for value in ("1", "2", "karlstad") * 100]
        answer = await browser.client.get(f"{path.partition('{')[0]}?{urlencode(query)}")
        if broken(answer.status_code, path):
            failed.append(path)
    assert failed == []


async def send(browser: Browser, form: Form, fields: dict[str, str]) -> int:
    address = form.action.partition("#")[0]
    if form.method == "get":
        return (await browser.client.get(f"{address.partition('?')[0]}?{urlencode(fields)}")).status_code
    own: dict[str, Any] = {"csrf": browser.csrf} if address.startswith("/personal") else {}
    return (await browser.client.post(address, data=fields | own)).status_code


async def test_no_form_breaks_a_page(browser: Browser) -> None:
    forms = await forms_of(browser)
    assert len(forms) > 45
    failed = []
    for name, form in forms.items():
        if form.action.startswith(ENDS_THE_SESSION):
            continue
        tries = [dict.fromkeys(form.fields, text) for text in TEXTS]
        tries += [form.fields | {one: ALONE[1]} for one in form.fields]
        for fields in tries:
            if broken(await send(browser, form, fields), form.action):
                failed.append((name, {key: value[:20] for key, value in fields.items() if value in (*TEXTS, *ALONE)}))
    assert failed == []

"""Walks the pages as somebody who may open all of them, and collects their forms."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser

from tests.api.staff.conftest import Browser

START = ("/", "/personal", "/chatt", "/om-dig", "/tillganglighet", "/foretag", "/skola", "/natverk", "/traffar",
         "/utbildningar", "/prao")  # fmt: skip
_NAMED = re.compile(r"/(svar|natverk|traffar|historik/\w+|orter/vagledare)/[^/]+")


@dataclass
class Form:
    """A form as a browser would send it: where to, and the values of its fields."""

    action: str
    method: str
    fields: dict[str, str] = field(default_factory=dict)


class _Page(HTMLParser):
    def __init__(self, path: str) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self.links: list[str] = []
        self._path, self._form = path, None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "a":
            self.links.append(given.get("href", ""))
        elif tag == "form":
            action = given.get("action", "").partition("#")[0] or self._path
            self._form = Form(action, given.get("method", "get").lower())
            self.forms.append(self._form)
        elif self._form is not None and given.get("name"):
            self._form.fields.setdefault(given["name"], given.get("value", ""))

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._form = None


def shape_of(address: str) -> str:
    """The same for all pages that differ only in which row they are about."""
    return re.sub(r"\d+", "0", _NAMED.sub(r"/\1/x", address.partition("?")[0].partition("#")[0]))


async def forms_of(browser: Browser) -> dict[str, Form]:
    """One form of each kind on the pages that can be reached, by its method and where it leads."""
    waiting, seen, forms = list(START), set[str](), dict[str, Form]()
    while waiting:
        path = waiting.pop(0).partition("#")[0]
        if shape_of(path) in seen:
            continue
        seen.add(shape_of(path))
        answer = await browser.client.get(path)
        assert answer.status_code < 500, path
        if not answer.headers.get("content-type", "").startswith("text/html"):
            continue
        page = _Page(path)
        page.feed(answer.text)
        waiting += [link for link in page.links if link.startswith("/") and not link.startswith("//")]
        for form in page.forms:
            forms.setdefault(f"{form.method} {shape_of(form.action)}", form)
    return forms

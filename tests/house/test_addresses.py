"""Nothing under version control depends on one machine or on one registry."""

from __future__ import annotations

import re

import pytest

from tests.house.sources import tracked_texts

# Brackets keep the patterns from finding themselves.
FORBIDDEN = {
    "address of a package registry": re.compile(
        r"\b(?:py[p]i|pythonhoste[d]|npmj[s]|yarnpk[g]|crate[s]|jfro[g]|artifactor[y])[.](?:org|com|io)\b"
        r"|(?<![\w-])--(?:extra-)?index[-]url|[/]simple[/]?(?=[\s\"'])"
    ),
    "path beside the repository": re.compile(r"[.][.]/shared"),
    "path of one machine": re.compile(r"(?<![\w.:])/(?:home|root|work|Users|workspace)/[\w.-]|\b[A-Z]:\\\\?Users\b"),
}


@pytest.mark.parametrize("kind", sorted(FORBIDDEN))
def test_no_tracked_file_holds(kind: str) -> None:
    # The build server alone may look beside the checkout, for a wheel that it can do without.
    allowed = {".ci/run"} if kind == "path beside the repository" else set()
    found = [
        f"{path}:{number}"
        for path, text in tracked_texts().items()
        if str(path) not in allowed
        for number, line in enumerate(text.splitlines(), 1)
        if FORBIDDEN[kind].search(line)
    ]
    assert found == []

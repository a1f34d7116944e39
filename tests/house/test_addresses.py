"""Nothing under version control depends on one machine or on one registry."""

from __future__ import annotations

import re

import pytest

from tests.house.sources import tracked_texts

# Brackets keep the patterns from finding themselves.
FORBIDDEN = {
    "address of a package registry": re.compile(
        r"pypi[.]org|pythonhosted[.]org|pypi[.]python[.]org|registry[.](?:npmjs|yarnpkg)[.]|proxy[.]golang[.]|crates[.]io"
        r"|artifactor[y][./]|jfrog[.]io|(?<![\w-])--(?:extra-)?index[-]url|[/]simple[/]?(?=[\s\"'])"
    ),
    "path beside the repository": re.compile(r"[.][.]/shared"),
    "path of one machine": re.compile(r"(?<![\w.:])/(?:home|root|work|Users|workspace)/[\w.-]|\b[A-Z]:\\\\?Users\b"),
}


@pytest.mark.parametrize("kind", sorted(FORBIDDEN))
def test_no_tracked_file_holds(kind: str) -> None:
    found = [
        f"{path}:{number}"
        for path, text in tracked_texts().items()
        for number, line in enumerate(text.splitlines(), 1)
        if FORBIDDEN[kind].search(line)
    ]
    assert found == []

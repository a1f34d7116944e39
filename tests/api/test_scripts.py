"""Scripts go out small, are asked for again by their tag, and other files as they are."""

from __future__ import annotations

import os
from pathlib import Path

import httpx
import pytest

from api.scripts import LeanFiles, lean_script

MAIN = "/** About. */\nimport { twice } from './part.js';\n\nexport const four = twice(2); // why\n"
PART = "/** Two. */\nimport { two } from './deep.js';\n\nexport function twice(n) {\n  return two * n;\n}\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "main.js").write_text(MAIN, "utf-8")
    (tmp_path / "part.js").write_text(PART, "utf-8")
    (tmp_path / "deep.js").write_text("export const two = 2;\n", "utf-8")
    (tmp_path / "site.css").write_text("/* kept */", "utf-8")
    return tmp_path


def client(folder: Path) -> httpx.AsyncClient:
    return httpx.AsyncClient(transport=httpx.ASGITransport(LeanFiles(directory=folder)), base_url="http://site")


def test_what_is_imported_comes_first_and_once(folder: Path) -> None:
    text = lean_script(folder / "main.js").replace("\n", "")
    assert text == "const two=2;function twice(n){return two*n;}export const four=twice(2);"


async def test_a_script_is_answered_with_a_tag_and_not_sent_twice(folder: Path) -> None:
    async with client(folder) as browser:
        first = await browser.get("/main.js")
        assert first.headers["Content-Type"] == "text/javascript; charset=utf-8"
        assert "import" not in first.text
        known = {"If-None-Match": first.headers["ETag"]}
        assert (await browser.get("/main.js", headers=known)).status_code == 304
        part = folder / "part.js"
        part.write_text(PART.replace("two * n", "two + n"), "utf-8")
        os.utime(part, (2e9, 2e9))
        changed = await browser.get("/main.js", headers=known)
        assert changed.status_code == 200
        assert "two+n" in changed.text


async def test_other_files_are_sent_as_they_are_and_missing_ones_are_missing(folder: Path) -> None:
    async with client(folder) as browser:
        assert (await browser.get("/site.css")).text == "/* kept */"
        with pytest.raises(Exception, match="404"):
            await browser.get("/nothing.js")

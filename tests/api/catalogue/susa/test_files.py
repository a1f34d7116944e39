"""Saved pages in a folder, by the command line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from sqlalchemy import select

from api.catalogue.susa.tables import SusaEvent, SusaRun
from api.database import Database
from api.manage import main
from tests.api.catalogue.susa.conftest import event, info, provider
from tests.api.catalogue.susa.server import listed


@pytest.fixture
def installed(seeded: Database, monkeypatch: pytest.MonkeyPatch) -> Database:
    """The settings point at a seeded database."""
    monkeypatch.setenv("IV_DATABASE_URL", seeded.engine.url.render_as_string(hide_password=False))
    return seeded


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    pages = tmp_path / "sidor"
    pages.mkdir()
    save(pages, "events", "educationEvents", [event("e.1"), event("e.2")])
    save(pages, "infos", "educationInfos", [info()])
    save(pages, "providers", "educationProviders", [provider()])
    return pages


def save(folder: Path, name: str, kind: str, items: list[object], *, total: int | None = None) -> None:
    page = listed(kind, items, total if total is not None else len(items), 0, 2000)
    (folder / f"{name}.json").write_text(json.dumps(page), "utf-8")


def gone(database: Database) -> dict[str, str]:
    with database.transaction(read_only=True) as session:
        return dict(session.execute(select(SusaEvent.source_id, SusaEvent.gone)).all())


def test_saved_pages_go_the_same_way_as_the_mirror(
    installed: Database, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["import-susa", str(folder)]) == 0
    output = capsys.readouterr().out
    assert output.startswith("Hämtningen är klar.")
    assert "Nya som rör oss: 2" in output
    assert gone(installed) == {"e.1": "", "e.2": ""}
    with installed.transaction(read_only=True) as session:
        run = session.scalars(select(SusaRun)).one()
        assert (run.kind, run.state, run.actor) == ("files", "done", "cli")


def test_what_the_pages_lack_is_gone_only_when_they_are_the_whole_list(
    installed: Database, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["import-susa", str(folder)]) == 0
    save(folder, "events", "educationEvents", [event("e.1")])
    assert main(["import-susa", str(folder)]) == 0
    assert gone(installed) == {"e.1": "", "e.2": ""}
    save(folder, "events", "educationEvents", [event("e.1")], total=500)
    assert main(["import-susa", str(folder), "--whole"]) == 2
    assert "inte hela listan" in capsys.readouterr().err
    save(folder, "events", "educationEvents", [event("e.1")])
    assert main(["import-susa", str(folder), "--whole"]) == 0
    assert gone(installed) == {"e.1": "", "e.2": "removed"}


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("<html>", "går inte att läsa som JSON"),
        ('{"educationEvents": [', "går inte att läsa som JSON"),
        ("{}", "ingen sida från Susa-navet"),
        ('["x"]', "ingen sida från Susa-navet"),
    ],
)
def test_a_file_that_is_no_page_is_named_and_nothing_is_stored(
    installed: Database, folder: Path, capsys: pytest.CaptureFixture[str], content: str, words: str
) -> None:
    (folder / "zzz.json").write_text(content)
    assert main(["import-susa", str(folder)]) == 2
    error = capsys.readouterr().err
    assert "zzz.json" in error
    assert words in error
    assert gone(installed) == {}


def test_a_folder_that_is_empty_or_not_there_is_one_sentence(
    installed: Database, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["import-susa", str(tmp_path)]) == 2
    assert "inga .json-filer" in capsys.readouterr().err
    assert main(["import-susa", str(tmp_path / "borta")]) == 2
    assert "finns inte" in capsys.readouterr().err
    (tmp_path / "fil").write_text("x")
    assert main(["import-susa", str(tmp_path / "fil")]) == 1
    assert capsys.readouterr().err.count("\n") == 1

"""The command line, from arguments to exit code and what is printed."""

from __future__ import annotations

from pathlib import Path

import pytest

from api.manage import main

HEADER = "external_id;title;occupation;node;status;places"


@pytest.fixture
def ready(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Path:
    """A folder with a migrated and seeded SQLite database that the settings point at."""
    monkeypatch.delenv("IV_DATABASE_URL", raising=False)
    monkeypatch.setenv("IV_DATA_DIR", str(tmp_path))
    assert main(["migrate"]) == 0
    assert main(["seed"]) == 0
    capsys.readouterr()
    return tmp_path


def file_with(folder: Path, *rows: str) -> str:
    path = folder / "kurser.csv"
    path.write_text("\n".join([HEADER, *rows]) + "\n", "cp1252")
    return str(path)


def test_migrate_and_seed_may_be_repeated(ready: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["migrate"]) == 0
    assert main(["seed"]) == 0
    assert "0 kommuner" in capsys.readouterr().out


def test_a_dry_run_reports_rejected_rows_and_ends_with_0(ready: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = file_with(ready, "NY-1;Svets;Svetsare;Säffle;published;10", "NY-2;Svets;Svetsare;Oslo;published;10")
    assert main(["import", path]) == 0
    output = capsys.readouterr().out
    assert "Provkörning: inget har sparats." in output
    assert "rad 3, node: Oslo" in output
    assert main(["import", path]) == 0
    assert "Nya tillfällen:          1" in capsys.readouterr().out


def test_apply_saves_the_valid_rows_and_undo_takes_them_back(ready: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = file_with(ready, "NY-1;Svets;Svetsare;Säffle;published;10", "NY-2;Svets;Svetsare;Oslo;published;10")
    assert main(["import", path, "--apply"]) == 0
    assert "underkända rader är INTE sparade (1 stycken)" in capsys.readouterr().out
    assert main(["import", path, "--apply"]) == 0
    assert "Inget behövde ändras" in capsys.readouterr().out
    assert main(["undo-import"]) == 0
    assert "Borttagna tillfällen: 1." in capsys.readouterr().out
    assert main(["import", path]) == 0
    assert "Nya tillfällen:          1" in capsys.readouterr().out


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", b"a;b\n", b"\x00"])
def test_a_refused_file_is_one_sentence_and_ends_with_2(
    ready: Path, capsys: pytest.CaptureFixture[str], content: bytes
) -> None:
    path = ready / "fil.csv"
    path.write_bytes(content)
    assert main(["import", str(path), "--apply"]) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err.startswith("Filen kan inte läsas in. ")
    assert captured.err.count("\n") == 1


@pytest.mark.parametrize("name", ["katalog.csv", "katalog.xlsx"])
def test_an_export_is_read_back_without_a_change(ready: Path, capsys: pytest.CaptureFixture[str], name: str) -> None:
    path = str(ready / name)
    assert main(["export", path]) == 0
    assert f"Sparat i {path}." in capsys.readouterr().out
    assert main(["import", path, "--apply"]) == 0
    assert "Inget behövde ändras" in capsys.readouterr().out


@pytest.mark.parametrize("name", ["mall.csv", "mall.xlsx"])
def test_the_template_can_be_imported_as_it_is(ready: Path, capsys: pytest.CaptureFixture[str], name: str) -> None:
    path = str(ready / name)
    assert main(["template", path]) == 0
    assert main(["import", path]) == 0
    output = capsys.readouterr().out
    assert "Nya tillfällen:          1" in output
    assert "Underkända rader:        0" in output


def test_the_largest_file_is_a_setting(
    ready: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (ready / "stor.csv").write_bytes(b"x" * 2_000_000)
    monkeypatch.setenv("IV_IMPORT_MAX_MEGABYTES", "1")
    assert main(["import", str(ready / "stor.csv")]) == 2
    assert "större än 1 MB" in capsys.readouterr().err


def test_a_file_that_is_not_there_is_named(ready: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["import", str(ready / "borta.csv")]) == 2
    assert "borta.csv finns inte" in capsys.readouterr().err


def test_a_folder_cannot_be_imported(ready: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["import", str(ready)]) == 1
    assert "Kontrollera sökvägen" in capsys.readouterr().err


def test_a_database_without_tables_or_out_of_reach_is_one_sentence_without_its_address(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("IV_DATA_DIR", str(tmp_path))
    monkeypatch.delenv("IV_DATABASE_URL", raising=False)
    assert main(["seed"]) == 1
    assert capsys.readouterr().err.startswith("Databasen svarar inte eller saknar tabeller.")
    monkeypatch.setenv("IV_DATABASE_URL", "postgresql://iv:hemligt@127.0.0.1:1/iv")
    assert main(["seed"]) == 1
    captured = capsys.readouterr()
    assert "hemligt" not in captured.out + captured.err
    assert captured.err.count("\n") == 1


def test_the_gazetteer_is_written(ready: Path) -> None:
    assert main(["gazetteer", str(ready / "ny" / "gazetteer.json")]) == 0
    assert (ready / "ny" / "gazetteer.json").stat().st_size > 1000

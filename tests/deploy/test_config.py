from __future__ import annotations

from pathlib import Path

import pytest

from deploy.local.config import Config, check_writable, read_env_file
from deploy.local.progress import SetupError, explain_os_error


def write(folder: Path, name: str, text: str) -> None:
    (folder / name).write_text(text, encoding="utf-8")


def test_the_environment_goes_before_dotenv_and_dotenv_before_the_documented_defaults(tmp_path: Path) -> None:
    write(tmp_path, ".env.example", "IV_A=default\nIV_B=default\nIV_C=default\n")
    write(tmp_path, ".env", "IV_A=own\nIV_B=own\n")
    config = Config.load(tmp_path, {"IV_A": "line"})
    assert [config["IV_A"], config["IV_B"], config["IV_C"]] == ["line", "own", "default"]


def test_the_tests_do_not_see_a_developers_own_dotenv(tmp_path: Path) -> None:
    write(tmp_path, ".env", "IV_A=own\n")
    assert Config.load(tmp_path, {}, dotenv=False)["IV_A"] == ""


def test_comments_quotes_and_export_are_understood(tmp_path: Path) -> None:
    write(tmp_path, ".env", "# a comment\n\nIV_A='with space'\nexport IV_B=x=y\nIV_C=\n")
    assert read_env_file(tmp_path / ".env") == {"IV_A": "with space", "IV_B": "x=y", "IV_C": ""}


def test_a_line_that_sets_nothing_is_named(tmp_path: Path) -> None:
    write(tmp_path, ".env", "IV_A=1\nnonsense\n")
    with pytest.raises(SetupError, match=r"\.env, line 2"):
        read_env_file(tmp_path / ".env")


def test_a_relative_data_folder_counts_from_the_checkout(tmp_path: Path) -> None:
    assert Config.load(tmp_path, {"IV_DATA_DIR": "data"}).data_dir == tmp_path / "data"
    assert Config.load(tmp_path, {"IV_DATA_DIR": "/elsewhere"}).data_dir == Path("/elsewhere")


def test_a_missing_folder_is_made(tmp_path: Path) -> None:
    check_writable(tmp_path / "a" / "b")
    assert list((tmp_path / "a" / "b").iterdir()) == []


def test_a_folder_that_cannot_be_written_in_is_one_sentence_with_advice(tmp_path: Path) -> None:
    write(tmp_path, "file", "")
    # Below a file nobody can make a folder, the administrator included, whom read-only rights would not stop.
    with pytest.raises(SetupError) as refused:
        check_writable(tmp_path / "file" / "var", "Choose another folder.")
    sentence = str(refused.value)
    assert sentence.startswith(f"Cannot write in {tmp_path / 'file' / 'var'} (")
    assert sentence.endswith(" Choose another folder.")
    assert "\n" not in sentence


@pytest.mark.parametrize(("number", "words"), [(28, "disk is full"), (30, "read-only"), (13, "read-only")])
def test_a_failed_write_is_explained(number: int, words: str) -> None:
    assert words in explain_os_error(OSError(number, "reason", "/a/file"))

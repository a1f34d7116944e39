"""`.env.example` is the one list of settings: every variable in it is real, and every real variable is in it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from api.settings import Settings
from deploy.local.config import read_env_file

ROOT = Path(__file__).resolve().parents[1]
EXAMPLE = ROOT / ".env.example"
NAME = re.compile(r"\bIV_[A-Z][A-Z0-9_]*\b")
SOURCES = ("api", "actions", "bot", "deploy")


def settings_fields() -> set[str]:
    """Variables of api and worker, whose names follow from the fields; all others are spelt out in the source."""
    return {f"IV_{name.upper()}" for name in Settings.model_fields}


def named_in_source() -> set[str]:
    """Variables that a source or configuration file names; those of the tests themselves start with IV_TEST_."""
    found: set[str] = set()
    for folder in SOURCES:
        for path in (ROOT / folder).rglob("*"):
            if path.suffix in {".py", ".yml", ".yaml"} and path.is_file():
                found |= set(NAME.findall(path.read_text(encoding="utf-8")))
    return {name for name in found if not name.startswith("IV_TEST_") and not name.endswith("_")}


def documented() -> dict[str, str]:
    return read_env_file(EXAMPLE)


def test_every_setting_is_in_the_example() -> None:
    assert settings_fields() - documented().keys() == set()


def test_every_variable_that_the_source_names_is_in_the_example() -> None:
    assert named_in_source() - documented().keys() == set()


def test_every_variable_of_the_example_is_real() -> None:
    assert documented().keys() - settings_fields() - named_in_source() == set()


def test_every_variable_of_the_example_is_explained_above_it() -> None:
    lines = EXAMPLE.read_text(encoding="utf-8").splitlines()
    bare = [
        line
        for before, line in zip(["", *lines], lines, strict=False)
        if NAME.match(line) and not before.startswith("# ")
    ]
    assert bare == []


@pytest.mark.parametrize("field", sorted(Settings.model_fields))
def test_the_example_gives_the_default(field: str) -> None:
    default = Settings.model_fields[field].default
    written = documented()[f"IV_{field.upper()}"]
    if isinstance(default, tuple):
        assert written == ",".join(default)
    elif isinstance(default, bool):
        assert written == str(default).lower()
    elif isinstance(default, int | float):
        assert float(written) == default
    else:
        assert written == ("" if default is None else str(default))

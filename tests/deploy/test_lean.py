"""The image holds what serves, and not the tools of the tests: it is freed of them after the shared set-up."""

from __future__ import annotations

import subprocess
import sys
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest
import tomllib
from packaging.requirements import Requirement

from deploy.lean import needed, unneeded
from deploy.local.config import ROOT

PYPROJECT = ROOT / "pyproject.toml"
GROUPS = tomllib.loads(PYPROJECT.read_text("utf-8"))["dependency-groups"]

WITHOUT_THEM = """
import sys

class Gone:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in GONE:
            raise ModuleNotFoundError(name)

GONE = set(sys.argv[2:])
sys.meta_path.insert(0, Gone())
import actions.__main__, api.__main__, api.main, api.manage, api.worker, deploy.serving
import psycopg, uvicorn.protocols.http.h11_impl
api.main.create_app(api.main.Settings(database_url=sys.argv[1]))
"""


def names(group: str) -> set[str]:
    return {Requirement(each).name for each in GROUPS[group]}


def test_the_tools_of_the_tests_go_and_what_is_asked_for_stays() -> None:
    gone = unneeded(PYPROJECT)
    assert names("dev") <= gone
    assert not gone & names("app")


def test_everything_starts_without_them(tmp_path: Path) -> None:
    gone = unneeded(PYPROJECT)
    modules = {top for top, owners in packages_distributions().items() if {owner.lower() for owner in owners} <= gone}
    assert {"pytest", "playwright", "hypothesis", "mypy"} <= modules
    command = [sys.executable, "-c", WITHOUT_THEM, f"sqlite:///{tmp_path}/empty.db", *modules]
    assert subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False).stderr == ""


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        ("httpx", {"httpx", "httpcore", "h11"}),
        ("psycopg[binary]", {"psycopg", "psycopg-binary"}),
        ("colorama ; sys_platform == 'win32'", set()),
    ],
)
def test_what_others_ask_for_is_followed(wanted: str, found: set[str]) -> None:
    assert found <= needed([Requirement(wanted)])
    assert "pytest" not in needed([Requirement(wanted)])


def test_the_image_is_freed_of_them() -> None:
    lines = (ROOT / "deploy" / "Containerfile").read_text("utf-8")
    assert "-m deploy.lean pyproject.toml | xargs" in lines
    assert lines.index("deploy.local setup") < lines.index("deploy.lean") < lines.index("COPY . .")

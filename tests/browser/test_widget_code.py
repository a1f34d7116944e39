"""The widget's modules: types, syntax that old telephones know, and what is sent means what was written."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from api.scripts import lean_script, together
from tests.npm import installed

HERE = Path(__file__).with_name("types")
ROOT = Path(__file__).resolve().parents[2]
WIDGET = ROOT / "api" / "static" / "widget"
FORBIDDEN = re.compile(
    r"\b(?:innerHTML|outerHTML|insertAdjacentHTML|document\.write|eval|DOMParser|srcdoc)\b|new Function"
    r"|setAttribute\('style'"
)


@pytest.fixture(scope="module")
def compiler() -> Path:
    """A folder with TypeScript, made once for each lock file."""
    folder = installed(HERE, "widget-types")
    shutil.copy(HERE / "compare.mjs", folder)
    return folder


def check_types(compiler: Path, folder: Path) -> str:
    """What `tsc --checkJs --strict` objects to in the modules of a folder, with only ES2019 to lean on."""
    settings = {"extends": str(HERE / "tsconfig.json"), "files": [str(path) for path in sorted(folder.glob("*.?s"))]}
    (compiler / "tsconfig.json").write_text(json.dumps(settings), "utf-8")
    command = ["node", "node_modules/typescript/bin/tsc", "-p", "tsconfig.json"]
    return subprocess.run(command, cwd=compiler, capture_output=True, text=True).stdout


def test_the_types_are_strict_and_hold(compiler: Path) -> None:
    assert check_types(compiler, WIDGET) == ""


def test_a_wrong_type_is_found(compiler: Path, tmp_path: Path) -> None:
    for path in WIDGET.glob("*.*s"):
        shutil.copy(path, tmp_path)
    dates = tmp_path / "swedish.js"
    dates.write_text(dates.read_text("utf-8") + "\nexport const wrong = pace('50').toFixed(1);\n", "utf-8")
    assert "toFixed" in check_types(compiler, tmp_path)


def compare(compiler: Path, scripts: list[tuple[str, str, str]]) -> str:
    command = ["node", "compare.mjs"]
    result = subprocess.run(
        command, cwd=compiler, input=json.dumps(scripts), capture_output=True, text=True, check=True
    )
    return result.stdout.strip()


def test_what_is_sent_means_what_was_written_and_is_es2019(compiler: Path) -> None:
    scripts = [(path.name, together(path), lean_script(path)) for path in sorted(WIDGET.glob("*.js"))]
    assert len(scripts) > 10
    assert compare(compiler, scripts) == ""


@pytest.mark.parametrize(
    ("source", "sent", "says"),
    [
        ("const a = `${b ? `x, y` : ''}`;", "const a=`${b?`x,y`:''}`;", "became"),
        ("const a = b?.c;", "const a=b?.c;", "newer than ES2019"),
        ("a ||= 1;", "a||=1;", "newer than ES2019"),
    ],
)
def test_the_comparison_finds_what_it_looks_for(compiler: Path, source: str, sent: str, says: str) -> None:
    assert says in compare(compiler, [("a.js", source, sent)])


def test_no_name_at_the_top_of_a_module_is_in_another() -> None:
    names = [
        name
        for path in WIDGET.glob("*.js")
        for name in re.findall(
            r"^(?:export )?(?:async )?(?:class|const|let|function) (\w+)", path.read_text("utf-8"), re.M
        )
    ]
    assert sorted(names) == sorted(set(names))


@pytest.mark.parametrize("path", sorted(WIDGET.glob("*.js")), ids=lambda path: path.name)
def test_no_module_parses_markup_or_text_as_code(path: Path) -> None:
    assert FORBIDDEN.findall(path.read_text("utf-8")) == []

"""Documents that promise row by row: the widget's checklist and the tables of docs/trust name only tests that exist."""

from __future__ import annotations

import ast
import re
from collections import defaultdict
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
CHECKLIST = ROOT / "docs" / "widget-checklist.md"
TABLES = [CHECKLIST, *sorted((ROOT / "docs" / "trust").glob("*.md"))]
NAMED = re.compile(r"`(test_\w+)::(test_\w+)`")

each_table = pytest.mark.parametrize("document", TABLES, ids=lambda path: path.stem)


def rows(document: Path) -> list[list[str]]:
    """The cells of each row of the tables that have a column `tests`, their heads left out; that column last."""
    found: list[list[str]] = []
    column: int | None = None
    for line in document.read_text("utf-8").splitlines():
        cells = [cell.strip() for cell in line.strip().strip("|").split("|")]
        if not line.startswith("|"):
            column = None
        elif "tests" in cells:
            column = cells.index("tests")
        elif column is not None and not set(line) <= set("|-: "):
            found.append([*cells, cells[column]])
    return found


@cache
def known() -> dict[str, set[str]]:
    """Name of a test module → its tests, wherever below tests/ it lies, those in classes too."""
    found: defaultdict[str, set[str]] = defaultdict(set)
    for path in (ROOT / "tests").rglob("test_*.py"):
        tree = ast.parse(path.read_text("utf-8"))
        found[path.stem] |= {
            node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        }
        found[path.stem] |= {
            target.id
            for node in tree.body
            if isinstance(node, ast.Assign)
            for target in node.targets
            if isinstance(target, ast.Name)
        }  # state machines: TestX = Machine.TestCase
    return dict(found)


@each_table
def test_every_row_names_a_test_that_exists(document: Path) -> None:
    wrong = {}
    for row in rows(document):
        named = NAMED.findall(row[-1])
        missing = [f"{module}::{name}" for module, name in named if name not in known().get(module, set())]
        if missing or not named:
            wrong[row[0]] = missing or "no test"
    assert wrong == {}


@each_table
def test_every_table_is_read(document: Path) -> None:
    assert rows(document), "no table with a column `tests`"


def test_the_checklist_has_all_42_rows() -> None:
    assert [int(row[0]) for row in rows(CHECKLIST)] == list(range(1, 43))

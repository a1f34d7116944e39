"""A migration runs while the version before it still serves: it may add, and takes nothing away that is in use.

What takes something away says in `contracts` which version was the last to use it; a later one may drop it.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import tomllib

ROOT = Path(__file__).resolve().parents[2]
MIGRATIONS = sorted((ROOT / "api" / "migrations" / "versions").glob("*.py"))
VERSION = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["version"]
TAKES_AWAY = {"drop_table", "drop_column", "rename_table", "drop_constraint"}
CHANGES = {"new_column_name", "type_"}
TAKES_AWAY_IN_SQL = re.compile(
    r"\bDROP\s+(TABLE|COLUMN|CONSTRAINT)|\bRENAME\b|\bTYPE\b|\bSET\s+NOT\s+NULL", re.IGNORECASE
)


def dangers(source: str) -> list[str]:
    """What a migration does on its way up that the version before it would not survive, with line numbers."""
    tree = ast.parse(source)
    up = [node for node in tree.body if not (isinstance(node, ast.FunctionDef) and node.name == "downgrade")]
    calls = [node for part in up for node in ast.walk(part) if isinstance(node, ast.Call)]
    return [f"line {call.lineno}: {danger}" for call in calls for danger in _dangers_of(call)]


def _dangers_of(call: ast.Call) -> Iterator[str]:
    name = call.func.attr if isinstance(call.func, ast.Attribute) else ""
    given = {keyword.arg: keyword.value for keyword in call.keywords}
    if name in TAKES_AWAY:
        yield name
    elif name == "alter_column":
        yield from (f"alter_column with {each}" for each in sorted(CHANGES & given.keys()))
        if _is(given.get("nullable"), False):
            yield "a column that must have a value from now on"
    elif name == "add_column":
        for column in (node for node in ast.walk(call) if isinstance(node, ast.Call) and _named(node) == "Column"):
            of_column = {keyword.arg: keyword.value for keyword in column.keywords}
            if _is(of_column.get("nullable"), False) and "server_default" not in of_column:
                yield "a new column that must have a value, without a server_default"
    elif name in {"execute", "exec_driver_sql"}:
        said = " ".join(
            node.value for node in ast.walk(call) if isinstance(node, ast.Constant) and isinstance(node.value, str)
        )
        if found := TAKES_AWAY_IN_SQL.search(said):
            yield found[0]


def _named(call: ast.Call) -> str:
    return call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")


def _is(node: ast.expr | None, value: object) -> bool:
    return isinstance(node, ast.Constant) and node.value is value


def contracts(source: str) -> str:
    """The version that was the last to use what is taken away; "" when a migration names none."""
    found = re.search(r'^contracts = "(\d+\.\d+\.\d+)"$', source, re.MULTILINE)
    return found[1] if found else ""


def may_run(source: str, version: str) -> bool:
    """Whether a migration of the release `version` may run beside the release before."""
    if not dangers(source):
        return True
    last = contracts(source)
    return bool(last) and tuple(map(int, last.split("."))) < tuple(map(int, version.split(".")))


@pytest.mark.parametrize("path", MIGRATIONS, ids=lambda path: path.stem)
def test_the_version_before_goes_on_while_a_migration_runs(path: Path) -> None:
    source = path.read_text("utf-8")
    assert may_run(source, VERSION), dangers(source)


@pytest.mark.parametrize("path", MIGRATIONS, ids=lambda path: path.stem)
def test_a_migration_can_be_taken_back(path: Path) -> None:
    tree = ast.parse(path.read_text("utf-8"))
    assert {"upgrade", "downgrade"} <= {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}


UP = 'def upgrade():\n    {}\n\ndef downgrade():\n    op.drop_table("x")\n'


@pytest.mark.parametrize(
    "line",
    [
        'op.drop_table("x")',
        'op.drop_column("x", "y")',
        'op.rename_table("x", "z")',
        'batch.drop_column("y")',
        'op.alter_column("x", "y", new_column_name="z")',
        'op.alter_column("x", "y", nullable=False)',
        'op.alter_column("x", "y", type_=sa.Text())',
        'op.add_column("x", sa.Column("y", sa.Integer(), nullable=False))',
        'op.execute("ALTER TABLE x RENAME COLUMN y TO z")',
        'op.execute(f"ALTER TABLE {name} ALTER COLUMN y SET NOT NULL")',
    ],
)
def test_what_takes_something_away_needs_a_version_that_no_longer_used_it(line: str) -> None:
    source = UP.format(line)
    assert not may_run(source, "0.2.0")
    assert may_run(f'contracts = "0.1.0"\n{source}', "0.2.0")
    assert not may_run(f'contracts = "0.2.0"\n{source}', "0.2.0")


@pytest.mark.parametrize(
    "line",
    [
        'op.create_table("x", sa.Column("y", sa.Integer(), nullable=False))',
        'op.add_column("x", sa.Column("y", sa.Integer(), nullable=True))',
        'op.add_column("x", sa.Column("y", sa.Boolean(), nullable=False, server_default=sa.false()))',
        'op.alter_column("x", "y", nullable=True)',
        'op.drop_index("ix", table_name="x")',
        'op.execute("UPDATE x SET y = 1")',
    ],
)
def test_what_only_adds_needs_nothing(line: str) -> None:
    assert may_run(UP.format(line), "0.2.0")

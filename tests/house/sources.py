"""The project's own source, parsed once for the rules in this folder."""

from __future__ import annotations

import ast
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("api", "actions", "bot", "deploy")


@dataclass(frozen=True)
class Module:
    """A Python file of ours: `path` from the root, dotted `name`, syntax tree."""

    path: Path
    name: str
    tree: ast.Module

    @property
    def is_package(self) -> bool:
        return self.path.name == "__init__.py"

    def where(self, node: ast.AST) -> str:
        return f"{self.path}:{getattr(node, 'lineno', 1)}"


@cache
def modules(*packages: str) -> tuple[Module, ...]:
    """Every Python file under the packages."""
    return tuple(_parsed(path) for package in packages for path in sorted((ROOT / package).rglob("*.py")))


def _parsed(path: Path) -> Module:
    parts = path.relative_to(ROOT).with_suffix("").parts
    name = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
    return Module(path.relative_to(ROOT), name, ast.parse(path.read_text("utf-8"), str(path)))


@cache
def module_names() -> frozenset[str]:
    return frozenset(module.name for module in modules(*PACKAGES))


def imports(module: Module) -> Iterator[tuple[ast.stmt, str]]:
    """Every import of the module, those inside functions too, as the dotted name of the module it reaches."""
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Import):
            yield from ((node, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = _absolute(module, node)
            for alias in node.names:
                inner = f"{base}.{alias.name}"
                yield node, inner if inner in module_names() else base


def _absolute(module: Module, node: ast.ImportFrom) -> str:
    if not node.level:
        return node.module or ""
    parts = module.name.split(".")
    kept = parts[: len(parts) - node.level + module.is_package]
    return ".".join([*kept, *([node.module] if node.module else [])])


def docstrings(tree: ast.AST) -> set[int]:
    """Ids of the constants that are docstrings, those below an attribute too."""
    return {
        id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    }


@cache
def tracked_texts() -> dict[Path, str]:
    """Every file that is under version control, or new and not ignored, and can be read as text."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        check=True,
    ).stdout.decode()
    texts: dict[Path, str] = {}
    for name in filter(None, listed.split("\0")):
        path = ROOT / name
        if path.is_file():
            try:
                texts[Path(name)] = path.read_text("utf-8")
            except UnicodeDecodeError:
                continue
    return texts

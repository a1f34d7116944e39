"""What the documents say can be followed: links, files, commands, settings, the version, and what guards a decision."""

from __future__ import annotations

import ast
import re
import xml.etree.ElementTree as ElementTree
from pathlib import Path

import pytest
import tomllib

from deploy.local.config import read_env_file
from tests.house.sources import tracked_texts

ROOT = Path(__file__).resolve().parents[1]
DOCUMENTS = [
    ROOT / "README.md",
    ROOT / "CONTRIBUTING.md",
    ROOT / "CHANGELOG.md",
    *sorted((ROOT / "docs").rglob("*.md")),
]
DECISIONS = sorted((ROOT / "docs" / "decisions").glob("[0-9]*.md"))
IMAGES = sorted((ROOT / "docs" / "images").iterdir())

MADE_LATER = ("var/", "models/", ".venv/")
"""Folders that a fresh checkout does not have yet."""
SECTIONS = ["Context", "Decision", "Consequences", "Guarded by"]
LARGEST_IMAGE = 300_000
"""Bytes."""

FENCED = re.compile(r"^ *```.*?^ *```", re.MULTILINE | re.DOTALL)
SPAN = re.compile(r"`([^`\n]+)`")
LINK = re.compile(r"(?P<image>!?)\[(?P<text>[^\]]*)\]\((?P<target>[^)\s]+)\)")
FILE = re.compile(r"[\w.-]+(?:/[\w.-]+)*/?")
SUFFIXES = {".py", ".yml", ".toml", ".md", ".csv", ".svg", ".png", ".txt", ".example"}

each_document = pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
each_decision = pytest.mark.parametrize("decision", DECISIONS, ids=lambda path: path.stem)


def prose(document: Path) -> str:
    """The text without blocks of code."""
    return FENCED.sub("", document.read_text("utf-8"))


def code(document: Path) -> str:
    """Blocks and spans of code, one a line."""
    return "\n".join([*FENCED.findall(document.read_text("utf-8")), *SPAN.findall(prose(document))])


def links(document: Path) -> list[re.Match[str]]:
    return list(LINK.finditer(SPAN.sub("", prose(document))))


def is_there(name: str) -> bool:
    """Whether a file or folder in a span of code exists. One without a folder may lie anywhere."""
    if "/" in name.rstrip("/"):
        top = ROOT / name.split("/")[0]
        return not top.exists() or (ROOT / name).exists()  # what begins with no folder of ours is no path of ours
    if name.endswith("/"):
        return (ROOT / name).exists() or any(name.rstrip("/") in path.parts for path in tracked_texts())
    return Path(name).suffix not in SUFFIXES or any(path.name == name for path in tracked_texts())


def targets() -> dict[str, str]:
    """Target of the Makefile → what it says about itself."""
    makefile = (ROOT / "Makefile").read_text("utf-8")
    return dict(re.findall(r"^([a-z-]+):.*?## (.+)$", makefile, re.MULTILINE))


def sections(document: Path) -> dict[str, str]:
    parts = re.split(r"^## (.+)$", document.read_text("utf-8"), flags=re.MULTILINE)[1:]
    return dict(zip(parts[::2], (text.strip() for text in parts[1::2]), strict=True))


def defines(path: Path, name: str) -> bool:
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
    return any(isinstance(node, kinds) and node.name == name for node in ast.walk(ast.parse(path.read_text("utf-8"))))


@each_document
def test_every_relative_link_leads_somewhere(document: Path) -> None:
    local = [link["target"].partition("#")[0] for link in links(document) if "://" not in link["target"]]
    assert [target for target in local if target and not (document.parent / target).exists()] == []


@each_document
def test_every_image_says_in_words_what_it_shows(document: Path) -> None:
    assert [link["target"] for link in links(document) if link["image"] and len(link["text"]) < 20] == []


@each_document
def test_every_file_that_is_named_exists(document: Path) -> None:
    named = [span.partition("::")[0] for span in SPAN.findall(prose(document))]
    files = [name for name in named if FILE.fullmatch(name) and not name.startswith(MADE_LATER)]
    assert [name for name in files if not is_there(name)] == []


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("api/main.py", True),
        ("api/never_written.py", False),
        ("docs/gone/", False),
        ("data/nlu/", True),
        ("main.py", True),
        ("never_written.py", False),
        ("gone/", False),
        ("application/json", True),
    ],
)
def test_a_file_that_does_not_exist_is_noticed(name: str, expected: bool) -> None:
    assert is_there(name) is expected


@each_document
def test_every_make_command_that_is_named_exists(document: Path) -> None:
    assert set(re.findall(r"\bmake ([a-z][a-z-]*)", code(document))) - targets().keys() == set()


def test_the_readme_describes_every_make_command() -> None:
    described = re.findall(r"^\| `make ([a-z-]+)` \| .{10,} \|$", (ROOT / "README.md").read_text("utf-8"), re.MULTILINE)
    assert sorted(described) == sorted(targets())


@each_document
def test_every_setting_that_is_named_exists(document: Path) -> None:
    named = {name for name in re.findall(r"\bIV_[A-Z_]+\b", document.read_text("utf-8")) if "_TEST_" not in name}
    assert named - read_env_file(ROOT / ".env.example").keys() == set()


def test_the_newest_heading_of_the_changelog_is_the_version_or_unreleased() -> None:
    newest = re.search(r"^## \[([^\]]+)\]", (ROOT / "CHANGELOG.md").read_text("utf-8"), re.MULTILINE)
    version = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["version"]
    assert newest is not None
    assert newest[1] in {version, "Unreleased"}


def test_the_licence_is_the_same_everywhere() -> None:
    licence = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["license"]
    for name in ("LICENSE", "README.md", "CONTRIBUTING.md"):
        assert licence in (ROOT / name).read_text("utf-8"), name


def test_contributing_explains_every_house_test() -> None:
    text = (ROOT / "CONTRIBUTING.md").read_text("utf-8")
    tests = (ROOT / "tests" / "house").glob("test_*.py")
    assert [path.name for path in tests if f"`{path.relative_to(ROOT).as_posix()}`" not in text] == []


def test_decisions_are_numbered_without_a_gap_and_listed() -> None:
    assert [path.name[:4] for path in DECISIONS] == [f"{number:04}" for number in range(1, len(DECISIONS) + 1)]
    listed = [link["target"] for link in links(ROOT / "docs" / "decisions" / "README.md")]
    assert listed == [path.name for path in DECISIONS]


@each_decision
def test_a_decision_has_the_four_sections_and_its_number(decision: Path) -> None:
    found = sections(decision)
    assert list(found) == SECTIONS
    assert all(found.values())
    assert decision.read_text("utf-8").startswith(f"# {decision.name[:4]}: ")


@each_decision
def test_what_guards_a_decision_exists(decision: Path) -> None:
    guards = re.findall(r"^- `([\w./-]+\.py)::(\w+)`", sections(decision)["Guarded by"], re.MULTILINE)
    assert guards
    missing = [f"{path}::{name}" for path, name in guards if not (ROOT / path).is_file()]
    missing += [
        f"{path}::{name}" for path, name in guards if (ROOT / path).is_file() and not defines(ROOT / path, name)
    ]
    assert missing == []


@pytest.mark.parametrize("image", IMAGES, ids=lambda path: path.name)
def test_a_picture_is_small_and_a_drawing_describes_itself(image: Path) -> None:
    assert image.stat().st_size < LARGEST_IMAGE
    if image.suffix == ".svg":
        drawing = ElementTree.parse(image).getroot()
        named = {element.get("id"): element.text for element in drawing if element.get("id")}
        assert drawing.get("role") == "img"
        assert all(named.get(name) for name in (drawing.get("aria-labelledby") or "none").split())

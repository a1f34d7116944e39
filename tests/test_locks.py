"""The lock files fit pyproject.toml: told from the files and the environments built from them, without network."""

from __future__ import annotations

import re
from collections.abc import Iterable
from importlib.metadata import Distribution, distributions
from pathlib import Path

import pytest
import tomllib
from packaging.markers import Environment as MarkerEnvironment
from packaging.markers import default_environment
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from deploy.local.commands import LOCKS
from deploy.local.environments import Environment

ROOT = Path(__file__).resolve().parents[1]
PIN = re.compile(
    r"(?P<name>[a-z0-9][a-z0-9.-]*)(\[[a-z0-9,-]+\])?==(?P<version>[0-9][\w.+!]*)( ; (?P<marker>[^\\]+?))? \\"
)
HASH = re.compile(r"    --hash=sha256:[0-9a-f]{64}( \\)?")
STALE = "run `make lock`"

each_lock = pytest.mark.parametrize("name", sorted(LOCKS))


def lines(name: str) -> list[str]:
    return (ROOT / "requirements" / f"{name}.txt").read_text(encoding="utf-8").splitlines()


def pins(name: str) -> dict[str, set[str]]:
    """Package → the versions pinned, of which there may be several under different markers."""
    found: dict[str, set[str]] = {}
    for line in lines(name):
        match = PIN.fullmatch(line)
        if match:
            found.setdefault(canonicalize_name(match["name"]), set()).add(match["version"])
    return found


def wanted(name: str) -> list[Requirement]:
    """What the groups of this lock ask for."""
    groups = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["dependency-groups"]
    return [Requirement(text) for group in LOCKS[name][0] for text in groups[group]]


@each_lock
def test_a_lock_holds_names_versions_markers_and_hashes_and_nothing_else(name: str) -> None:
    strange = [line for line in lines(name) if not (PIN.fullmatch(line) or HASH.fullmatch(line))]
    assert strange == []


@each_lock
def test_every_pin_has_a_hash(name: str) -> None:
    text = lines(name)
    naked = [
        line
        for line, after in zip(text, [*text[1:], ""], strict=True)
        if PIN.fullmatch(line) and not HASH.fullmatch(after)
    ]
    assert naked == []


@each_lock
def test_every_requirement_of_pyproject_is_pinned_to_a_version_it_allows(name: str) -> None:
    locked = pins(name)
    stale = [
        str(requirement)
        for requirement in wanted(name)
        if not any(
            requirement.specifier.contains(v, prereleases=True)
            for v in locked.get(canonicalize_name(requirement.name), ())
        )
    ]
    assert stale == [], STALE


@each_lock
def test_a_lock_holds_no_package_that_nothing_asks_for_any_more(name: str) -> None:
    packages = Environment(name, ROOT).site_packages
    if packages is None:
        pytest.skip(f".venv/{name} is not here: make setup")
    installed = {canonicalize_name(each.name): each for each in distributions(path=[str(packages)])}
    left_over = (pins(name).keys() & installed.keys()) - asked_for(wanted(name), installed, markers_of(packages))
    assert left_over == set(), STALE


def asked_for(start: Iterable[Requirement], installed: dict[str, Distribution], markers: MarkerEnvironment) -> set[str]:
    """Everything the requirements bring in, by the metadata of what is installed."""
    todo = [(canonicalize_name(each.name), extra) for each in start for extra in ("", *each.extras)]
    seen: set[tuple[str, str]] = set()
    while todo:
        name, extra = todo.pop()
        if (name, extra) in seen or name not in installed:
            continue
        seen.add((name, extra))
        for text in installed[name].requires or ():
            needed = Requirement(text)
            if needed.marker is None or needed.marker.evaluate({**markers, "extra": extra}):
                todo += [(canonicalize_name(needed.name), each) for each in ("", *needed.extras)]
    return {str(name) for name, _ in seen}


def markers_of(packages: Path) -> MarkerEnvironment:
    """This machine's markers with the Python of that environment, read from its folder `lib/python3.10`."""
    environment = default_environment()
    version = packages.parent.name.removeprefix("python")
    environment["python_version"] = version
    environment["python_full_version"] = f"{version}.0"
    return environment

"""`python -m deploy.lean PYPROJECT`: names of the installed packages that the product does not need when it serves.

The environment `app` holds the tools of the tests too, since one lock file is for both. The image is built with it and
then freed of them: `deploy/Containerfile`. Run with the Python of that environment.
"""

from __future__ import annotations

import importlib.metadata
import re
import sys
from collections.abc import Iterable
from pathlib import Path

import tomllib
from packaging.requirements import Requirement

GROUP = "app"
ALSO_KEPT = frozenset({"pip", "setuptools", "wheel", "uv"})
"""Not ours to take away."""


def main(arguments: list[str]) -> int:
    """Print the names, one a line."""
    (pyproject,) = arguments
    print("\n".join(sorted(unneeded(Path(pyproject)))))
    return 0


def unneeded(pyproject: Path) -> set[str]:
    """Installed packages that nothing in the group `app` asks for, directly or by way of others."""
    wanted = tomllib.loads(pyproject.read_text("utf-8"))["dependency-groups"][GROUP]
    installed = {_plain(each.metadata["Name"]) for each in importlib.metadata.distributions()}
    return installed - needed(map(Requirement, wanted)) - ALSO_KEPT


def needed(wanted: Iterable[Requirement]) -> set[str]:
    """Everything that these ask for here, extras included. Raises PackageNotFoundError when something is missing."""
    found: set[str] = set()
    seen: set[tuple[str, str]] = set()
    waiting = [(requirement, "") for requirement in wanted]
    while waiting:
        requirement, extra_of_asker = waiting.pop()
        if requirement.marker and not requirement.marker.evaluate({"extra": extra_of_asker}):
            continue
        name = _plain(requirement.name)
        for extra in {"", *requirement.extras}:
            if (name, extra) not in seen:
                seen.add((name, extra))
                found.add(name)
                waiting += [(Requirement(each), extra) for each in importlib.metadata.requires(name) or ()]
    return found


def _plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

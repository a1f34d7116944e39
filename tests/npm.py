"""Programs from npm that tests start: installed by their lock file, once for each of its versions."""

from __future__ import annotations

import hashlib
import shutil
import subprocess
from pathlib import Path

import pytest

_ENVIRONMENTS = Path(__file__).resolve().parents[1] / ".venv"


def installed(source: Path, name: str) -> Path:
    """The folder where the packages of `source`'s package-lock.json are installed. Skips the test without npm."""
    if not (shutil.which("npm") and shutil.which("node")):
        pytest.skip("npm is not here: apt-get install nodejs npm (.ci/run does)")
    mark = hashlib.sha256((source / "package-lock.json").read_bytes()).hexdigest()[:12]
    folder = _ENVIRONMENTS / f"{name}-{mark}"
    if not (folder / "done").exists():
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        for file in ("package.json", "package-lock.json"):
            shutil.copy(source / file, folder)
        command = ["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund"]
        subprocess.run(command, cwd=folder, check=True, capture_output=True)
        (folder / "done").touch()
    return folder

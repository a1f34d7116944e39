"""A disk without a free byte (ENOSPC), for all four processes at once."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from deploy.local.config import ROOT

pytestmark = pytest.mark.model

NAMESPACES = (["unshare", "--mount"], ["unshare", "--map-root-user", "--mount"])
"""As root, and as an ordinary user where the kernel lets one."""


@pytest.fixture
def alone(tmp_path: Path) -> list[str]:
    """How to run something that mounts a disk for itself alone."""
    for command in NAMESPACES:
        try:
            tried = subprocess.run(
                [*command, "mount", "-t", "tmpfs", "tmpfs", tmp_path], capture_output=True, check=False
            )
        except FileNotFoundError:
            continue
        if tried.returncode == 0:
            return command
    pytest.skip("no disk of its own can be mounted here; test_unwritable has the weaker fault")


def test_people_are_told_nothing_is_lost_and_all_goes_on_when_there_is_room_again(
    alone: list[str], tmp_path: Path
) -> None:
    folder = tmp_path / "disk"
    folder.mkdir()
    command = [*alone, sys.executable, "-m", "tests.stack.faults.full_disk", folder]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, (done.stdout + done.stderr)[-4000:]

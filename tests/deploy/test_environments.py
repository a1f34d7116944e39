from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from deploy.local import environments
from deploy.local.environments import STAMP, Environment, check_space, ensure_uv, find_python, python_version
from deploy.local.progress import Progress, SetupError

OWN = (sys.version_info[0], sys.version_info[1])
DOTTED = ".".join(map(str, OWN))


def script(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\n{text}\n", encoding="utf-8")
    path.chmod(0o755)
    return path


def working_python(path: Path) -> Path:
    return script(path, f'exec "{sys.executable}" "$@"')


@pytest.fixture
def failing_uv(tmp_path: Path) -> Path:
    """A uv that gives up, as the real one does at a pyenv shim that fails."""
    return script(tmp_path / "uv", 'echo "error: Failed to inspect Python interpreter" >&2; exit 2')


def failing_shim(path: Path) -> Path:
    return script(path, 'echo "pyenv: command not found" >&2; exit 127')


def test_a_failing_shim_is_passed_over_for_the_python_pyenv_keeps(tmp_path: Path, failing_uv: Path) -> None:
    failing_shim(tmp_path / "shims" / f"python{DOTTED}")
    kept = working_python(tmp_path / "pyenv" / "versions" / f"{DOTTED}.13" / "bin" / f"python{DOTTED}")
    env = {"PATH": str(tmp_path / "shims"), "PYENV_ROOT": str(tmp_path / "pyenv"), "HOME": str(tmp_path)}
    assert find_python(failing_uv, env, OWN) == kept


def test_the_newest_python_of_pyenv_that_runs_is_taken(tmp_path: Path, failing_uv: Path) -> None:
    versions = tmp_path / ".pyenv" / "versions"
    failing_shim(versions / f"{DOTTED}.14" / "bin" / f"python{DOTTED}")
    newer = working_python(versions / f"{DOTTED}.13" / "bin" / f"python{DOTTED}")
    working_python(versions / f"{DOTTED}.9" / "bin" / f"python{DOTTED}")
    assert find_python(failing_uv, {"PATH": "", "HOME": str(tmp_path)}, OWN) == newer


def test_a_later_place_on_path_counts_when_the_first_fails(tmp_path: Path, failing_uv: Path) -> None:
    failing_shim(tmp_path / "shims" / f"python{DOTTED}")
    real = working_python(tmp_path / "bin" / f"python{DOTTED}")
    env = {"PATH": f"{tmp_path / 'shims'}:{tmp_path / 'bin'}", "HOME": str(tmp_path)}
    assert find_python(failing_uv, env, OWN) == real


def test_what_uv_finds_is_run_before_it_is_believed(tmp_path: Path) -> None:
    broken = failing_shim(tmp_path / "broken")
    uv = script(tmp_path / "uv", f"echo {broken}")
    assert find_python(uv, {"PATH": "", "HOME": str(tmp_path)}, OWN) is None


def test_a_python_of_another_version_is_not_taken(tmp_path: Path, failing_uv: Path) -> None:
    working_python(tmp_path / "bin" / "python3.1")
    assert find_python(failing_uv, {"PATH": str(tmp_path / "bin"), "HOME": str(tmp_path)}, (3, 1)) is None


def test_the_version_of_something_that_does_not_run_is_unknown(tmp_path: Path) -> None:
    assert python_version(tmp_path / "missing") is None
    assert python_version(Path(sys.executable)) == OWN


def test_a_uv_on_path_that_fails_or_is_too_old_is_not_used(tmp_path: Path) -> None:
    script(tmp_path / "bin" / "uv", "echo uv 0.1.0")
    own = script(tmp_path / ".venv" / "tools" / "bin" / "uv", "echo uv 0.13.9")
    env = {"PATH": str(tmp_path / "bin")}
    assert ensure_uv(tmp_path, tmp_path / "log", env, Progress(quiet=True)) == own


def test_a_uv_on_path_that_works_is_used(tmp_path: Path) -> None:
    uv = script(tmp_path / "bin" / "uv", "echo uv 0.9.1")
    assert ensure_uv(tmp_path, tmp_path / "log", {"PATH": str(tmp_path / "bin")}, Progress(quiet=True)) == uv


@pytest.fixture
def environment(tmp_path: Path) -> Environment:
    """An environment that was built from its lock file."""
    made = Environment("bot", tmp_path)
    made.lock.parent.mkdir()
    made.lock.write_text("a==1\n", encoding="utf-8")
    working_python(made.python)
    stamp = {"lock": made.lock_hash(), "folder": str(made.folder)}
    (made.folder / STAMP).write_text(json.dumps(stamp), encoding="utf-8")
    return made


def test_an_environment_is_current_until_its_lock_file_changes(environment: Environment) -> None:
    assert environment.is_current()
    environment.lock.write_text("a==2\n", encoding="utf-8")
    assert not environment.is_current()


def test_an_environment_whose_python_went_away_is_built_again(environment: Environment) -> None:
    environment.python.unlink()
    assert not environment.is_current()


def test_an_environment_copied_from_another_checkout_is_built_again(environment: Environment, tmp_path: Path) -> None:
    copy = Environment("bot", tmp_path / "copy")
    (tmp_path / "copy" / ".venv").mkdir(parents=True)
    (tmp_path / "copy" / "requirements").mkdir()
    copy.lock.write_bytes(environment.lock.read_bytes())
    environment.folder.rename(copy.folder)
    assert not copy.is_current()


def test_a_disk_that_is_too_small_is_said_before_anything_is_fetched(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(environments, "NEEDED_BYTES", 1 << 60)
    with pytest.raises(SetupError, match="free some space"):
        check_space(tmp_path, [Environment("bot", tmp_path)])

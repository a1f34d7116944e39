"""uv, Python 3.10 and the two environments `.venv/bot` and `.venv/app`, built from the lock files."""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from deploy.local.progress import Progress, SetupError, output_of

UV_VERSION = "0.13.9"
UV_OLDEST = (0, 4)
"""The oldest uv on PATH that is used: it knows `uv python` and `pip sync --require-hashes`."""

BOT_PYTHON = (3, 10)
"""Rasa 3.6 runs on nothing newer."""

STAMP = ".iv-stamp.json"
NEEDED_BYTES = 4 * 1024**3


@dataclass(frozen=True)
class Environment:
    """One virtual environment and the lock file it is built from."""

    name: str
    root: Path

    @property
    def folder(self) -> Path:
        """Where it lies."""
        return self.root / ".venv" / self.name

    @property
    def python(self) -> Path:
        """Its interpreter."""
        return self.folder / "bin" / "python"

    @property
    def lock(self) -> Path:
        """What must be in it."""
        return self.root / "requirements" / f"{self.name}.txt"

    @property
    def site_packages(self) -> Path | None:
        """Where its packages lie, or None before it exists."""
        return next(self.folder.glob("lib/python3.*/site-packages"), None)

    def lock_hash(self) -> str:
        """SHA-256 of the lock file."""
        return hashlib.sha256(self.lock.read_bytes()).hexdigest()

    def is_current(self) -> bool:
        """Whether it was built from the lock file as it is now, and its Python still runs."""
        try:
            stamp = json.loads((self.folder / STAMP).read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return False
        # A stamp also names the folder: a copied environment points at the place it was copied from.
        return bool(
            stamp == {"lock": self.lock_hash(), "folder": str(self.folder)} and python_version(self.python) is not None
        )


def python_version(python: Path) -> tuple[int, int] | None:
    """Major and minor version of an interpreter, found by running it; None when it does not run."""
    answer = output_of([python, "-I", "-S", "-c", "import sys; print(*sys.version_info[:2])"], timeout=20)
    match = re.fullmatch(r"(\d+) (\d+)", answer or "")
    return (int(match[1]), int(match[2])) if match else None


def ensure_environments(root: Path, log_dir: Path, env: Mapping[str, str], progress: Progress) -> bool:
    """Build or bring up to date both environments. Returns whether anything was done.

    Raises SetupError when uv or Python 3.10 cannot be had, or a package cannot be installed.
    """
    waiting = [each for each in (Environment("app", root), Environment("bot", root)) if not each.is_current()]
    if not waiting:
        return False
    check_space(root, waiting)
    uv = ensure_uv(root, log_dir, env, progress)
    for environment in waiting:
        _build(environment, uv, log_dir, env, progress)
    return True


def check_space(root: Path, waiting: list[Environment]) -> None:
    """Raise SetupError when an environment has to be made and the disk cannot hold it."""
    free = shutil.disk_usage(root).free
    if free < NEEDED_BYTES and any(not each.folder.exists() for each in waiting):
        raise SetupError(
            f"The environments need about {NEEDED_BYTES // 1024**3} GB in {root}, and {free / 1024**3:.1f} GB is free: "
            "free some space and run the command again."
        )


def ensure_uv(root: Path, log_dir: Path, env: Mapping[str, str], progress: Progress) -> Path:
    """uv from PATH, or a pinned one in `.venv/tools`. Raises SetupError when neither can be had."""
    found = shutil.which("uv", path=env.get("PATH"))
    if found and (uv_version(Path(found)) or (0, 0)) >= UV_OLDEST:
        return Path(found)
    tools = root / ".venv" / "tools"
    uv = tools / "bin" / "uv"
    if uv_version(uv):
        return uv
    wanted = f"uv=={UV_VERSION}"
    log = log_dir / "setup.log"
    pip = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    if output_of([sys.executable, "-m", "pip", "--version"]) is not None:
        # Quicker than a virtual environment, allowed on Debian's managed Python too, and needs no python3-venv.
        command: list[str | Path] = [sys.executable, *pip, "--no-user", "--upgrade", "--target", tools, wanted]
    elif output_of([sys.executable, "-c", "import ensurepip, venv"]) is not None:
        progress.run("Making .venv/tools", [sys.executable, "-m", "venv", "--clear", tools], log=log, cwd=root, env=env)
        command = [tools / "bin" / "python", *pip, wanted]
    else:
        raise SetupError(
            "uv is missing and cannot be fetched, because this Python has neither venv nor pip: install uv "
            "(https://docs.astral.sh/uv/) or Debian's python3-venv, and run the command again."
        )
    progress.run("Fetching uv", command, log=log, cwd=root, env=env)
    if not uv_version(uv):
        raise SetupError(f"uv was fetched to {uv} but does not run here: install uv (https://docs.astral.sh/uv/).")
    return uv


def uv_version(uv: Path) -> tuple[int, int] | None:
    """Major and minor version of a uv that runs, else None."""
    match = re.match(r"uv (\d+)\.(\d+)", output_of([uv, "--version"], timeout=20) or "")
    return (int(match[1]), int(match[2])) if match else None


def find_python(uv: Path, env: Mapping[str, str], version: tuple[int, int] = BOT_PYTHON) -> Path | None:
    """A Python of that version that runs, on this machine.

    `uv python find` gives up at the first shim of pyenv that fails, so PATH and pyenv's own folder are looked
    through as well, and every candidate is run before it is believed.
    """
    dotted = ".".join(map(str, version))
    found = output_of([uv, "python", "find", "--no-project", dotted], timeout=30)
    candidates = [Path(found)] if found else []
    for candidate in (*candidates, *_on_path(env, dotted), *_under_pyenv(env, dotted)):
        if python_version(candidate) == version:
            return candidate
    return None


def _on_path(env: Mapping[str, str], dotted: str) -> Iterator[Path]:
    for folder in env.get("PATH", "").split(os.pathsep):
        candidate = Path(folder) / f"python{dotted}"
        if folder and candidate.is_file():
            yield candidate


def _under_pyenv(env: Mapping[str, str], dotted: str) -> list[Path]:
    pyenv = Path(env.get("PYENV_ROOT") or Path(env.get("HOME", "~")).expanduser() / ".pyenv")
    found = pyenv.glob(f"versions/{dotted}*/bin/python{dotted}")
    return sorted(found, key=lambda path: [int(part) for part in re.findall(r"\d+", path.parts[-3])], reverse=True)


def _python_for_bot(uv: Path, root: Path, log_dir: Path, env: Mapping[str, str], progress: Progress) -> Path:
    found = find_python(uv, env)
    if found:
        return found
    dotted = ".".join(map(str, BOT_PYTHON))
    missing = (
        f"Python {dotted} is needed for Rasa, was not found and could not be downloaded: install it "
        f"(for example `pyenv install {dotted}`) and run the command again. Log: {log_dir / 'setup.log'}"
    )
    try:
        progress.run(
            f"Downloading Python {dotted}",
            [uv, "python", "install", dotted],
            log=log_dir / "setup.log",
            cwd=root,
            env=env,
            about="about 30 MB",
        )
    except SetupError:
        raise SetupError(missing) from None
    managed = output_of([uv, "python", "find", "--no-project", "--managed-python", dotted], timeout=30)
    if not managed or python_version(Path(managed)) != BOT_PYTHON:
        raise SetupError(missing)
    return Path(managed)


def _build(environment: Environment, uv: Path, log_dir: Path, env: Mapping[str, str], progress: Progress) -> None:
    log, root = log_dir / "setup.log", environment.root
    is_bot = environment.name == "bot"
    have = python_version(environment.python)
    fits = have == BOT_PYTHON if is_bot else have is not None and have >= (3, 11)
    if not fits:
        python = _python_for_bot(uv, root, log_dir, env, progress) if is_bot else Path(sys.executable)
        progress.run(
            f"Making .venv/{environment.name}",
            [uv, "venv", "--quiet", "--clear", "--no-project", "--python", python, environment.folder],
            log=log,
            cwd=root,
            env=env,
        )
    (environment.folder / STAMP).unlink(missing_ok=True)
    lock_hash = environment.lock_hash()
    progress.run(
        f"Installing the packages of .venv/{environment.name}",
        [uv, "pip", "sync", "--require-hashes", "--python", environment.python, environment.lock],
        log=log,
        cwd=root,
        env=env,
        about="1–3 min the first time" if is_bot else "up to 1 min the first time",
    )
    stamp = {"lock": lock_hash, "folder": str(environment.folder)}
    (environment.folder / STAMP).write_text(json.dumps(stamp), encoding="utf-8")

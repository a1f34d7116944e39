"""The launcher's settings: the environment, then `.env`, then the defaults that `.env.example` documents."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from deploy.local.progress import SetupError

ROOT = Path(__file__).resolve().parents[2]
"""The checkout this file belongs to."""

WRITE_BYTECODE = {"PYTHONDONTWRITEBYTECODE": ""}
"""Empty means off: without cached bytecode Rasa and TensorFlow are compiled anew at every start, 20 s of it."""
FEW_HEAPS = {"MALLOC_ARENA_MAX": "2"}
"""For glibc, which otherwise keeps a heap for every thread: memory that one has freed is of no use to the others."""


@dataclass(frozen=True)
class Config:
    """What every part of the launcher needs to know."""

    root: Path
    env: Mapping[str, str]
    """The environment with `.env` under it: what the processes inherit."""
    defaults: Mapping[str, str]

    @classmethod
    def load(cls, root: Path = ROOT, environ: Mapping[str, str] | None = None, *, dotenv: bool = True) -> Config:
        """Read the settings. With `dotenv=False` a developer's own `.env` has no say (tests)."""
        environ = os.environ if environ is None else environ
        own = read_env_file(root / ".env") if dotenv else {}
        return cls(root=root, env={**own, **environ}, defaults=read_env_file(root / ".env.example"))

    def __getitem__(self, name: str) -> str:
        return self.env.get(name) or self.defaults.get(name, "")

    @property
    def data_dir(self) -> Path:
        """`IV_DATA_DIR`, absolute: relative paths count from the checkout."""
        return self.root / Path(self["IV_DATA_DIR"] or "var").expanduser()

    @property
    def log_dir(self) -> Path:
        """Where every process and every step of the set-up writes its output."""
        return self.data_dir / "log"


def read_env_file(path: Path) -> dict[str, str]:
    """`KEY=VALUE` lines of a file that may be missing; `#` starts a comment line, quotes around a value are dropped.

    Raises SetupError for a line that is neither.
    """
    values: dict[str, str] = {}
    if not path.is_file():
        return values
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        text = line.strip().removeprefix("export ").strip()
        if not text or text.startswith("#"):
            continue
        name, separator, value = text.partition("=")
        name, value = name.strip(), value.strip()
        if not separator or not name.isidentifier():
            raise SetupError(f"{path.name}, line {number}: write NAME=value.")
        if len(value) >= 2 and value[0] == value[-1] and value[0] in "\"'":
            value = value[1:-1]
        values[name] = value
    return values


def check_writable(folder: Path, advice: str = "") -> None:
    """Make the folder if needed. Raises SetupError with one sentence when it cannot be written in."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise SetupError(f"Cannot write in {folder} ({reason}).{f' {advice}' if advice else ''}") from None

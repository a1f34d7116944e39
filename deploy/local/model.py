"""The trained language model: which one fits the data, and training it when there is none."""

from __future__ import annotations

import gzip
import hashlib
import os
import shutil
import tempfile
import zlib
from collections.abc import Iterator, Mapping
from pathlib import Path

from deploy.local.config import WRITE_BYTECODE
from deploy.local.environments import Environment
from deploy.local.progress import Progress, SetupError

PREFIX = "industrivagledaren-"
KEPT = 2
_BLOCK = 1 << 20
SOURCES = ("bot/domain", "bot/nlu", "data")
FILES = ("config.yml", "bot/examples.py", "bot/importer.py", "requirements/bot.txt")
EXAMPLES = "examples.json"
"""What staff have approved for the training, beside the gazetteer: `python -m api.manage prepare` writes both."""

RASA_ENV = {
    "RASA_TELEMETRY_ENABLED": "false",
    "SANIC_WORKERS": "1",
    "OMP_NUM_THREADS": "1",
    "TF_INTRA_OP_PARALLELISM_THREADS": "1",
    "TF_INTER_OP_PARALLELISM_THREADS": "1",
    "TF_CPP_MIN_LOG_LEVEL": "3",
    "CUDA_VISIBLE_DEVICES": "-1",
    "LOG_LEVEL": "WARNING",
    "PYTHONWARNINGS": "ignore",
    "SQLALCHEMY_SILENCE_UBER_WARNING": "1",
}
"""What every Rasa command runs with: one thread, no telemetry, no graphics card, warnings only."""


def fingerprint(root: Path, gazetteer: Path, spacy_variant: str) -> str:
    """SHA-256 over everything a model is made from; equal fingerprints mean an equal model."""
    digest = hashlib.sha256()
    for name, content in _ingredients(root, gazetteer, spacy_variant):
        digest.update(f"{len(name)} {name} {len(content)} ".encode())
        digest.update(content)
    return digest.hexdigest()


def model_path(root: Path, print_of_data: str) -> Path:
    """Where the model of a fingerprint lies, whether it exists or not."""
    return root / "models" / f"{PREFIX}{print_of_data[:12]}.tar.gz"


def newest(root: Path) -> Path | None:
    """The model trained or used last that is whole, or None."""
    return next((path for path in _by_age(root) if is_whole(path)), None)


def is_whole(path: Path) -> bool:
    """Whether the model is there and can be read to its end, where its checksum stands. Takes about half a second.

    Rasa would start with half a model as well, and answer nothing.
    """
    size = 0
    try:
        with gzip.open(path) as archive:
            while block := archive.read(_BLOCK):
                size += len(block)
    except (OSError, EOFError, zlib.error):
        return False
    return size > 0


def rasa_env(root: Path, env: Mapping[str, str], gazetteer: Path) -> dict[str, str]:
    """The environment of a Rasa command that reads the project's components and the gazetteer."""
    return {**env, **WRITE_BYTECODE, **RASA_ENV, "PYTHONPATH": str(root), "IV_GAZETTEER": str(gazetteer)}


def fitting(root: Path, gazetteer: Path, spacy_variant: str) -> Path | None:
    """The model that fits the data, marked as used now, or None when it has to be trained: a damaged one as well."""
    path = model_path(root, fingerprint(root, gazetteer, spacy_variant))
    if not is_whole(path):
        return None
    os.utime(path)
    return path


def ensure_model(
    root: Path, gazetteer: Path, spacy_variant: str, *, log_dir: Path, env: Mapping[str, str], progress: Progress
) -> Path:
    """The model that fits the data, trained when there is none.

    Training works in a folder of its own and moves the finished file, so that a half-written model is never
    found. Raises SetupError when training fails or Rasa rewrites `config.yml`.
    """
    found = fitting(root, gazetteer, spacy_variant)
    if found:
        return found
    target = model_path(root, fingerprint(root, gazetteer, spacy_variant))
    if target.is_file():
        progress.say(f"The model {target.name} is damaged; it is trained anew.")
    config = root / "config.yml"
    before = config.read_bytes()
    target.parent.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".training-", dir=target.parent) as scratch:
        out = Path(scratch)
        try:
            train_into(out, target.name, root, gazetteer, log=log_dir / "training.log", env=env, progress=progress)
        finally:
            if config.read_bytes() != before:
                config.write_bytes(before)
                raise SetupError("Rasa rewrote config.yml, because something in it is left open: name it there.")
        trained = out / target.name
        if not trained.is_file():
            raise SetupError(f"Training made no model. The last lines of {log_dir / 'training.log'} say why.")
        trained.replace(target)
    _prune(root)
    return target


def train_into(
    out: Path, name: str, root: Path, gazetteer: Path, *, log: Path, env: Mapping[str, str], progress: Progress
) -> None:
    """Train from scratch, with no cache, and write the model `name` into the folder `out`. Raises SetupError."""
    command: list[str | Path] = [
        *(Environment("bot", root).python, "-m", "rasa", "train", "--force", "--skip-validation"),
        *("--config", root / "config.yml", "--domain", root / "bot" / "domain", "--data", root / "data"),
        *("--out", out, "--fixed-model-name", name),
    ]
    cache = {"RASA_MAX_CACHE_SIZE": "0", "RASA_CACHE_DIRECTORY": str(out / "cache")}
    progress.run(
        "Training the language model",
        command,
        log=log,
        cwd=root,
        env={**rasa_env(root, env, gazetteer), **cache},
        about="about 60 s",
    )


def _ingredients(root: Path, gazetteer: Path, spacy_variant: str) -> Iterator[tuple[str, bytes]]:
    yield "spacy", spacy_variant.encode()
    yield "gazetteer", gazetteer.read_bytes()
    examples = gazetteer.with_name(EXAMPLES)
    if examples.is_file():
        yield "examples", examples.read_bytes()
    for name in FILES:
        yield name, (root / name).read_bytes()
    for folder in SOURCES:
        for path in sorted((root / folder).rglob("*")):
            relative = path.relative_to(root)
            hidden = any(part.startswith(".") or part == "__pycache__" for part in relative.parts)
            if path.is_file() and not hidden and path.suffix != ".pyc":
                yield relative.as_posix(), path.read_bytes()


def _by_age(root: Path) -> list[Path]:
    return sorted(
        (root / "models").glob(f"{PREFIX}*.tar.gz"), key=lambda path: (path.stat().st_mtime_ns, path.name), reverse=True
    )


def _prune(root: Path) -> None:
    for old in _by_age(root)[KEPT:]:
        old.unlink(missing_ok=True)
    for left in (root / "models").glob(".training-*"):
        shutil.rmtree(left, ignore_errors=True)

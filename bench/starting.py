"""How long training and loading take."""

from __future__ import annotations

import time
from pathlib import Path

from bench.results import Results
from bench.rig import BenchStack
from deploy.local.environments import Environment
from deploy.local.model import rasa_env
from deploy.local.progress import Progress

PART = "Starting"


def measure_training(stack: BenchStack, folder: Path, results: Results) -> None:
    """Train from scratch into a temporary folder, with no cache; the project's model stays as it is."""
    gazetteer = stack.write_gazetteer()
    root = stack.root
    cache = {"RASA_MAX_CACHE_SIZE": "0", "RASA_CACHE_DIRECTORY": str(folder / "cache")}
    command: list[str | Path] = [
        *(Environment("bot", root).python, "-m", "rasa", "train", "--force", "--out", folder / "models"),
        *("--config", root / "config.yml", "--domain", root / "bot" / "domain", "--data", root / "data"),
    ]
    began = time.perf_counter()
    Progress(quiet=True).run(
        "Training",
        command,
        log=folder / "training.log",
        cwd=root,
        env={**rasa_env(root, stack.env, gazetteer), **cache},
    )
    results.figure(PART, "training, forced", time.perf_counter() - began, "s")


def measure_loading(stack: BenchStack, results: Results) -> None:
    """Start everything: the bot alone first, as nothing else then takes the processor from it."""
    stack.prepare_database()
    for name in ("bot", "api", "actions"):
        began = time.perf_counter()
        stack.start(name)
        stack.wait_ready(name)
        results.figure(PART, f"{name}, process start to ready", time.perf_counter() - began, "s")
    stack.start("worker")
    stack.wait_ready("worker")
    began = time.perf_counter()
    stack.first_answer()
    results.figure(PART, "first conversation", time.perf_counter() - began, "s")

"""How long training and loading take."""

from __future__ import annotations

import time
from pathlib import Path

from bench.results import Results
from bench.rig import BenchStack
from deploy.local.model import train_into
from deploy.local.progress import Progress

PART = "Starting"


def measure_training(stack: BenchStack, folder: Path, results: Results) -> None:
    """Train from scratch into a temporary folder, with no cache; the project's model stays as it is."""
    gazetteer = stack.write_gazetteer()
    log = folder / "training.log"
    began = time.perf_counter()
    train_into(folder, "bench", stack.root, gazetteer, log=log, env=stack.env, progress=Progress(quiet=True))
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

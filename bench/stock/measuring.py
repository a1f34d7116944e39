"""Ours beside Rasa as it comes: training, accuracy, start, memory, turns at 1, 16 and 64 users, in one run."""

from __future__ import annotations

import asyncio
import json
import os
import re
import resource
import shutil
import subprocess
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from bench.crowd import Crowd, measure_crowd, report_crowd
from bench.figures import ratio
from bench.results import Results
from bench.rig import BenchStack, peak_memory
from bench.talk import BenchError, RestTalk
from deploy.local.config import ROOT
from deploy.local.environments import Environment
from deploy.local.model import rasa_env, train_into
from deploy.local.progress import Progress

HERE = Path(__file__).parent
PART = "Rasa as it comes"
OURS, STOCK = "ours", "stock"
SAID = ("answer", "course_search")
USERS = (1, 16, 64)
TURNS = 320
EPOCHS = 100
"""What Rasa's default says. Hours on two cores; fewer change neither the cost of a turn nor the memory."""

MESSAGES = ROOT / "tests" / "nlu" / "dev.jsonl"


@dataclass
class Seen:
    """What was measured of one of the two."""

    training_cpu_s: float = 0.0
    accuracy: float = 0.0
    start_s: float = 0.0
    memory_mb: float = 0.0
    crowds: dict[tuple[str, int], Crowd] = field(default_factory=dict)


def measure_stock(
    folder: Path, results: Results, *, epochs: int = EPOCHS, turns: int = TURNS, models: Path | None = None
) -> None:
    """Train both on the same examples and let both answer the same messages.

    `models`: where the two models are kept, with what training them took, for the next time. What could be measured is
    reported also when a part fails.
    """
    models = models or folder / "models"
    models.mkdir(parents=True, exist_ok=True)
    seen = {OURS: Seen(), STOCK: Seen()}
    try:
        for who, stack in _trained(folder, models, seen, epochs).items():
            seen[who].accuracy = _accuracy(stack)
            _run(stack, seen[who], turns)
    finally:
        _report(results, seen, epochs)


def _trained(folder: Path, models: Path, seen: Mapping[str, Seen], epochs: int) -> dict[str, BenchStack]:
    stock_name = f"{STOCK}-{epochs}"
    ours = BenchStack(folder / OURS, model=models / f"{OURS}.tar.gz")
    stock = BenchStack(
        folder / STOCK,
        credentials=HERE / "credentials.yml",
        endpoints=HERE / "endpoints.yml",
        model=models / f"{stock_name}.tar.gz",
    )
    gazetteer = ours.write_gazetteer()
    stock.prepare_database()
    project = _project(folder / "project", epochs)
    for who, name, root, env in ((OURS, OURS, ROOT, ours.env), (STOCK, stock_name, project, stock.env)):
        cost = models / f"{name}.json"
        if not cost.exists():
            before = _children_cpu_s()
            train_into(models, name, root, gazetteer, log=folder / f"{name}.log", env=env, progress=Progress())
            cost.write_text(json.dumps({"training_cpu_s": _children_cpu_s() - before}), "utf-8")
        seen[who].training_cpu_s = json.loads(cost.read_text("utf-8"))["training_cpu_s"]
    return {OURS: ours, STOCK: stock}


def _children_cpu_s() -> float:
    """Processor time of the commands that were run and have ended: other work on the machine does not count."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _project(folder: Path, epochs: int) -> Path:
    """A project with our data and stock settings, and what those policies learn each topic from: a rule and a story."""
    folder.mkdir(parents=True)
    shutil.copytree(ROOT / "data", folder / "data")
    shutil.copytree(ROOT / "bot", folder / "bot", ignore=shutil.ignore_patterns("__pycache__"))
    (folder / ".venv").symlink_to(ROOT / ".venv")
    config = (HERE / "config.yml").read_text("utf-8")
    (folder / "config.yml").write_text(re.sub(r"epochs: \d+", f"epochs: {epochs}", config), "utf-8")
    (folder / "data" / "topics.yml").write_text(_conversations(folder / "data"), "utf-8")
    return folder


def _conversations(data: Path) -> str:
    """Rules, as Rasa's documents advise for single questions, and stories, which TED and its kin need."""
    handled = {
        topic
        for path in (data / "rules").glob("*.yml")
        for topic in re.findall(r"intent: (\w+)", path.read_text("utf-8"))
    }
    topics = sorted({path.stem for path in (data / "nlu").rglob("*.yml")} - handled)
    rules = {topic: (f"intent: {topic}", "action: action_answer") for topic in topics}
    stories = {topic: ("intent: greet", "action: action_answer", *steps) for topic, steps in rules.items()}
    lines = ['version: "3.1"']
    for kind, told in (("rule", rules), ("story", stories)):
        lines.append("rules:" if kind == "rule" else "stories:")
        for topic, steps in told.items():
            lines += [f"  - {kind}: {topic}", "    steps:", *(f"      - {step}" for step in steps)]
    return "\n".join(lines) + "\n"


def _accuracy(stack: BenchStack) -> float:
    """The share of the development messages that were understood, as `make nlu-report` counts it."""
    model = stack.model
    assert model is not None  # given when the stack was made
    command: list[str | Path] = [Environment("bot", ROOT).python, "-m", "bot.evaluation", model, MESSAGES]
    env = rasa_env(ROOT, stack.env, stack.gazetteer)
    done = subprocess.run(command, cwd=ROOT, env=env, check=False, capture_output=True, text=True)
    if done.returncode:
        raise BenchError(f"the model {model.name} could not be asked: {done.stderr[-500:]}")
    return float(json.loads(done.stdout.splitlines()[-1])["accuracy"])


def _run(stack: BenchStack, seen: Seen, turns: int) -> None:
    try:
        stack.start("api", "actions")
        stack.wait_ready("api", "actions")
        began = time.perf_counter()
        stack.start("bot")
        stack.wait_ready("bot")
        seen.start_s = time.perf_counter() - began
        for what in SAID:
            for users in USERS:
                crowd = measure_crowd(
                    stack, lambda http: RestTalk(http, stack.bot_url), what, users=users, turns=max(turns, users * 3)
                )
                seen.crowds[what, users] = asyncio.run(crowd)
        seen.memory_mb = (peak_memory(stack) or {}).get("bot", 0.0)
    finally:
        stack.stop()


def _report(results: Results, seen: Mapping[str, Seen], epochs: int) -> None:
    ours, stock = seen[OURS], seen[STOCK]
    results.figure(PART, "epochs of stock's networks (its default: 100)", epochs)
    results.figure(PART, "cores", os.cpu_count() or 0)
    for what, unit, one, other in (
        ("training, processor time", "s", ours.training_cpu_s, stock.training_cpu_s),
        ("accuracy on tests/nlu/dev.jsonl", "", ours.accuracy, stock.accuracy),
        ("bot, process start to ready", "s", ours.start_s, stock.start_s),
        ("bot, peak memory", "MB", ours.memory_mb, stock.memory_mb),
    ):
        results.figure(PART, f"{what}, {OURS}", one, unit)
        results.figure(PART, f"{what}, {STOCK}", other, unit)
        results.figure(PART, f"{what}, {STOCK} : {OURS}", ratio(other, one), "x")
    for (what, users), crowd in ours.crowds.items():
        name = f"{what}, {users} users"
        rival = stock.crowds.get((what, users))
        if rival is None:  # it did not come so far
            report_crowd(results, PART, f"{name}, {OURS}", crowd)
            continue
        report_crowd(results, PART, f"{name}, {OURS}", crowd)
        report_crowd(results, PART, f"{name}, {STOCK}", rival)
        results.compare(PART, f"{name}, {STOCK} : {OURS}", rival.times, crowd.times)
        turns = ratio(crowd.turns_per_second, rival.turns_per_second)
        results.figure(PART, f"{name}, turns a second, {OURS} : {STOCK}", turns, "x")
        by_core = ratio(rival.cpu.get("bot", 0.0), crowd.cpu.get("bot", 0.0))
        results.figure(PART, f"{name}, turns a second and core of the bot, {OURS} : {STOCK}", by_core, "x")

"""`python -m bench`: measure, print one table and one JSON line. Nothing is asserted, everything is stopped again."""

from __future__ import annotations

import argparse
import asyncio
import os
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from bench.capacity import document
from bench.capacity.measuring import measure_capacity
from bench.importing import measure_import
from bench.insight import CONVERSATIONS as YEAR
from bench.insight import measure_insight
from bench.keeping import measure_keeping
from bench.length import measure_length
from bench.results import Results
from bench.rig import CONFIG, BenchStack, peak_memory
from bench.searching import SIZES, measure_search
from bench.slots import measure_slots
from bench.soak import measure_soak
from bench.starting import measure_loading, measure_training
from bench.stock.measuring import EPOCHS, measure_stock
from bench.talk import BenchError, RestTalk
from bench.turns import doors, measure_turns
from bench.widget.measuring import measure_widget
from deploy.local.commands import Interrupted, listen_for_stop
from deploy.local.progress import SetupError

LONG = ("stock", "soak")
"""Only on demand: hours."""
PARTS = (
    "training",
    "turns",
    "length",
    "rivals",
    "search",
    "import",
    "keeping",
    "slots",
    "insight",
    "widget",
    "capacity",
)
RIVALS = {"Rasa's InMemoryTrackerStore": "endpoints_memory.yml", "Rasa's SQLTrackerStore": "endpoints_sql.yml"}
CROWD = 16
MACHINE = "Machine"
LENGTH = "Length of a conversation"


def main(arguments: Sequence[str]) -> int:
    """Measure what was asked for; the exit code says only whether it could be measured."""
    options = _parser().parse_args(arguments)
    listen_for_stop()
    results = Results()
    code = 0
    try:
        with tempfile.TemporaryDirectory(prefix="iv-bench-") as folder:
            _measure(Path(folder), options, results)
    except Interrupted as stop:
        _say("Stopped; what was measured so far:")
        code = 128 + stop.number
    except (BenchError, SetupError) as error:
        _say(f"{error}\nWhat was measured so far:")
        code = 1
    print(results.table())
    print(results.json(), flush=True)
    return code


def _measure(folder: Path, options: argparse.Namespace, results: Results) -> None:
    wanted = options.only or PARTS
    late = 100 if options.quick else 500
    _note_load(results, "load before (1 min; other work on the machine counts too)")
    stack = BenchStack(folder / "ours")
    try:
        if "training" in wanted:
            _say("Training from scratch (about a minute) …")
            measure_training(stack, folder, results)
        if {"turns", "length"} & set(wanted):
            _say("Loading …")
            measure_loading(stack, results)
        if "turns" in wanted:
            for users, repeats, rounds in ((1, 10, 2), (CROWD, 2, 1)) if options.quick else ((1, 20, 5), (CROWD, 6, 2)):
                _say(f"Turns, {users} at a time …")
                asyncio.run(measure_turns(stack, results, users=users, repeats=repeats, rounds=rounds))
        if "length" in wanted:
            for who, door in doors(stack).items():
                _say(f"{late} turns, {who} …")
                name = {"api": "ours through api", "rasa": "ours straight at Rasa"}[who]
                asyncio.run(measure_length(LENGTH, name, door, results, late=late))
        _note_memory(stack, results)
    finally:
        stack.stop()
    if "rivals" in wanted:
        for who, endpoints in RIVALS.items():
            _say(f"{late} turns, {who} …")
            _measure_rival(
                BenchStack(folder / Path(endpoints).stem, endpoints=CONFIG / endpoints), who, results, late=late
            )
    if "search" in wanted:
        _say("Search for courses …")
        measure_search(folder, results, rounds=3 if options.quick else 10, sizes=SIZES[:2] if options.quick else SIZES)
    if "import" in wanted:
        _say("Import of files …")
        measure_import(folder, results)
    if "keeping" in wanted:
        _say("Staff's list of occasions …")
        measure_keeping(folder, results, rounds=3 if options.quick else 10)
    if "slots" in wanted:
        _say("Free times …")
        measure_slots(results, rounds=5 if options.quick else 20)
    if "insight" in wanted:
        _say("What people ask, a year …")
        measure_insight(folder, results, rounds=3 if options.quick else 10, count=10_000 if options.quick else YEAR)
    if "widget" in wanted:
        _say("The chat widget beside two others …")
        measure_widget(results, rounds=3 if options.quick else 9)
    if "capacity" in wanted:
        _capacity(BenchStack(folder / "capacity"), options, results)
    if "stock" in wanted:
        _say("Rasa as it comes, trained and asked …")
        measure_stock(folder / "stock", results, epochs=options.epochs, models=options.models)
    if "soak" in wanted:
        _soak(BenchStack(folder / "soak"), results, minutes=options.minutes)
    _note_load(results, "load after")


def _measure_rival(stack: BenchStack, who: str, results: Results, *, late: int) -> None:
    try:
        stack.start("bot", "api", "actions")
        stack.wait_ready("bot", "api", "actions")
        asyncio.run(measure_length(LENGTH, who, lambda http: RestTalk(http, stack.bot_url), results, late=late))
    finally:
        stack.stop()


def _capacity(stack: BenchStack, options: argparse.Namespace, results: Results) -> None:
    _say("What questions and bookings cost each process …")
    turns, bookings = (40, 3) if options.quick else (400, 20)
    command = f"python -m bench --only capacity{' --quick' if options.quick else ''} --save"
    try:
        stack.start()
        stack.wait_ready()
        stack.first_answer()
        measured = measure_capacity(stack, results, turns=turns, bookings=bookings, command=command)
    finally:
        stack.stop()
    if options.save:
        measured.save()
        document.write(measured)


def _soak(stack: BenchStack, results: Results, *, minutes: float) -> None:
    _say(f"Talking for {minutes:.0f} minutes …")
    try:
        stack.start()
        stack.wait_ready()
        measure_soak(stack, results, minutes=minutes, say=_say)
    finally:
        stack.stop()


def _note_memory(stack: BenchStack, results: Results) -> None:
    peaks = peak_memory(stack)
    if peaks:
        for name, megabytes in peaks.items():
            results.figure("Peak memory", name, megabytes, "MB")
        results.figure("Peak memory", "all four together", sum(peaks.values()), "MB")


def _note_load(results: Results, when: str) -> None:
    results.figure(MACHINE, when, os.getloadavg()[0])
    results.figures[f"{MACHINE}: cores"] = os.cpu_count() or 0


def _say(text: str) -> None:
    print(f"[{time.strftime('%H:%M:%S')}] {text}", file=sys.stderr, flush=True)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m bench", description="Times and memory of the whole stack")
    parser.add_argument("--quick", action="store_true", help="fewer repeats, and turn 100 in place of turn 500")
    parser.add_argument(
        "--only", action="append", choices=(*PARTS, *LONG), help="this part only; may be given several times"
    )
    parser.add_argument(
        "--epochs", type=int, default=EPOCHS, help="of stock Rasa's networks; fewer than 100 save hours"
    )
    parser.add_argument("--models", type=Path, help="keep the models of the part stock here, and use them again")
    parser.add_argument("--save", action="store_true", help="write what capacity found, and docs/capacity.md with it")
    parser.add_argument("--minutes", type=float, default=60, help="of the soak")
    return parser


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

"""Several processes of our own that begin the same work at the same moment."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Sequence
from typing import Any


def ask_processes(module: str, tasks: Sequence[dict[str, Any]]) -> list[Any]:
    """Run `python -m module` once for each task, and give what each has printed, as JSON.

    Each reads its task as one line, says "ready", and begins when it is told to.
    """
    command = [sys.executable, "-m", module]
    running = [subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) for _ in tasks]
    for process, task in zip(running, tasks, strict=True):
        process.stdin.write(json.dumps(task) + "\n")
        process.stdin.flush()
    for process in running:
        assert process.stdout.readline() == "ready\n"
    for process in running:
        process.stdin.write("go\n")
        process.stdin.flush()
    answers = []
    for process in running:
        output, _ = process.communicate()
        assert process.returncode == 0
        answers.append(json.loads(output))
    return answers

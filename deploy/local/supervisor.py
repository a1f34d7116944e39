"""Keeps a set of processes running: starts, stops, restarts with a growing pause, and says each in one line."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from deploy.local.logs import ProblemCounter, rotate
from deploy.local.processes import STOP_SECONDS, spawn, stop_groups

LONGEST_PAUSE = 30.0
STEADY_SECONDS = 60.0
"""A process that ran this long counts as healthy: its next pause starts at one second again."""

REPORT_SECONDS = 30.0
"""Warnings and errors of one process are named at most this often."""


@dataclass
class Command:
    """One process to keep running."""

    name: str
    arguments: Sequence[str | Path]
    env: Mapping[str, str]
    log: Path


@dataclass
class _Child:
    command: Command
    process: subprocess.Popen[bytes] | None = None
    started_at: float = 0.0
    failures: int = 0
    restart_at: float | None = None
    problems: ProblemCounter | None = None
    reported_at: float = field(default=-REPORT_SECONDS)


def pause_before_restart(failures: int) -> float:
    """Seconds to wait before the next start: 1, 2, 4 … up to 30."""
    return min(LONGEST_PAUSE, 2.0 ** min(failures, 10))


class Supervisor:
    """Holds the processes of one stack. Nothing is restarted except by `check`, so tests can keep one down."""

    def __init__(self, commands: Iterable[Command], *, cwd: Path, say: Callable[[str], None]) -> None:
        self._children = {command.name: _Child(command) for command in commands}
        self._cwd = cwd
        self._say = say

    @property
    def names(self) -> tuple[str, ...]:
        """All processes, in the order they were given."""
        return tuple(self._children)

    def start(self, *names: str) -> None:
        """Start those of the named processes that do not run; all of them without a name."""
        for name in names or self.names:
            child = self._children[name]
            if not self.is_running(name):
                rotate(child.command.log)
                child.failures = 0
                self._spawn(child)

    def is_running(self, name: str) -> bool:
        """Whether the process was started and has not ended."""
        process = self._children[name].process
        return process is not None and process.poll() is None

    def exit_code(self, name: str) -> int | None:
        """The exit code of a process that ended by itself; None while it runs or when it never started."""
        process = self._children[name].process
        return None if process is None else process.poll()

    def pid(self, name: str) -> int | None:
        """The process id, or None when it does not run."""
        process = self._children[name].process
        return process.pid if process is not None and process.poll() is None else None

    def log(self, name: str) -> Path:
        """Where the process writes."""
        return self._children[name].command.log

    def replace(self, command: Command) -> None:
        """Give a process that does not run another command line."""
        self._children[command.name] = _Child(command)

    def stop(self, *names: str, seconds: float = STOP_SECONDS) -> None:
        """End the named processes (all without a name), with everything they started, and do not restart them."""
        children = [self._children[name] for name in names or self.names]
        stop_groups([child.process for child in children if child.process is not None], seconds=seconds)
        for child in children:
            child.process = child.restart_at = None

    def kill(self, name: str) -> None:
        """End one process without asking it, as a crash would; it stays down until it is started again."""
        self.stop(name, seconds=0)

    def check(self) -> None:
        """One look at every process: restart what died when its pause is over, and name new warnings and errors."""
        now = time.monotonic()
        for name, child in self._children.items():
            if child.process is not None and child.process.poll() is not None:
                self._schedule(name, child, now)
            if child.restart_at is not None and now >= child.restart_at:
                self._spawn(child)
            if child.problems is not None and now - child.reported_at >= REPORT_SECONDS:
                found = child.problems.new()
                if found:
                    child.reported_at = now
                    self._say(f"{name}: {found} in {child.command.log}")

    def _schedule(self, name: str, child: _Child, now: float) -> None:
        if child.process is None:
            return
        code = child.process.returncode
        stop_groups([child.process], seconds=1)  # what it may have left behind would hold its port
        if now - child.started_at >= STEADY_SECONDS:
            child.failures = 0
        pause = pause_before_restart(child.failures)
        child.failures += 1
        child.process, child.restart_at = None, now + pause
        ended = f"exit code {code}" if code >= 0 else f"signal {-code}"
        self._say(f"{name} stopped ({ended}); starting it again in {pause:.0f} s. Log: {child.command.log}")

    def _spawn(self, child: _Child) -> None:
        command = child.command
        child.problems = ProblemCounter(command.log)
        child.process = spawn(command.arguments, log=command.log, cwd=self._cwd, env=command.env)
        child.started_at, child.restart_at = time.monotonic(), None

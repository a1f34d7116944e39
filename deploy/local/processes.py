"""Child processes in groups of their own, and the guard that ends them when the launcher itself is killed."""

from __future__ import annotations

import atexit
import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

STOP_SECONDS = 10.0
"""How long a process may take to stop of its own accord before it is killed."""


class Guard:
    """A small process that outlives this one just long enough to end its children.

    It reads the groups to watch from a pipe. When this process ends, however that happens, the pipe closes and
    the guard ends what is left. Unlike Linux's parent-death signal it also reaches grandchildren, does not depend
    on the thread that started a child, and works on macOS.
    """

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None

    def watch(self, group: int) -> None:
        """End this group when the launcher dies."""
        self._tell(f"+{group}\n")

    def forget(self, group: int) -> None:
        """The group has ended; its number may be given to somebody else."""
        self._tell(f"-{group}\n")

    def _tell(self, line: str) -> None:
        if self._process is None or self._process.poll() is not None:
            self._process = subprocess.Popen(
                [sys.executable, "-I", "-S", str(Path(__file__).with_name("guard.py"))],
                stdin=subprocess.PIPE,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                start_new_session=True,
            )
        pipe = self._process.stdin
        if pipe is not None:
            with contextlib.suppress(OSError):
                pipe.write(line.encode())
                pipe.flush()

    def close(self) -> None:
        """End the guard; it ends every group it still watches."""
        if self._process is not None:
            if self._process.stdin is not None:
                self._process.stdin.close()
            self._process.wait()
            self._process = None


_guard = Guard()
atexit.register(_guard.close)


def spawn(command: Sequence[str | Path], *, log: Path, cwd: Path, env: Mapping[str, str]) -> subprocess.Popen[bytes]:
    """Start a process as the head of its own group, with its output at the end of `log`.

    In its own group Ctrl-C does not reach it: the launcher decides in which order things stop.
    """
    with log.open("ab") as output:
        process = subprocess.Popen(
            [str(part) for part in command],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            cwd=cwd,
            env=dict(env),
            start_new_session=True,
        )
    _guard.watch(process.pid)
    return process


def group_alive(group: int) -> bool:
    """Whether any process of the group is left."""
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return not _only_dead(group)


def _only_dead(group: int) -> bool:
    """Whether all that is left of the group has ended but was not collected by its parent.

    In a container whose first process collects no orphans they stay for ever. Known on Linux only.
    """
    if not Path("/proc/self/stat").is_file():
        return False
    for status in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError, ValueError):
            # "pid (name) state parent group …": the name may hold spaces and brackets.
            state, _, its_group = status.read_text("utf-8", "replace").rpartition(")")[2].split()[:3]
            if int(its_group) == group and state not in "ZX":
                return False
    return True


def signal_group(group: int, number: signal.Signals) -> None:
    """Send a signal to a group that may be gone already."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(group, number)


def stop_group(process: subprocess.Popen[bytes], *, seconds: float = STOP_SECONDS) -> None:
    """End a process and all it started: SIGTERM, then SIGKILL after `seconds`."""
    stop_groups([process], seconds=seconds)


def stop_groups(processes: Sequence[subprocess.Popen[bytes]], *, seconds: float = STOP_SECONDS) -> None:
    """End several groups at the same time, so that the slowest one sets the pace."""
    for process in processes:
        signal_group(process.pid, signal.SIGTERM)
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline and any(_is_left(process) for process in processes):
        time.sleep(0.02)
    for process in processes:
        if _is_left(process):
            signal_group(process.pid, signal.SIGKILL)
        process.wait()
        _guard.forget(process.pid)


def _is_left(process: subprocess.Popen[bytes]) -> bool:
    return process.poll() is None or group_alive(process.pid)

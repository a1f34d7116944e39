"""What the person at the terminal sees: a line a step with the seconds since the start, a sentence when it fails."""

from __future__ import annotations

import errno
import re
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TextIO

from deploy.local.logs import last_line
from deploy.local.processes import spawn, stop_group

HEARTBEAT_SECONDS = 15.0
"""A step that takes longer says that it is still at work this often."""

POLL_SECONDS = 0.05

CAUSES = (
    (r"no space left on device", "The disk is full: free some space and run the command again."),
    (
        r"dns error|failed to fetch|could not resolve|connection refused|network is unreachable|timed out",
        "The package index could not be reached: check the connection and run the command again.",
    ),
    (r"permission denied|read-only file system", "A folder here cannot be written in: check its owner and rights."),
    (
        r"hash mismatch|do not match the hashes",
        "A downloaded package is not the one in the lock file: do not use it; try again, and report it if it stays so.",
    ),
)


class SetupError(Exception):
    """Something the person has to put right; the message is the whole explanation, in one or two sentences."""


class Progress:
    """Prints steps as `[ 12 s] what`, counted from the moment it was made; prints nothing when `quiet`."""

    def __init__(self, stream: TextIO | None = None, *, quiet: bool = False) -> None:
        self._stream = stream or sys.stdout
        self._quiet = quiet
        self._started = time.monotonic()

    @property
    def elapsed(self) -> float:
        """Seconds since the start."""
        return time.monotonic() - self._started

    def say(self, text: str) -> None:
        """Print one line with the elapsed seconds in front."""
        self.plain(f"[{self.elapsed:3.0f} s] {text}")

    def plain(self, text: str) -> None:
        """Print one line as it is."""
        if not self._quiet:
            print(text, file=self._stream, flush=True)

    def run(
        self,
        what: str,
        command: Sequence[str | Path],
        *,
        log: Path,
        cwd: Path,
        env: Mapping[str, str],
        about: str = "",
    ) -> None:
        """Run one step to its end with its output in `log`; the whole group of processes ends with this call.

        `about` tells how long it usually takes ("about 60 s"). Raises SetupError when the step fails.
        """
        self.say(f"{what}{f' ({about})' if about else ''} …")
        log.parent.mkdir(parents=True, exist_ok=True)
        began = said = time.monotonic()
        start_of_step = log.stat().st_size if log.exists() else 0
        process = spawn(command, log=log, cwd=cwd, env=env)
        try:
            while process.poll() is None:
                time.sleep(POLL_SECONDS)
                now = time.monotonic()
                if now - said >= HEARTBEAT_SECONDS:
                    said = now
                    self.say(f"  … at work for {now - began:.0f} s")
        finally:
            stop_group(process)
        if process.returncode != 0:
            raise SetupError(explain(what, process.returncode, log, start_of_step))


def explain(what: str, code: int, log: Path, offset: int = 0) -> str:
    """One sentence on a failed step: what failed, the cause when the log (from `offset` on) tells, where to read."""
    with log.open("rb") as file:
        file.seek(offset)
        text = file.read().decode("utf-8", "replace").lower()
    for pattern, cause in CAUSES:
        if re.search(pattern, text):
            return f"{what}: failed. {cause} Log: {log}"
    line = last_line(log)
    return f"{what}: failed (exit code {code}). {f'{line} ' if line else ''}Log: {log}"


def explain_os_error(error: OSError) -> str:
    """One sentence for a failed file operation of the launcher itself."""
    where = error.filename or "a file"
    if error.errno == errno.ENOSPC:
        return f"The disk is full: {where} could not be written. Free some space and run the command again."
    if error.errno in {errno.EROFS, errno.EACCES, errno.EPERM}:
        return f"Cannot write to {where}: the folder is read-only or belongs to someone else."
    return f"{where}: {error.strerror or error}."


def output_of(command: Sequence[str | Path], *, timeout: float = 60) -> str | None:
    """Standard output of a short command without its ends, or None when it cannot be run, fails or takes too long."""
    try:
        done = subprocess.run(
            [str(part) for part in command],
            capture_output=True,
            text=True,
            timeout=timeout,
            check=False,
            stdin=subprocess.DEVNULL,
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    return done.stdout.strip() if done.returncode == 0 else None

"""The log files of the processes: turned over at every start, and read for warnings and errors."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

KEPT = 3
PROBLEM = re.compile(
    rb"\b(WARNING|ERROR|CRITICAL)\b|\"level\": ?\"(warning|error|critical)\"|\[(warning|error|critical) *\]"
    rb"|^(Traceback)\b"
)
KINDS = {"warning": "warning", "error": "error", "critical": "error", "traceback": "error"}


def rotate(log: Path) -> None:
    """Turn a log over: `x.log` becomes `x.log.1`, `x.log.1` becomes `x.log.2`; older ones go."""
    log.parent.mkdir(parents=True, exist_ok=True)
    if not log.exists():
        return
    for number in range(KEPT - 1, 0, -1):
        older = log.with_name(f"{log.name}.{number}")
        newer = log if number == 1 else log.with_name(f"{log.name}.{number - 1}")
        if newer.exists():
            newer.replace(older)


def last_line(log: Path) -> str:
    """The last line with something in it, at most 300 characters; empty for an empty or missing log."""
    try:
        with log.open("rb") as file:
            file.seek(0, 2)
            file.seek(max(0, file.tell() - 4096))
            lines = file.read().decode("utf-8", "replace").splitlines()
    except OSError:
        return ""
    return next((line.strip()[:300] for line in reversed(lines) if line.strip()), "")


class ProblemCounter:
    """Counts warnings and errors in a growing log. Says how many, never what: lines stay in the file."""

    def __init__(self, log: Path) -> None:
        self._log = log
        self._offset = log.stat().st_size if log.exists() else 0

    def new(self) -> str:
        """What came since the last call, as "1 warning, 2 errors"; empty when nothing did."""
        try:
            with self._log.open("rb") as file:
                file.seek(self._offset)
                text = file.read()
        except OSError:
            return ""
        whole = text[: text.rfind(b"\n") + 1]
        self._offset += len(whole)
        found: Counter[str] = Counter()
        for line in whole.splitlines():
            match = PROBLEM.search(line)
            if match:
                kind = next(group for group in match.groups() if group).decode().lower()
                found[KINDS[kind]] += 1
        return ", ".join(
            f"{found[kind]} {kind}{'s' * (found[kind] > 1)}" for kind in ("warning", "error") if found[kind]
        )

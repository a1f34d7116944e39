"""The stack that is measured: our processes on ports and data of their own, with Rasa's REST channel open."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from deploy.local.ports import Ports
from deploy.local.stack import Stack
from deploy.local.supervisor import Command

CONFIG = Path(__file__).with_name("config")
PROCESSES = ("api", "bot", "actions", "worker")


class BenchStack(Stack):
    """A Stack whose bot listens on `rest:` as well and, when `endpoints` is given, keeps conversations elsewhere."""

    def __init__(self, data_dir: Path, *, endpoints: str = "") -> None:
        self._endpoints = endpoints
        base = {name: value for name, value in os.environ.items() if not name.startswith("IV_")}
        extra = {"IV_RATE_LIMIT_ENABLED": "false", "IV_TURN_CAP": "1000000", "IV_BOT_TIMEOUT_SECONDS": "30"}
        extra["IV_JOBSEARCH_URL"] = ""  # another service's times are not ours
        super().__init__(Ports.free(), data_dir, base_env=base, extra_env=extra)

    def _command(self, name: str) -> Command:
        command = super()._command(name)
        if name != "bot":
            return command
        options: Mapping[str, str] = {"--credentials": "credentials.yml"}
        if self._endpoints:
            options = {**options, "--endpoints": self._endpoints}
        arguments = list(command.arguments)
        for option, file in options.items():
            arguments[arguments.index(option) + 1] = CONFIG / file
        return replace(command, arguments=arguments)


def peak_memory(stack: Stack) -> dict[str, float] | None:
    """Peak resident memory of each process and what it started, in MB; None where /proc does not tell."""
    peaks: dict[str, float] = {}
    for name in PROCESSES:
        group = stack.supervisor.pid(name)
        if group is None:
            continue
        found = [_peak(path) for path in Path("/proc").glob("[0-9]*") if _group(path) == group]
        if not found:
            return None
        peaks[name] = sum(found)
    return peaks


def _group(process: Path) -> int:
    try:
        return int(process.joinpath("stat").read_text("utf-8", "replace").rpartition(")")[2].split()[2])
    except (OSError, ValueError, IndexError):
        return -1


def _peak(process: Path) -> float:
    try:
        for line in process.joinpath("status").read_text("utf-8", "replace").splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) / 1024
    except OSError:
        pass
    return 0.0

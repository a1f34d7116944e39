"""The stack that is measured: our processes on ports and data of their own, with Rasa's REST channel open."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import httpx

from deploy.local.ports import Ports
from deploy.local.stack import FIRST_WORDS, Stack
from deploy.local.supervisor import Command
from deploy.serving import bot_command

CONFIG = Path(__file__).with_name("config")
PROCESSES = ("api", "bot", "actions", "worker")


class BenchStack(Stack):
    """A Stack whose bot listens on `rest:` as well: `credentials` and `endpoints` are files of Rasa's."""

    def __init__(
        self,
        data_dir: Path,
        *,
        credentials: Path = CONFIG / "credentials.yml",
        endpoints: Path | None = None,
        model: Path | None = None,
    ) -> None:
        self._files = {"--credentials": credentials} | ({"--endpoints": endpoints} if endpoints else {})
        base = {name: value for name, value in os.environ.items() if not name.startswith("IV_")}
        extra = {"IV_RATE_LIMIT_ENABLED": "false", "IV_TURN_CAP": "1000000", "IV_BOT_TIMEOUT_SECONDS": "30"}
        extra["IV_JOBSEARCH_URL"] = ""  # another service's times are not ours
        super().__init__(Ports.free(), data_dir, base_env=base, extra_env=extra, model=model)

    def _is_ready(self, name: str, waited: float) -> bool:
        """The bot is when it answers: a rival's has no health check of ours, and listens before it has loaded."""
        if name != "bot":
            return super()._is_ready(name, waited)
        hello = {"sender": "first", "message": FIRST_WORDS}
        try:
            answer = httpx.post(f"{self.bot_url}/webhooks/rest/webhook", json=hello, timeout=5, trust_env=False)
        except httpx.HTTPError:
            return False
        return answer.is_success and bool(answer.json())

    def _command(self, name: str) -> Command:
        command = super()._command(name)
        if name != "bot":
            return command
        arguments = bot_command(self.root, self.model or Path(), host="127.0.0.1", port=self.ports.bot)
        for option, file in self._files.items():
            arguments[arguments.index(option) + 1] = file
        return replace(command, arguments=arguments)


def peak_memory(stack: Stack) -> dict[str, float] | None:
    """Peak resident memory of each process and what it started, in MB; None where /proc does not tell."""
    return _sums(stack, lambda process: _status(process, "VmHWM") / 1024)


def memory(stack: Stack) -> dict[str, float] | None:
    """Resident memory of each process and what it started as it is now, in MB; None where /proc does not tell."""
    return _sums(stack, lambda process: _status(process, "VmRSS") / 1024)


def cpu_seconds(stack: Stack) -> dict[str, float] | None:
    """Processor time that each process and what it started have taken so far; None where /proc does not tell."""
    ticks = os.sysconf("SC_CLK_TCK")
    return _sums(stack, lambda process: sum(map(int, _stat(process)[11:13])) / ticks)


def _sums(stack: Stack, of: Callable[[Path], float]) -> dict[str, float] | None:
    sums: dict[str, float] = {}
    for name in PROCESSES:
        group = stack.supervisor.pid(name)
        if group is None:
            continue
        found = [of(path) for path in Path("/proc").glob("[0-9]*") if _group(path) == group]
        if not found:
            return None
        sums[name] = sum(found)
    return sums


def _group(process: Path) -> int:
    stat = _stat(process)
    return int(stat[2]) if stat else -1


def _stat(process: Path) -> list[str]:
    """What /proc/…/stat says from the state on (its third field); empty when the process has ended."""
    try:
        return process.joinpath("stat").read_text("utf-8", "replace").rpartition(")")[2].split()
    except OSError:
        return []


def _status(process: Path, name: str) -> float:
    """Kilobytes; 0 when the process has ended."""
    try:
        for line in process.joinpath("status").read_text("utf-8", "replace").splitlines():
            if line.startswith(f"{name}:"):
                return int(line.split()[1])
    except OSError:
        pass
    return 0.0

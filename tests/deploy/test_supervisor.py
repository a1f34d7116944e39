from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from deploy.local.logs import ProblemCounter, last_line, rotate
from deploy.local.progress import Progress, SetupError
from deploy.local.supervisor import Command, Supervisor, pause_before_restart

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 20.0

SLEEPS = "import time; print('up', flush=True); time.sleep(600)"
STUBBORN = (
    "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('up', flush=True); time.sleep(600)"
)
PARENT = (
    "import subprocess, sys, time; child = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(600)']);"
    " print(child.pid, flush=True); time.sleep(600)"
)

LAUNCHER = """
import sys, time
from pathlib import Path
from deploy.local.commands import Interrupted, listen_for_stop
from deploy.local.supervisor import Command, Supervisor
folder = Path(sys.argv[1])
commands = [
    Command(name, [sys.executable, "-c", code], {}, folder / f"{name}.log")
    for name, code in (("one", sys.argv[2]), ("two", sys.argv[3]))
]
supervisor = Supervisor(commands, cwd=folder, say=print)
listen_for_stop()
try:
    supervisor.start()
    while True:
        supervisor.check()
        time.sleep(0.05)
except Interrupted:
    pass
finally:
    supervisor.stop(seconds=2)
"""


def wait_for(what: Callable[[], object]) -> None:
    """Wait until it is so; the test fails only when it never becomes so."""
    deadline = time.monotonic() + PATIENCE
    while not what():
        assert time.monotonic() < deadline, "it did not happen"
        time.sleep(0.02)


def alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()[0] not in "ZX"
    except OSError:
        return False


class Stand:
    """A supervisor over small stand-in processes, and what it said."""

    def __init__(self, folder: Path, **codes: str) -> None:
        self.said: list[str] = []
        self.folder = folder
        commands = [Command(name, [sys.executable, "-c", code], {}, self.log(name)) for name, code in codes.items()]
        self.supervisor = Supervisor(commands, cwd=folder, say=self.said.append)

    def log(self, name: str) -> Path:
        return self.folder / f"{name}.log"

    def up(self, name: str) -> int:
        """Start one and wait until it has printed its first line."""
        self.supervisor.start(name)
        wait_for(lambda: self.log(name).exists() and self.log(name).read_text(encoding="utf-8").endswith("\n"))
        pid = self.supervisor.pid(name)
        assert pid is not None
        return pid


@pytest.fixture
def stand(tmp_path: Path) -> Iterator[Callable[..., Stand]]:
    made: list[Stand] = []

    def make(**codes: str) -> Stand:
        made.append(Stand(tmp_path, **codes))
        return made[-1]

    yield make
    for each in made:
        each.supervisor.stop(seconds=0)


def test_a_process_that_died_is_started_again_after_a_pause_and_it_is_said(stand: Callable[..., Stand]) -> None:
    here = stand(bot=SLEEPS)
    first = here.up("bot")
    os.kill(first, signal.SIGKILL)
    wait_for(lambda: not here.supervisor.is_running("bot"))
    here.supervisor.check()
    assert here.said == [f"bot stopped (signal 9); starting it again in 1 s. Log: {here.log('bot')}"]
    assert not here.supervisor.is_running("bot")
    wait_for(lambda: here.supervisor.check() or here.supervisor.is_running("bot"))
    assert here.supervisor.pid("bot") != first


def test_the_pause_doubles_up_to_half_a_minute() -> None:
    assert [pause_before_restart(failures) for failures in (0, 1, 2, 3, 4, 5, 99)] == [1, 2, 4, 8, 16, 30, 30]


def test_a_process_that_was_killed_on_purpose_stays_down_until_it_is_started(stand: Callable[..., Stand]) -> None:
    here = stand(bot=SLEEPS, api=SLEEPS)
    here.up("bot")
    here.up("api")
    here.supervisor.kill("bot")
    here.supervisor.check()
    assert [here.supervisor.is_running(name) for name in ("bot", "api")] == [False, True]
    assert here.said == []
    here.supervisor.start("bot")
    assert here.supervisor.is_running("bot")


def test_a_process_that_does_not_listen_is_killed_in_the_end(stand: Callable[..., Stand]) -> None:
    here = stand(bot=STUBBORN)
    pid = here.up("bot")
    here.supervisor.stop(seconds=0.2)
    assert not alive(pid)


def test_what_a_process_started_stops_with_it(stand: Callable[..., Stand]) -> None:
    here = stand(bot=PARENT)
    here.up("bot")
    grandchild = int(here.log("bot").read_text(encoding="utf-8"))
    assert alive(grandchild)
    here.supervisor.stop()
    wait_for(lambda: not alive(grandchild))


def test_new_warnings_and_errors_are_counted_and_named(stand: Callable[..., Stand]) -> None:
    here = stand(api="import time; print('ERROR x'); print('WARNING y', flush=True); time.sleep(600)")
    here.up("api")
    wait_for(lambda: here.log("api").read_text(encoding="utf-8").count("\n") == 2)
    here.supervisor.check()
    here.supervisor.check()
    assert here.said == [f"api: 1 warning, 1 error in {here.log('api')}"]


@pytest.fixture
def launcher(tmp_path: Path) -> Iterator[Callable[..., subprocess.Popen[bytes]]]:
    """The supervisor in a process of its own, as `make run` has it."""
    started: list[subprocess.Popen[bytes]] = []

    def start(one: str, two: str) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-c", LAUNCHER, str(tmp_path), one, two]
        process = subprocess.Popen(command, cwd=ROOT, start_new_session=True)
        started.append(process)
        return process

    yield start
    for process in started:
        process.kill()
        process.wait()


def grandchildren(folder: Path) -> list[int]:
    """The numbers the two stand-ins printed, once both have."""
    logs = [folder / "one.log", folder / "two.log"]
    wait_for(lambda: all(log.exists() and log.read_text(encoding="utf-8").endswith("\n") for log in logs))
    return [int(log.read_text(encoding="utf-8")) for log in logs]


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_asked_to_stop_the_launcher_leaves_nothing_running(
    launcher: Callable[..., subprocess.Popen[bytes]], tmp_path: Path, number: signal.Signals
) -> None:
    process = launcher(PARENT, PARENT)
    pids = grandchildren(tmp_path)
    process.send_signal(number)
    assert process.wait(PATIENCE) == 0
    assert not any(alive(pid) for pid in pids)


def test_a_launcher_that_is_killed_leaves_nothing_running_either(
    launcher: Callable[..., subprocess.Popen[bytes]], tmp_path: Path
) -> None:
    process = launcher(PARENT, PARENT)
    pids = grandchildren(tmp_path)
    os.killpg(process.pid, signal.SIGKILL)
    wait_for(lambda: not any(alive(pid) for pid in pids))


def test_logs_are_turned_over_and_three_are_kept(tmp_path: Path) -> None:
    log = tmp_path / "api.log"
    for number in range(5):
        rotate(log)
        log.write_text(str(number), encoding="utf-8")
    assert {path.name: path.read_text(encoding="utf-8") for path in tmp_path.iterdir()} == {
        "api.log": "4",
        "api.log.1": "3",
        "api.log.2": "2",
    }


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("2026-11-21 ERROR api failed", "1 error"),
        ('{"event": "x", "level": "warning"}', "1 warning"),
        ("Traceback (most recent call last):", "1 error"),
        ("INFO no errors, no warnings here", ""),
    ],
)
def test_a_line_counts_by_its_level_only(tmp_path: Path, line: str, found: str) -> None:
    log = tmp_path / "api.log"
    counter = ProblemCounter(log)
    log.write_text(f"{line}\n", encoding="utf-8")
    assert counter.new() == found
    assert counter.new() == ""


def test_the_last_line_of_a_log_is_the_last_one_with_words(tmp_path: Path) -> None:
    log = tmp_path / "api.log"
    assert last_line(log) == ""
    log.write_text("first\nIV_PORT: wrong\n\n", encoding="utf-8")
    assert last_line(log) == "IV_PORT: wrong"


@pytest.mark.parametrize(
    ("output", "words"),
    [
        ("OSError: No space left on device", "disk is full"),
        ("error: Failed to fetch: https://…", "check the connection"),
        ("Hash mismatch for `x`", "not the one in the lock file"),
        ("something of its own", "something of its own"),
    ],
)
def test_a_step_that_fails_says_what_and_where_to_read(tmp_path: Path, output: str, words: str) -> None:
    log = tmp_path / "setup.log"
    log.write_text("No space left on device, but that was last week\n", encoding="utf-8")
    command = [sys.executable, "-c", f"print({output!r}); raise SystemExit(3)"]
    with pytest.raises(SetupError) as failed:
        Progress(quiet=True).run("Installing", command, log=log, cwd=tmp_path, env={"PYTHONUTF8": "1"})
    assert str(failed.value).startswith("Installing: failed")
    assert words in str(failed.value)
    assert str(failed.value).endswith(f"Log: {log}")

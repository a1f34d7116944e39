"""The worker's process is killed outright in the middle of a dry run, and of an import."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

import pytest

from api.catalogue.import_jobs.tables import ImportJob
from api.catalogue.tables import Course, ImportBatch
from api.clock import system_clock
from tests.api.catalogue.import_jobs.conftest import Office

ROWS = [
    {"external_id": f"K-{number}", "title": f"Kurs {number}", "description": "Text. " * 5} for number in range(6_000)
]


@pytest.fixture
def now() -> datetime:
    """The worker has the machine's clock; so have the sessions and the files here."""
    return system_clock()


@contextmanager
def worker(office: Office, folder: Path) -> Iterator[subprocess.Popen[bytes]]:
    own = {
        "IV_DATA_DIR": str(folder),
        "IV_DATABASE_URL": office.database.engine.url.render_as_string(hide_password=False),
        "IV_IMPORT_MAX_MEGABYTES": "20",
    }
    env = {name: value for name, value in os.environ.items() if not name.startswith("IV_")} | own
    process = subprocess.Popen([sys.executable, "-m", "api.worker"], env=env, stdout=subprocess.DEVNULL)
    try:
        yield process
    finally:
        process.kill()
        process.wait(60)


def kill_when(
    office: Office, page: str, process: subprocess.Popen[bytes], reached: Callable[[ImportJob], bool]
) -> None:
    """Kill the worker as soon as the job has come that far."""
    for _ in range(6_000):
        job = office.job(page)
        assert job.state in {"waiting", "running"}, "it was done before it could be killed"
        if job.state == "running" and reached(job):
            process.send_signal(signal.SIGKILL)
            process.wait(60)
            return
        time.sleep(0.005)
    raise AssertionError("the worker did not take the job")


@pytest.mark.parametrize(("work", "step"), [("check", ""), ("apply", "write")])
async def test_nothing_is_changed_and_the_person_can_try_again(
    office: Office, tmp_path: Path, work: str, step: str
) -> None:
    page = await office.uploaded(*ROWS)
    if work == "apply":
        await office.work()
        await office.staff.post(f"{page}/genomfor", visat=office.job(page).plan_digest or "")
    with worker(office, tmp_path) as process:
        kill_when(office, page, process, lambda job: job.step == step)
    assert (office.standing(page), office.job(page).work) == ("running", work)
    assert (office.occasions(), office.count(Course), office.count(ImportBatch)) == ({}, 0, 0)
    office.clock.move(minutes=3)
    assert office.standing(page) == "broken"
    assert "Inget i katalogen har ändrats" in (await office.staff.get(page)).text
    await office.staff.post(f"{page}/igen")
    await office.work()
    assert office.standing(page) == ("ready" if work == "check" else "applied")
    assert len(office.occasions()) == (0 if work == "check" else len(ROWS))

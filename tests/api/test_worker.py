"""The worker: jobs that fail alone, a clean stop, and nothing lost when it is killed."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import time
from datetime import timedelta
from pathlib import Path

import pytest

from api.clock import system_clock
from api.outbox.tables import Outbox
from api.worker import Job, in_thread, work


async def run_briefly(*todo: Job, until: asyncio.Event, grace: float = 1.0) -> None:
    stop = asyncio.Event()
    working = asyncio.create_task(work(todo, stop, grace=grace))
    await asyncio.wait_for(until.wait(), 60)
    stop.set()
    await asyncio.wait_for(working, 60)


async def test_one_failing_job_never_stops_the_others_nor_itself(caplog):
    runs, enough = {"bad": 0, "good": 0}, asyncio.Event()

    async def bad() -> None:
        runs["bad"] += 1
        raise RuntimeError("Kim 0701740635")

    async def good() -> None:
        runs["good"] += 1
        if min(runs.values()) >= 3:
            enough.set()

    await run_briefly(Job("bad", 0.001, bad), Job("good", 0.001, good), until=enough)
    assert "job failed" in caplog.text
    assert "Kim" not in caplog.text


async def test_a_job_that_hangs_is_cut_off_at_the_stop():
    begun = asyncio.Event()

    async def hang() -> None:
        begun.set()
        await asyncio.Event().wait()

    await run_briefly(Job("hang", 1, hang), until=begun, grace=0.01)


async def test_a_running_job_may_end_before_the_stop():
    begun, ended = asyncio.Event(), []

    async def slow() -> None:
        begun.set()
        await asyncio.sleep(0.05)
        ended.append(True)

    await run_briefly(Job("slow", 100, slow), until=begun)
    assert ended == [True]


async def test_a_blocking_function_runs_beside_the_loop():
    enough, loop = asyncio.Event(), asyncio.get_running_loop()
    await run_briefly(Job("x", 100, in_thread(lambda: loop.call_soon_threadsafe(enough.set))), until=enough)


@pytest.fixture
def environment(database, tmp_path) -> dict[str, str]:
    url = database.engine.url.render_as_string(hide_password=False)
    return os.environ | {"IV_DATABASE_URL": url, "IV_DATA_DIR": str(tmp_path)}


def start(environment: dict[str, str]) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-m", "api.worker"], env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    )


def wait_for(condition) -> None:
    for _ in range(600):
        if condition():
            return
        time.sleep(0.05)
    raise AssertionError("it did not happen within 30 s")


def mail(database, at) -> int:
    with database.transaction() as session:
        row = Outbox(
            kind="REQUEST",
            recipient="syv@example.org",
            message_id="1.0@example.org",
            created_at=at,
            not_before=at,
            next_try=at,
            attempts=0,
            sequence=0,
            payload={
                "from": "Industrivägledaren <boka@example.org>",
                "reply_to": None,
                "subject": "Hej",
                "text": "Hej",
                "html": "<p>Hej</p>",
                "ics": "BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n",
                "ics_method": "REQUEST",
            },
        )
        session.add(row)
    return row.id


def test_the_process_sends_what_is_due_and_stops_cleanly(database, environment, tmp_path):
    mail(database, system_clock() - timedelta(minutes=1))
    process = start(environment)
    try:
        wait_for(lambda: list((tmp_path / "mail").glob("*.eml")))
        assert_stops_cleanly(process, signal.SIGTERM)
    finally:
        process.kill()


def test_a_killed_worker_loses_no_mail(database, environment, tmp_path):
    row_id = mail(database, system_clock() - timedelta(minutes=1))
    folder = Path(tmp_path / "mail")
    folder.write_text("a file in the way: nothing can be delivered")
    process = start(environment)
    try:
        wait_for(lambda: attempts(database, row_id) > 0)
    finally:
        process.kill()
        process.communicate()
    folder.unlink()
    with database.transaction() as session:  # its claim or its wait is over
        row = session.get_one(Outbox, row_id)
        row.claimed_until, row.next_try = None, row.not_before
    process = start(environment)
    try:
        wait_for(lambda: list(folder.glob("*.eml")))
        assert_stops_cleanly(process, signal.SIGINT)
    finally:
        process.kill()


def assert_stops_cleanly(process: subprocess.Popen[bytes], number: signal.Signals) -> None:
    process.send_signal(number)
    output, _ = process.communicate(timeout=60)
    assert process.returncode == 0
    assert b"Traceback" not in output
    assert b"syv@example.org" not in output


def test_a_wrong_smtp_address_ends_the_process_with_a_sentence(tmp_path):
    process = start(os.environ | {"IV_SMTP_URL": "mail.example.org", "IV_DATA_DIR": str(tmp_path)})
    output, _ = process.communicate(timeout=60)
    assert process.returncode != 0
    assert b"IV_SMTP_URL" in output
    assert b"Traceback" not in output


def attempts(database, row_id: int) -> int:
    with database.transaction() as session:
        return session.get_one(Outbox, row_id).attempts

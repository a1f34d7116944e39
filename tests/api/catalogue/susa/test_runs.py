"""When the mirror runs, how it goes on after a stop, and that two workers never do the same run."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from api.catalogue.susa import runs
from api.catalogue.susa.running import mirror_when_due
from api.catalogue.susa.tables import SusaRun
from api.chat.bot import BotClient
from api.outbox.delivery import make_mailer
from api.settings import Settings
from api.worker import jobs
from tests.api.catalogue.susa.conftest import Mirror, event


def all_runs(mirror: Mirror) -> list[SusaRun]:
    with mirror.database.transaction(read_only=True) as session:
        return list(session.scalars(select(SusaRun).order_by(SusaRun.id)))


def asked(mirror: Mirror, kind: str) -> list[str]:
    return [line for line in mirror.susa.requests if line.startswith(f"/{kind}?")]


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        ("2026-11-23T01:59:59Z", "2026-11-22T02:00:00Z"),  # 03 in Sweden is 02 UTC in winter
        ("2026-11-23T02:00:00Z", "2026-11-23T02:00:00Z"),
        ("2026-07-23T01:00:00Z", "2026-07-23T01:00:00Z"),
    ],
)
def test_the_nightly_hour_is_swedish(now: str, expected: str) -> None:
    assert runs.planned(Settings(), datetime.fromisoformat(now)) == datetime.fromisoformat(expected)


async def test_it_runs_once_a_night_and_reads_everything_once_a_week(mirror: Mirror) -> None:
    kinds = []
    for _ in range(9):
        run = await mirror.run()
        assert run is not None
        kinds.append(run.kind)
        assert await mirror.run() is None
        mirror.clock.move(days=1)
    assert kinds == ["full", *["changes"] * 6, "full", "changes"]


async def test_changes_are_asked_for_with_an_overlap_of_a_day(mirror: Mirror) -> None:
    await mirror.run()
    first = all_runs(mirror)[0]
    mirror.susa.forget_requests()
    await mirror.next_night()
    assert first.started_at is not None
    since = (first.started_at - timedelta(days=1)).astimezone(runs.STOCKHOLM).replace(tzinfo=None)
    assert all(
        f"updatedSince={since.isoformat().replace(':', '%3A')}" in line for line in asked(mirror, "educationEvents")
    )


async def test_other_settings_make_it_read_everything_anew(mirror: Mirror) -> None:
    await mirror.run()
    mirror.settings = Settings(susa_url=mirror.susa.url, susa_municipalities="1780", susa_directions="el")
    run = await mirror.next_night()
    assert run.kind == "full"
    assert mirror.events()["e.1"].gone == "unwanted"


async def test_staff_can_ask_for_a_run_and_asking_twice_is_one(mirror: Mirror) -> None:
    await mirror.run()
    mirror.clock.move(hours=1)
    assert await mirror.run() is None
    for _ in range(2):
        with mirror.database.transaction() as session:
            runs.ask(session, now=mirror.clock(), actor="staff:7")
    run = await mirror.run()
    assert run is not None
    assert (run.kind, run.actor, run.state) == ("changes", "staff:7", "done")
    assert await mirror.run() is None


async def test_a_failed_run_goes_on_an_hour_later_at_the_page_where_it_stood(mirror: Mirror) -> None:
    mirror.page_size = 2
    mirror.susa.says(
        educationEvents=[event(f"e.{number}") for number in range(7)],
        faults=[{"list": "educationEvents", "page": 2, "kind": 503, "times": 6}],
    )
    run = await mirror.run()
    assert run is not None
    assert (run.state, run.phase, run.page) == ("failed", "educationEvents", 2)
    assert "felkod 503" in run.error
    assert len(mirror.events()) == 4
    assert await mirror.run() is None
    mirror.clock.move(minutes=61)
    mirror.susa.forget_requests()
    again = await mirror.run()
    assert again is not None
    assert (again.id, again.state, again.error, again.counts["read"]) == (run.id, "done", "", 7)
    assert [line.split("page=")[1][0] for line in asked(mirror, "educationEvents")] == ["2", "3"]
    assert asked(mirror, "educationInfos") == []
    assert len(mirror.events()) == 7
    assert {row.gone for row in mirror.events().values()} == {""}


async def test_a_run_that_is_cut_off_is_free_for_the_next_worker(mirror: Mirror) -> None:
    mirror.susa.says(faults=[{"list": "educationEvents", "kind": "slow", "seconds": 30, "times": 1}])
    task = asyncio.create_task(mirror.run())
    for _ in range(400):
        await asyncio.sleep(0.05)
        if asked(mirror, "educationEvents"):
            break
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    cut = all_runs(mirror)[0]
    assert (cut.state, cut.phase, cut.lease_until) == ("running", "educationEvents", None)
    run = await mirror.run()
    assert run is not None
    assert (run.id, run.state) == (cut.id, "done")


async def test_a_killed_workers_run_is_taken_over_when_its_lease_is_out_and_never_before(mirror: Mirror) -> None:
    with mirror.database.transaction() as session:
        claimed = runs.claim(session, mirror.settings, "x", now=mirror.clock(), owner="killed")
        assert claimed is not None
    assert await mirror.run() is None
    mirror.clock.move(minutes=31)
    run = await mirror.run()
    assert run is not None
    assert (run.id, run.state) == (claimed.id, "done")
    with mirror.database.transaction() as session, pytest.raises(runs.LeaseLost):
        runs.advance(session, run.id, "killed", now=mirror.clock(), phase="occasions")


async def test_two_workers_at_the_same_time_do_one_run(mirror: Mirror) -> None:
    both = await asyncio.gather(mirror.run(), mirror.run())
    assert len([run for run in both if run is not None]) == 1
    assert len(all_runs(mirror)) == 1


async def test_an_error_of_ours_is_noted_and_told_as_ours(mirror: Mirror, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("private")

    monkeypatch.setattr("api.catalogue.susa.mirror.take_providers", broken)
    with pytest.raises(RuntimeError):
        await mirror.run()
    run = all_runs(mirror)[0]
    assert run.state == "failed"
    assert run.error.startswith("Något gick fel hos oss.")
    assert "private" not in run.error


async def test_old_runs_are_forgotten_but_not_the_last_whole_one(mirror: Mirror) -> None:
    await mirror.run()
    for _ in range(3):
        await mirror.next_night(95)
    assert len(all_runs(mirror)) <= 2


def test_the_worker_has_the_job_only_when_there_is_an_address(mirror: Mirror) -> None:
    def names(**values: str) -> set[str]:
        settings = Settings(**values)
        mailer, bot = make_mailer(settings), BotClient(settings)
        return {job.name for job in jobs(mirror.database, settings, mailer, bot, mirror.clock)}

    assert "susa" in names(susa_url=mirror.susa.url)
    assert "susa" not in names()


async def test_nothing_is_asked_of_a_service_that_is_not_due(mirror: Mirror) -> None:
    await mirror.run()
    mirror.susa.forget_requests()
    assert await mirror_when_due(mirror.database, mirror.settings, mirror.clock) is None
    assert mirror.susa.requests == []
    assert mirror.clock() < datetime(2030, 1, 1, tzinfo=UTC)

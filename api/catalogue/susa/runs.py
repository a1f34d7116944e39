"""The runs of the mirror: who asks for one, when one is due, and who works on it.

Several workers may be at it: a run belongs to the one that holds its lease. A run that was cut off, or that failed
less than a day ago, goes on at the page where it stood.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, time, timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from api.catalogue.susa.tables import SusaRun
from api.clock import STOCKHOLM
from api.database import one_at_a_time
from api.settings import Settings
from api.staff import audit

LEASE = timedelta(minutes=30)
"""Longer than the longest pause between two pages."""
RETRY_AFTER = timedelta(hours=1)
TAKEN_UP_FOR = timedelta(hours=20)
OVERLAP = timedelta(days=1)
"""What was changed shortly before the last run is asked for again: the source's clock is not ours."""
KEPT = timedelta(days=90)


class LeaseLost(Exception):
    """Another worker has taken the run over."""


def ask(session: Session, *, now: datetime, actor: str) -> SusaRun:
    """Ask for a run as soon as a worker can; the one that is waiting or at work, when there is one."""
    one_at_a_time(session, "susa")  # two workers must not plan the same night's run
    open_ = (SusaRun.state.in_(("asked", "running")), SusaRun.kind != "files")
    waiting = session.scalar(select(SusaRun).where(*open_).order_by(SusaRun.id).limit(1))
    if waiting is not None and (waiting.state == "asked" or not _is_free(waiting, now)):
        return waiting
    run = SusaRun(actor=actor, created_at=now)
    session.add(run)
    session.flush()
    audit.record(session, at=now, actor=actor, action="susa.asked", subject=f"susa_run:{run.id}")
    return run


def claim(session: Session, settings: Settings, fingerprint: str, *, now: datetime, owner: str) -> SusaRun | None:
    """The run to work on now, ours from here; None when there is nothing to do."""
    one_at_a_time(session, "susa")  # two workers must not plan the same night's run
    run = _next(session, settings, now)
    if run is None:
        return None
    session.flush()
    if run.fingerprint != fingerprint:  # asked for or planned just now, or the settings have changed under way
        run.kind, run.since = _kind(session, settings, fingerprint, now)
        run.fingerprint, run.phase, run.page, run.pages, run.counts = fingerprint, "", 0, 0, {}
        run.started_at = now
    run.state, run.owner, run.lease_until, run.error, run.ended_at = "running", owner, now + LEASE, "", None
    session.flush()
    return run


def start_files(session: Session, fingerprint: str, *, now: datetime, actor: str, owner: str) -> SusaRun:
    """A run over saved pages, begun at once."""
    run = SusaRun(
        kind="files", state="running", actor=actor, created_at=now, started_at=now, owner=owner, fingerprint=fingerprint
    )
    run.lease_until = now + LEASE
    session.add(run)
    session.flush()
    return run


def advance(
    session: Session,
    run_id: int,
    owner: str,
    *,
    now: datetime,
    phase: str,
    page: int = 0,
    pages: int = 0,
    counts: Mapping[str, int] | None = None,
) -> None:
    """Note where the run stands, and keep it ours. Raises LeaseLost."""
    run = session.get(SusaRun, run_id, with_for_update=True)
    if run is None or run.owner != owner or run.state != "running":
        raise LeaseLost
    run.phase, run.page, run.pages, run.lease_until = phase, page, pages, now + LEASE
    run.counts = added(run.counts, counts or {})


def finish(session: Session, run_id: int, owner: str, *, now: datetime, error: str = "") -> None:
    """End the run, well or with the sentence that says why not. Leaves an audit row."""
    run = session.get(SusaRun, run_id, with_for_update=True)
    if run is None or run.owner != owner:
        return
    run.state, run.error, run.ended_at, run.lease_until = "failed" if error else "done", error, now, None
    action = "susa.failed" if error else "susa.done"
    audit.record(session, at=now, actor=run.actor, action=action, subject=f"susa_run:{run.id}", **run.counts)
    old = select(SusaRun).where(SusaRun.state.in_(("done", "failed")), SusaRun.ended_at < now - KEPT)
    for gone in session.scalars(old.where(SusaRun.id < run.id)):
        if gone.id not in _needed(session):
            session.delete(gone)


def release(session: Session, run_id: int, owner: str) -> None:
    """Let somebody else go on with the run: this worker is told to stop."""
    mine = (SusaRun.id == run_id, SusaRun.owner == owner, SusaRun.state == "running")
    session.execute(update(SusaRun).where(*mine).values(lease_until=None))


def added(counts: Mapping[str, int], more: Mapping[str, int]) -> dict[str, int]:
    """Both counts together."""
    return {name: counts.get(name, 0) + more.get(name, 0) for name in [*counts, *(n for n in more if n not in counts)]}


def last_done(session: Session, *kinds: str) -> SusaRun | None:
    """The newest run of these kinds that ended well."""
    query = select(SusaRun).where(SusaRun.state == "done", SusaRun.kind.in_(kinds))
    return session.scalar(query.order_by(SusaRun.started_at.desc()).limit(1))


def planned(settings: Settings, now: datetime) -> datetime:
    """The latest moment, before or at `now`, at which a night's run should begin."""
    local = now.astimezone(STOCKHOLM)
    moment = datetime.combine(local.date(), time(settings.susa_hour), STOCKHOLM)
    return (
        moment
        if moment <= now
        else datetime.combine(local.date() - timedelta(days=1), time(settings.susa_hour), STOCKHOLM)
    )


def _next(session: Session, settings: Settings, now: datetime) -> SusaRun | None:
    ours = SusaRun.kind != "files"
    open_ = session.scalars(
        select(SusaRun).where(SusaRun.state.in_(("asked", "running")), ours).order_by(SusaRun.id).with_for_update()
    ).all()
    if open_:
        return next((run for run in open_ if run.state == "asked" or _is_free(run, now)), None)
    latest = session.scalar(select(SusaRun).where(ours).order_by(SusaRun.id.desc()).limit(1))
    if latest is not None and latest.state == "failed" and latest.ended_at is not None:
        if now - latest.ended_at < RETRY_AFTER:
            return None
        if latest.started_at is not None and now - latest.started_at < TAKEN_UP_FOR:
            return latest
    if latest is None or latest.created_at < planned(settings, now):
        run = SusaRun(actor="system", created_at=now)
        session.add(run)
        return run
    return None


def _kind(session: Session, settings: Settings, fingerprint: str, now: datetime) -> tuple[str, datetime | None]:
    full, latest = last_done(session, "full"), last_done(session, "full", "changes")
    if full is None or latest is None or full.started_at is None or latest.started_at is None:
        return "full", None
    old = now - full.started_at >= timedelta(days=settings.susa_full_days) - timedelta(hours=1)
    if old or latest.fingerprint != fingerprint:
        return "full", None
    return "changes", latest.started_at - OVERLAP


def _needed(session: Session) -> set[int]:
    return {run.id for run in (last_done(session, "full"), last_done(session, "full", "changes")) if run is not None}


def _is_free(run: SusaRun, now: datetime) -> bool:
    return run.lease_until is None or run.lease_until <= now

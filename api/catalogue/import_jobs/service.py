"""The life of an uploaded file: stored, checked, looked at, applied, forgotten. Nothing is committed here.

A worker takes a job with `take` and shows what it got whenever it stores something: `mine` refuses a worker that has
been given up in the meantime, so that a job is never finished twice.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Literal
from uuid import UUID, uuid4

from sqlalchemy import ColumnElement, delete, func, insert, select, update
from sqlalchemy.orm import Session

from api.catalogue.import_jobs import findings
from api.catalogue.import_jobs.errors import JobMoved, JobUnknown
from api.catalogue.import_jobs.tables import ImportJob, ImportPiece
from api.catalogue.importing.plan import Plan, fingerprint
from api.database import rowcount
from api.staff.sessions import SignedIn

Standing = Literal["waiting", "running", "broken", "ready", "applied", "refused", "failed"]

KEPT = timedelta(hours=24)
LEASE = timedelta(seconds=20)
"""How long a worker is believed to be alive after it was heard of. It is heard of every other second."""
LEASE_WHILE_WRITING = timedelta(minutes=2)
"""On SQLite nobody else can write meanwhile, so nothing is heard of it."""


@dataclass(frozen=True)
class Taken:
    """A job in the hands of a worker."""

    id: UUID
    attempt: int
    work: str
    file_name: str
    actor: str
    shown: str | None
    """The fingerprint of what somebody has agreed to."""


class JobLost(Exception):
    """The worker must not store anything more for the job."""


def create(session: Session, *, account: SignedIn, file_name: str, pieces: Iterable[bytes], now: datetime) -> ImportJob:
    """Store a file and queue its dry run. `pieces` are read one at a time."""
    job = ImportJob(
        id=uuid4(),
        account_id=account.id,
        actor=account.actor,
        file_name=file_name,
        size=0,
        digest="",
        created_at=now,
        queued_at=now,
        expires_at=now + KEPT,
    )
    session.add(job)
    session.flush()
    digest, size = sha256(), 0
    for number, data in enumerate(pieces):
        session.execute(insert(ImportPiece).values(job_id=job.id, number=number, data=data))
        digest.update(data)
        size += len(data)
    job.size, job.digest = size, digest.hexdigest()
    return job


def get(session: Session, job_id: UUID, now: datetime, *, to_change: bool = False) -> ImportJob:
    """The job. Raises JobUnknown when there is none or its day is over."""
    job = session.get(ImportJob, job_id, with_for_update={"of": ImportJob} if to_change else None)
    if job is None or job.expires_at <= now:
        raise JobUnknown
    return job


def recent(session: Session, now: datetime) -> Sequence[ImportJob]:
    """Files that are not in the catalogue yet, latest first."""
    query = select(ImportJob).where(ImportJob.expires_at > now, ImportJob.state != "applied")
    return session.scalars(query.order_by(ImportJob.created_at.desc()).limit(50)).all()


def standing(job: ImportJob, now: datetime) -> Standing:
    """The job's state; `broken` when its process has died."""
    if job.state == "running" and (job.lease_until is None or job.lease_until <= now):
        return "broken"
    return job.state  # type: ignore[return-value]  # the table's constraint has the same words


def queue_before(session: Session, job: ImportJob, now: datetime) -> int:
    """How many files a worker takes before this one, the one it has now included."""
    waiting = (ImportJob.state == "waiting") & (ImportJob.queued_at < job.queued_at)
    running = (ImportJob.state == "running") & (ImportJob.lease_until > now)
    living = select(func.count()).where(waiting | running, ImportJob.expires_at > now, ImportJob.id != job.id)
    return session.scalar(living) or 0


def ask_to_apply(session: Session, job_id: UUID, *, shown: str, by: SignedIn, now: datetime) -> None:
    """Queue the job to be carried out, as it was shown. Raises JobUnknown or JobMoved."""
    job = get(session, job_id, now, to_change=True)
    if job.state != "ready" or not shown or job.plan_digest != shown:
        raise JobMoved
    job.actor = by.actor
    _queue(job, "apply", now)


def ask_again(session: Session, job_id: UUID, now: datetime) -> None:
    """Queue again what broke off. Raises JobUnknown or JobMoved."""
    job = get(session, job_id, now, to_change=True)
    if standing(job, now) not in {"broken", "failed"}:
        raise JobMoved
    _queue(job, job.work, now)


def throw_away(session: Session, job_id: UUID, now: datetime) -> None:
    """Erase the file and everything about it; an import that was carried out stays. Raises JobUnknown or JobMoved."""
    job = get(session, job_id, now, to_change=True)
    if job.work == "apply" and standing(job, now) in {"waiting", "running"}:
        raise JobMoved
    _erase(session, ImportJob.id == job_id)


def erase_expired(session: Session, now: datetime) -> int:
    """Erase the files whose day is over. How many."""
    return _erase(session, ImportJob.expires_at <= now)


def anything_waits(session: Session, now: datetime) -> bool:
    """Whether there is something to take. Reads only."""
    query = select(ImportJob.id).where(ImportJob.state == "waiting", ImportJob.expires_at > now)
    return session.scalar(query.limit(1)) is not None


def take(session: Session, now: datetime) -> Taken | None:
    """The job that has waited longest, for one worker."""
    query = select(ImportJob).where(ImportJob.state == "waiting", ImportJob.expires_at > now)
    query = query.order_by(ImportJob.queued_at, ImportJob.id).limit(1)
    job = session.scalar(query.with_for_update(skip_locked=True, of=ImportJob))
    if job is None:
        return None
    job.state, job.attempt, job.lease_until = "running", job.attempt + 1, now + LEASE
    return Taken(job.id, job.attempt, job.work, job.file_name, job.actor, job.plan_digest)


def read_file(session: Session, taken: Taken) -> bytes:
    """The whole file."""
    query = select(ImportPiece.data).where(ImportPiece.job_id == taken.id).order_by(ImportPiece.number)
    return b"".join(session.scalars(query))


def note(session: Session, taken: Taken, *, step: str, progress: int, until: datetime) -> None:
    """Say how far the work has come (per cent), and until when it need not be heard of again. Raises JobLost."""
    mine = (ImportJob.id == taken.id) & (ImportJob.attempt == taken.attempt) & (ImportJob.state == "running")
    values = {"step": step, "progress": progress, "lease_until": until}
    if rowcount(session.execute(update(ImportJob).where(mine).values(values))) == 0:
        raise JobLost


def keep_plan(session: Session, taken: Taken, plan: Plan, *, changed_since: bool = False) -> None:
    """The dry run is done. Raises JobLost."""
    job = mine(session, taken)
    findings.store(session, job, plan)
    job.state, job.work, job.progress = "ready", "check", 100
    job.summary, job.plan_digest, job.changed_since = findings.summary(plan), fingerprint(plan), changed_since


def finish(session: Session, taken: Taken, batch_id: int | None) -> None:
    """The job is carried out; in the transaction that does it. The file is not needed any more. Raises JobLost."""
    job = mine(session, taken)
    job.state, job.progress, job.batch_id = "applied", 100, batch_id
    _erase_file(session, job.id)


def refuse(session: Session, taken: Taken, reason: str) -> None:
    """The file cannot be used; nothing of it is kept. Raises JobLost."""
    job = mine(session, taken)
    job.state, job.reason = "refused", reason
    findings.forget(session, job)
    _erase_file(session, job.id)


def fail(session: Session, taken: Taken) -> None:
    """Something broke that nobody foresaw. Raises JobLost."""
    mine(session, taken).state = "failed"


def give_back(session: Session, taken: Taken) -> None:
    """The worker stops before it is done: another one begins anew. Raises JobLost."""
    job = mine(session, taken)
    job.state, job.lease_until, job.progress, job.step = "waiting", None, 0, ""


def mine(session: Session, taken: Taken) -> ImportJob:
    """The job's row, locked. Raises JobLost when it belongs to another worker by now, or is gone."""
    job = session.get(ImportJob, taken.id, with_for_update={"of": ImportJob}, populate_existing=True)
    if job is None or (job.state, job.attempt) != ("running", taken.attempt):
        raise JobLost
    return job


def _queue(job: ImportJob, work: str, now: datetime) -> None:
    job.work, job.state, job.queued_at = work, "waiting", now
    job.lease_until, job.progress, job.step, job.changed_since = None, 0, "", False


def _erase_file(session: Session, job_id: UUID) -> None:
    session.execute(delete(ImportPiece).where(ImportPiece.job_id == job_id))


def _erase(session: Session, which: ColumnElement[bool]) -> int:
    return rowcount(session.execute(delete(ImportJob).where(which)))

"""A file that staff uploaded, what is done with it, and what the dry run found. Erased after a day."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, CheckConstraint, ForeignKey, LargeBinary, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from api.database import Base, UtcDateTime
from api.staff.tables import Account


class ImportJob(Base):
    """One uploaded file on its way into the catalogue.

    `work` is what is done with it now, or was done last: `check` is the dry run, `apply` carries it out. `state`:

    - `waiting` for a worker, `running` in one until `lease_until` (past that, its process has died)
    - `ready`: the dry run is done and can be looked at; `applied`: it is carried out, as `batch_id`
    - `refused`: the file cannot be used, `reason` says why; `failed`: nobody foresaw it. Neither changes the catalogue

    `attempt` grows with everybody who takes the job: who finds another number there has lost it and stores nothing.
    """

    __tablename__ = "import_job"
    __table_args__ = (
        CheckConstraint("work IN ('check', 'apply')", name="work"),
        CheckConstraint("state IN ('waiting', 'running', 'ready', 'applied', 'refused', 'failed')", name="state"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    actor: Mapped[str] = mapped_column(String(60))
    """Who asked for the work, as in the audit trail."""
    file_name: Mapped[str] = mapped_column(String(200))
    size: Mapped[int]
    digest: Mapped[str] = mapped_column(String(64))
    """SHA-256 of the file."""
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    work: Mapped[str] = mapped_column(String(10), default="check")
    state: Mapped[str] = mapped_column(String(10), default="waiting", index=True)
    queued_at: Mapped[datetime] = mapped_column(UtcDateTime)
    attempt: Mapped[int] = mapped_column(default=0)
    lease_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    step: Mapped[str] = mapped_column(String(10), default="")
    """What the worker does at the moment: `read`, `compare`, `write`."""
    progress: Mapped[int] = mapped_column(default=0)
    """Per cent."""
    reason: Mapped[str | None] = mapped_column(Text)
    plan_digest: Mapped[str | None] = mapped_column(String(64))
    """A fingerprint of what the dry run would change: only that is applied."""
    summary: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)  # Any: JSON, see findings.py
    changed_since: Mapped[bool] = mapped_column(default=False)
    """The catalogue had changed when the job was to be applied, and what is shown now has not been confirmed."""
    batch_id: Mapped[int | None] = mapped_column(ForeignKey("import_batch.id"))

    account: Mapped[Account] = relationship(lazy="joined", innerjoin=True)


class ImportPiece(Base):
    """A piece of the uploaded file, at most a megabyte; all of them in order are the file."""

    __tablename__ = "import_piece"

    job_id: Mapped[UUID] = mapped_column(ForeignKey("import_job.id", ondelete="CASCADE"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    data: Mapped[bytes] = mapped_column(LargeBinary)


class ImportFinding(Base):
    """One page of a list of the dry run. `part` is `new`, `changed`, `also`, `unchanged`, `missing` or `rejected`."""

    __tablename__ = "import_finding"

    job_id: Mapped[UUID] = mapped_column(ForeignKey("import_job.id", ondelete="CASCADE"), primary_key=True)
    part: Mapped[str] = mapped_column(String(10), primary_key=True)
    page: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    items: Mapped[list[dict[str, Any]]] = mapped_column(JSON)  # Any: JSON, see findings.py

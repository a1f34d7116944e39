"""What is kept of Susa-navet: providers, infos and events that concern us, and the runs that brought them.

An event becomes an occasion once it is wanted. `mirrored` is what the source said when the row was last set (the base
of a three-way merge), `conflicts` the fields that both the source and staff changed since: column → [ours, theirs].
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from api.catalogue.tables import Course, Node, Occasion
from api.database import Base, UtcDateTime
from api.guidance.tables import Occupation

Values = dict[str, Any]  # Any: JSON values that `reading` has cleaned
SOURCE = "susa"
"""`Occasion.source` of what is mirrored, and with a colon the beginning of its external_id."""


class SusaProvider(Base):
    """Somebody who gives courses. `decision`: whether its events are published, wait for a yes, or are left out."""

    __tablename__ = "susa_provider"
    __table_args__ = (CheckConstraint("decision IN ('waiting', 'publish', 'approve', 'omit')", name="decision"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    source_id: Mapped[str] = mapped_column(String(200), unique=True)
    name: Mapped[str] = mapped_column(String(200), default="")
    municipality_code: Mapped[str] = mapped_column(String(4), default="")
    details: Mapped[Values] = mapped_column(JSON, default=dict)
    digest: Mapped[str] = mapped_column(String(64), default="")
    decision: Mapped[str] = mapped_column(String(10), default="waiting", index=True)
    node_id: Mapped[int | None] = mapped_column(ForeignKey("node.id"))
    """The node its courses belong to, chosen by staff."""
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime)

    node: Mapped[Node | None] = relationship(lazy="joined")


class SusaInfo(Base):
    """What is taught. `occupation_id` is staff's choice where the words of the title do not decide."""

    __tablename__ = "susa_info"

    id: Mapped[int] = mapped_column(primary_key=True)
    source_id: Mapped[str] = mapped_column(String(200), unique=True)
    title: Mapped[str] = mapped_column(String(200), default="")
    details: Mapped[Values] = mapped_column(JSON, default=dict)
    digest: Mapped[str] = mapped_column(String(64), default="")
    occupation_id: Mapped[int | None] = mapped_column(ForeignKey("occupation.id"))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime)

    occupation: Mapped[Occupation | None] = relationship(lazy="joined")


class SusaEvent(Base):
    """When it is given. `state` is what staff decided, `gone` why it is no longer offered (empty while it is).

    `problem` holds the words of `applying.PROBLEMS` that keep it from being published, with commas. `dirty`: something
    has changed and the occasion has not followed yet.
    """

    __tablename__ = "susa_event"
    __table_args__ = (
        CheckConstraint("state IN ('waiting', 'approved', 'omitted')", name="state"),
        CheckConstraint("gone IN ('', 'removed', 'expired', 'unwanted')", name="gone"),
        Index("ix_susa_event_dirty", "dirty", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    source_id: Mapped[str] = mapped_column(String(200), unique=True)
    provider_id: Mapped[int] = mapped_column(ForeignKey("susa_provider.id"), index=True)
    info_id: Mapped[int] = mapped_column(ForeignKey("susa_info.id"), index=True)
    title: Mapped[str] = mapped_column(String(200), default="")
    start_date: Mapped[date | None]
    expires_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    details: Mapped[Values] = mapped_column(JSON, default=dict)
    digest: Mapped[str] = mapped_column(String(64), default="")
    state: Mapped[str] = mapped_column(String(10), default="waiting", index=True)
    gone: Mapped[str] = mapped_column(String(10), default="")
    problem: Mapped[str] = mapped_column(String(60), default="")
    dirty: Mapped[bool] = mapped_column(default=True)
    seen_run: Mapped[int] = mapped_column(default=0)
    occasion_id: Mapped[int | None] = mapped_column(ForeignKey("occasion.id", ondelete="SET NULL"), index=True)
    mirrored: Mapped[Values] = mapped_column(JSON, default=dict)
    conflicts: Mapped[Values] = mapped_column(JSON, default=dict)
    differs: Mapped[bool] = mapped_column(default=False, index=True)
    """Whether there are conflicts."""
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime)

    provider: Mapped[SusaProvider] = relationship(lazy="joined", innerjoin=True)
    info: Mapped[SusaInfo] = relationship(lazy="joined", innerjoin=True)
    occasion: Mapped[Occasion | None] = relationship(lazy="select")


class SusaCourse(Base):
    """A course that the mirror made of an info, and keeps in step with it."""

    __tablename__ = "susa_course"
    __table_args__ = (UniqueConstraint("info_id", "node_id", "occupation_id", name="uq_susa_course_made_of"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    info_id: Mapped[int] = mapped_column(ForeignKey("susa_info.id"))
    node_id: Mapped[int] = mapped_column(ForeignKey("node.id"))
    occupation_id: Mapped[int] = mapped_column(ForeignKey("occupation.id"))
    course_id: Mapped[int] = mapped_column(ForeignKey("course.id", ondelete="CASCADE"), unique=True)
    mirrored: Mapped[Values] = mapped_column(JSON, default=dict)
    conflicts: Mapped[Values] = mapped_column(JSON, default=dict)
    differs: Mapped[bool] = mapped_column(default=False, index=True)

    course: Mapped[Course] = relationship(lazy="joined", innerjoin=True)


class SusaRun(Base):
    """One run of the mirror, asked for or planned. Where it stands is kept page by page, so that it can go on.

    `kind` is empty until somebody takes a run that was asked for. `owner` and `lease_until` say who works on it.
    """

    __tablename__ = "susa_run"
    __table_args__ = (
        CheckConstraint("kind IN ('', 'full', 'changes', 'files')", name="kind"),
        CheckConstraint("state IN ('asked', 'running', 'done', 'failed')", name="state"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(10), default="")
    state: Mapped[str] = mapped_column(String(10), default="asked", index=True)
    actor: Mapped[str] = mapped_column(String(60))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    started_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    owner: Mapped[str] = mapped_column(String(36), default="")
    lease_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    since: Mapped[datetime | None] = mapped_column(UtcDateTime)
    fingerprint: Mapped[str] = mapped_column(String(64), default="")
    """Of the settings that choose what is wanted: when they change, everything is read anew."""
    phase: Mapped[str] = mapped_column(String(20), default="")
    page: Mapped[int] = mapped_column(default=0)
    """The next page of the phase."""
    pages: Mapped[int] = mapped_column(default=0)
    counts: Mapped[dict[str, int]] = mapped_column(JSON, default=dict)
    error: Mapped[str] = mapped_column(Text, default="")
    """Why it failed, a Swedish sentence."""

"""Municipalities, nodes, courses and their occasions.

A course is what a node offers (EMIL3: EducationInfo); an occasion is when it is given (EMIL3: EducationEvent).
"""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import JSON, CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from api.database import Base, UtcDateTime
from api.guidance.tables import Occupation

OCCASION_STATUSES = ("draft", "published", "cancelled", "full")
VOCATIONAL, UPSKILLING = COURSE_KINDS = ("vocational", "upskilling")
"""What a course is for: training for an occupation, or more skill for people who have a job already."""


class Region(Base):
    """A region (län) that the service covers: official two-digit code, name without "län", JobTech concept id."""

    __tablename__ = "region"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(2), unique=True)
    name: Mapped[str] = mapped_column(String(60))
    concept_id: Mapped[str] = mapped_column(String(20))


class Municipality(Base):
    """A municipality: official code (its first two digits are the region's), JobTech concept id, WGS84 degrees."""

    __tablename__ = "municipality"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(4), unique=True)
    name: Mapped[str] = mapped_column(String(60), unique=True)
    concept_id: Mapped[str] = mapped_column(String(20))
    lat: Mapped[float]
    lon: Mapped[float]
    aliases: Mapped[list[str]] = mapped_column(JSON, default=list)
    misspellings: Mapped[list[str]] = mapped_column(JSON, default=list)


class Node(Base):
    """A place where industrial training is given."""

    __tablename__ = "node"

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(String(40), unique=True)
    town: Mapped[str] = mapped_column(String(60))
    name: Mapped[str] = mapped_column(String(120))
    municipality_id: Mapped[int] = mapped_column(ForeignKey("municipality.id"))
    lat: Mapped[float]
    lon: Mapped[float]
    street: Mapped[str | None] = mapped_column(String(120))
    phone: Mapped[str] = mapped_column(String(30))
    email: Mapped[str] = mapped_column(String(120))
    opening_hours: Mapped[str] = mapped_column(String(200))
    profile: Mapped[str] = mapped_column(Text, default="")
    equipment: Mapped[str] = mapped_column(Text, default="")
    example: Mapped[bool] = mapped_column(default=False)
    updated_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """The latest change that staff, an import or the mirror made; None when there has been none."""

    municipality: Mapped[Municipality] = relationship(lazy="joined", innerjoin=True)


class Course(Base):
    """What a node teaches for one occupation. `credits` are gymnasiepoäng.

    `company` belongs to the kind `upskilling`: empty for a course that anybody in work can take, else whose staff it
    is for, or that companies ask for it ("på förfrågan").
    """

    __tablename__ = "course"
    __table_args__ = (UniqueConstraint("node_id", "occupation_id", "title", name="uq_course_identity"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    node_id: Mapped[int] = mapped_column(ForeignKey("node.id"), index=True)
    occupation_id: Mapped[int] = mapped_column(ForeignKey("occupation.id"), index=True)
    title: Mapped[str] = mapped_column(String(200))
    credits: Mapped[int | None]
    apprenticeship: Mapped[bool] = mapped_column(default=False)
    sfi_combined: Mapped[bool] = mapped_column(default=False)
    language_level: Mapped[str] = mapped_column(String(200), default="")
    eligibility: Mapped[str] = mapped_column(Text, default="")
    description: Mapped[str] = mapped_column(Text, default="")
    kind: Mapped[str] = mapped_column(String(12), default=VOCATIONAL, server_default=VOCATIONAL)
    company: Mapped[str] = mapped_column(String(120), default="", server_default="")
    updated_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """The latest change that staff, an import or the mirror made; None when there has been none."""

    node: Mapped[Node] = relationship(lazy="joined", innerjoin=True)
    occupation: Mapped[Occupation] = relationship(lazy="joined", innerjoin=True)
    occasions: Mapped[list[Occasion]] = relationship(back_populates="course", lazy="raise")


class Occasion(Base):
    """When a course is given. Dates are Swedish calendar days; `pace` is per cent of full time."""

    __tablename__ = "occasion"
    __table_args__ = (
        CheckConstraint("status IN ('draft', 'published', 'cancelled', 'full')", name="status"),
        CheckConstraint("pace > 0 AND pace <= 100", name="pace"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    external_id: Mapped[str] = mapped_column(String(80), unique=True)
    course_id: Mapped[int] = mapped_column(ForeignKey("course.id"), index=True)
    start_date: Mapped[date | None] = mapped_column(index=True)
    end_date: Mapped[date | None]
    apply_from: Mapped[date | None]
    apply_to: Mapped[date | None] = mapped_column(index=True)
    continuous: Mapped[bool] = mapped_column(default=False)
    pace: Mapped[int] = mapped_column(default=100)
    distance: Mapped[bool] = mapped_column(default=False)
    places: Mapped[int | None]
    apply_url: Mapped[str] = mapped_column(String(500), default="")
    contact_email: Mapped[str] = mapped_column(String(200), default="")
    status: Mapped[str] = mapped_column(String(12), default="draft", index=True)
    example: Mapped[bool] = mapped_column(default=False)
    source: Mapped[str] = mapped_column(String(20), default="", server_default="")
    """Where it is mirrored from (`susa`); empty for our own."""
    source_url: Mapped[str] = mapped_column(String(500), default="", server_default="")
    """Its page at whoever gives it."""
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)

    course: Mapped[Course] = relationship(back_populates="occasions", lazy="joined", innerjoin=True)


class ImportBatch(Base):
    """One applied import with what it changed, so that the last one can be undone."""

    __tablename__ = "import_batch"

    id: Mapped[int] = mapped_column(primary_key=True)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    undone_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    file_name: Mapped[str] = mapped_column(String(200))
    summary: Mapped[dict[str, int]] = mapped_column(JSON)
    undo: Mapped[list[dict[str, object]]] = mapped_column(JSON)

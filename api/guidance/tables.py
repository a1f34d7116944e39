"""Occupations and the answers to the topics."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import JSON, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from api.database import Base, UtcDateTime

GUIDE_TRAITS = (
    "hands", "precision", "technology", "electricity", "problem_solving", "routine", "variety", "heavy", "clean",
    "shift", "team", "alone", "short_training", "swedish",
)  # fmt: skip
"""What the job guide weighs occupations by; api/seed/occupations.yml says what each means."""

PARTS = ("society", "demands", "environment", "hours", "paths")
"""The parts of a record besides what one does: in standard Swedish a column each, in easy Swedish `easy_parts`."""


class Occupation(Base):
    """An occupation people can train for: SSYK 2012 group and JobTech occupation-name concept ids.

    `area` is the heading it stands under in an overview. `group_concept_id` is JobTech's id of the SSYK group, None
    where the occupation is spread over several groups. `related` are slugs of occupations near it, best first.
    `guide` maps some of GUIDE_TRAITS to a weight from -2 (the opposite is true) to 2 (the core of the work); a trait
    that is left out weighs 0.
    """

    __tablename__ = "occupation"

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(String(60), unique=True)
    title: Mapped[str] = mapped_column(String(100))
    area: Mapped[str] = mapped_column(String(60), default="")
    ssyk: Mapped[str | None] = mapped_column(String(4))
    ssyk_title: Mapped[str | None] = mapped_column(String(120))
    group_concept_id: Mapped[str | None] = mapped_column(String(20))
    concept_ids: Mapped[list[str]] = mapped_column(JSON, default=list)
    related: Mapped[list[str]] = mapped_column(JSON, default=list)
    summary: Mapped[str] = mapped_column(Text, default="")
    workday: Mapped[str] = mapped_column(Text, default="")
    easy: Mapped[str] = mapped_column(Text, default="")
    society: Mapped[str] = mapped_column(Text, default="")
    demands: Mapped[str] = mapped_column(Text, default="")
    environment: Mapped[str] = mapped_column(Text, default="")
    hours: Mapped[str] = mapped_column(Text, default="")
    paths: Mapped[str] = mapped_column(Text, default="")
    easy_parts: Mapped[dict[str, str]] = mapped_column(JSON, default=dict)
    guide: Mapped[dict[str, int]] = mapped_column(JSON, default=dict)
    traits: Mapped[list[str]] = mapped_column(JSON, default=list)
    aliases: Mapped[list[str]] = mapped_column(JSON, default=list)
    phrases: Mapped[list[str]] = mapped_column(JSON, default=list)
    misspellings: Mapped[list[str]] = mapped_column(JSON, default=list)
    updated_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """The latest change that staff, an import or the mirror made; None when there has been none."""


class Answer(Base):
    """What the assistant says on a topic, in standard and easy Swedish. Staff can edit it without retraining."""

    __tablename__ = "answer"

    topic: Mapped[str] = mapped_column(String(60), primary_key=True)
    title: Mapped[str] = mapped_column(String(80))
    text: Mapped[str] = mapped_column(Text)
    easy: Mapped[str] = mapped_column(Text)
    choices: Mapped[list[dict[str, str]]] = mapped_column(JSON, default=list)
    source_title: Mapped[str | None] = mapped_column(String(200))
    source_url: Mapped[str | None] = mapped_column(String(500))
    checked_on: Mapped[date | None]
    review_on: Mapped[date | None]
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime)


def in_sentence(title: str) -> str:
    """An occupation's title inside a sentence: `Svetsare` → `svetsare`, but `CNC-operatör` stays."""
    return title if title[:2].isupper() else title[:1].lower() + title[1:]

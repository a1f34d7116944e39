"""Occupations and the answers to the topics."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import JSON, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from api.database import Base, UtcDateTime


class Occupation(Base):
    """An occupation people can train for: SSYK 2012 group and JobTech occupation-name concept ids."""

    __tablename__ = "occupation"

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(String(60), unique=True)
    title: Mapped[str] = mapped_column(String(100))
    ssyk: Mapped[str | None] = mapped_column(String(4))
    ssyk_title: Mapped[str | None] = mapped_column(String(120))
    concept_ids: Mapped[list[str]] = mapped_column(JSON, default=list)
    summary: Mapped[str] = mapped_column(Text, default="")
    workday: Mapped[str] = mapped_column(Text, default="")
    easy: Mapped[str] = mapped_column(Text, default="")
    traits: Mapped[list[str]] = mapped_column(JSON, default=list)
    aliases: Mapped[list[str]] = mapped_column(JSON, default=list)
    phrases: Mapped[list[str]] = mapped_column(JSON, default=list)
    misspellings: Mapped[list[str]] = mapped_column(JSON, default=list)


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

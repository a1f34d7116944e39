"""Yrkesbarometern's rows for our regions and the whole country."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import JSON, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from api.database import Base, UtcDateTime

WHOLE_COUNTRY = "00"
"""Yrkesbarometern's code beside those of the 21 regions."""


class Outlook(Base):
    """Arbetsförmedlingen's assessment of one occupation in one region; texts are theirs, word for word.

    An occupation of Yrkesbarometern can be a part of an SSYK group or several groups together (`ssyk`).
    What Arbetsförmedlingen does not assess is None. `period` is their round (`omgang`), such as `2026-1`.
    """

    __tablename__ = "outlook"
    __table_args__ = (UniqueConstraint("concept_id", "region", name="uq_outlook_row"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    concept_id: Mapped[str] = mapped_column(String(40))
    name: Mapped[str] = mapped_column(String(200))
    region: Mapped[str] = mapped_column(String(2), index=True)
    ssyk: Mapped[list[str]] = mapped_column(JSON, default=list)
    ssyk_title: Mapped[str | None] = mapped_column(Text)
    coverage: Mapped[str | None] = mapped_column(String(60))
    period: Mapped[str] = mapped_column(String(10))
    possibilities: Mapped[str | None] = mapped_column(String(60))
    situation: Mapped[str | None] = mapped_column(String(60))
    forecast: Mapped[str | None] = mapped_column(String(60))
    possibilities_text: Mapped[str | None] = mapped_column(Text)
    situation_text: Mapped[str | None] = mapped_column(Text)
    taxonomy_version: Mapped[str | None] = mapped_column(String(20))
    imported_at: Mapped[datetime] = mapped_column(UtcDateTime)

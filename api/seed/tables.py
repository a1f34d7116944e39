"""What of the seed has been put into the database, so that nothing of it comes twice."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from api.database import Base, UtcDateTime


class SeedPlanted(Base):
    """A row of the seed that is, or was, in the database. `kind` is the table; `key` names the row in the seed's file,
    and is empty for examples that come as a set."""

    __tablename__ = "seed_planted"

    kind: Mapped[str] = mapped_column(String(40), primary_key=True)
    key: Mapped[str] = mapped_column(String(120), primary_key=True)
    planted_at: Mapped[datetime] = mapped_column(UtcDateTime)

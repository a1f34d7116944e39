"""A change of many occasions that somebody has been shown and not yet carried out. Erased after a day."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from api.database import Base, UtcDateTime


class BulkPlan(Base):
    """`change` is column → new value as JSON. `shown` are [id, digest] of the rows to change, in order of id; `refused`
    are [id, why] of those that cannot be. Once carried out it keeps the batch, and does nothing again."""

    __tablename__ = "bulk_plan"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    change: Mapped[dict[str, str]] = mapped_column(JSON)
    shown: Mapped[list[list[Any]]] = mapped_column(JSON)  # Any: a number and a text
    refused: Mapped[list[list[Any]]] = mapped_column(JSON)  # Any: as above
    unchanged: Mapped[int] = mapped_column(default=0)
    """How many of the chosen rows have the new value already."""
    back: Mapped[str] = mapped_column(String(2000), default="")
    """The list that it was chosen in."""
    batch: Mapped[str] = mapped_column(String(36), default="")

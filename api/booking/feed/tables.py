"""The secret addresses of calendar feeds."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from api.booking.tables import Counsellor
from api.catalogue.tables import Node
from api.database import Base, UtcDateTime


class CalendarFeed(Base):
    """A subscription to the meetings of one counsellor or of one node, as the SHA-256 of the secret in its address.

    Revoked rows stay, so that one can see that an address existed and when it ended.
    """

    __tablename__ = "calendar_feed"
    __table_args__ = (CheckConstraint("(counsellor_id IS NULL) <> (node_id IS NULL)", name="one_owner"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    counsellor_id: Mapped[int | None] = mapped_column(ForeignKey("counsellor.id", ondelete="CASCADE"), index=True)
    node_id: Mapped[int | None] = mapped_column(ForeignKey("node.id", ondelete="CASCADE"), index=True)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    revoked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    counsellor: Mapped[Counsellor | None] = relationship(lazy="joined")
    node: Mapped[Node | None] = relationship(lazy="joined")

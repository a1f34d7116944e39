"""Whom to turn to when the assistant does not answer: remembered, because then the database may be away as well."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError

from api.catalogue.tables import Node
from api.clock import Clock
from api.database import Database
from api.pages import telephone_address

_GOOD_FOR = timedelta(minutes=10)


class Reach:
    """The telephone of a guidance office as a `tel:` address: the first one's, as the front page lists them.

    Every page carries it, so that the chat can show it when nothing answers. One can turn to any office.
    """

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database, self._clock = database, clock
        self._asked_at: datetime | None = None
        self.known = ""
        """As it was read last; empty until then, and where there is no office."""

    def address(self) -> str:
        """Read anew after ten minutes. The last known one when the database is away."""
        now = self._clock()
        if self._asked_at is None or now - self._asked_at >= _GOOD_FOR:
            self._asked_at = now
            self.known = self._read()
        return self.known

    def _read(self) -> str:
        first = select(Node.phone).order_by(Node.town).limit(1)
        try:
            with self._database.transaction(read_only=True) as session:
                phone = session.scalar(first)
        except SQLAlchemyError:  # away, or its tables are just being made
            return self.known
        return telephone_address(phone) if phone else ""

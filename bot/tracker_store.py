"""Where the bot remembers conversations between turns: one bounded row each, in a database of its own."""

from __future__ import annotations

import json
import logging
import os
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from rasa.core.tracker_store import TrackerStore
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import Event
from rasa.shared.core.trackers import DialogueStateTracker
from sqlalchemy.engine.url import make_url

from bot.snapshot import compact

_metadata = sa.MetaData()
_snapshot = sa.Table(
    "snapshot",
    _metadata,
    sa.Column("sender_id", sa.String(64), primary_key=True),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("saved_at", sa.Float, nullable=False, index=True),
)
log = logging.getLogger(__name__)

_FAILED: ContextVar[list[str] | None] = ContextVar("failed", default=None)
_CLEAN_EVERY = 500
_SECONDS_PER_DAY = 86_400


class SnapshotTrackerStore(TrackerStore):
    """Keeps for each conversation what `bot.snapshot` leaves of it: a turn costs the same at any length.

    `host` is an SQLAlchemy URL. Conversations not used for `IV_RETENTION_CONVERSATION_DAYS` are erased.
    """

    def __init__(self, domain: Domain | None, host: str, event_broker: Any = None, **kwargs: Any) -> None:
        super().__init__(domain, event_broker, **kwargs)
        url = make_url(host)
        if url.get_backend_name() == "sqlite" and url.database:
            Path(url.database).parent.mkdir(parents=True, exist_ok=True)
        self._engine = sa.create_engine(url, **_options(url))
        if url.get_backend_name() == "sqlite":
            sa.event.listen(self._engine, "connect", _prepare_sqlite)
        _create_table(self._engine)
        days = float(os.environ.get("IV_RETENTION_CONVERSATION_DAYS", "90"))
        self._keep_seconds = days * _SECONDS_PER_DAY
        self._saves = 0

    async def save(self, tracker: DialogueStateTracker) -> None:
        if _FAILED.get():
            return  # begun without what was stored, which must not be overwritten
        events = compact([event.as_dict() for event in tracker.events])
        row = {"state": json.dumps(events, ensure_ascii=False), "saved_at": time.time()}
        with _noting(), self._engine.begin() as connection:
            updated = connection.execute(
                _snapshot.update().where(_snapshot.c.sender_id == tracker.sender_id).values(**row)
            )
            if updated.rowcount == 0:
                connection.execute(_snapshot.insert().values(sender_id=tracker.sender_id, **row))
            if self._saves % _CLEAN_EVERY == 0:
                connection.execute(_snapshot.delete().where(_snapshot.c.saved_at < time.time() - self._keep_seconds))
        self._saves += 1

    async def retrieve(self, sender_id: str) -> DialogueStateTracker | None:
        state = None
        with _noting(), self._engine.connect() as connection:
            state = connection.execute(sa.select(_snapshot.c.state).where(_snapshot.c.sender_id == sender_id)).scalar()
        if state is None:
            return None
        events = [Event.from_parameters(event) for event in json.loads(state)]
        return DialogueStateTracker.from_events(sender_id, events, slots=self.domain.slots)

    async def keys(self) -> Iterable[str]:
        with self._engine.connect() as connection:
            return [row[0] for row in connection.execute(sa.select(_snapshot.c.sender_id))]

    async def erase(self, sender_id: str) -> None:
        """Forget a conversation."""
        with self._engine.begin() as connection:
            connection.execute(_snapshot.delete().where(_snapshot.c.sender_id == sender_id))
        if self._engine.dialect.name == "sqlite":  # the log beside the file holds what pages said before
            with self._engine.connect() as connection:
                connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")


@contextmanager
def failures_of_turn() -> Iterator[list[str]]:
    """The errors, by class, with which the database did not do what this turn asked of it: filled while it goes on."""
    failed: list[str] = []
    token = _FAILED.set(failed)
    try:
        yield failed
    finally:
        _FAILED.reset(token)


@contextmanager
def _noting() -> Iterator[None]:
    """Note an error and go on. Rasa would log it with the values in it, and from then on keep whole conversations in
    its own memory, where nothing erases them."""
    try:
        yield
    except sa.exc.SQLAlchemyError as error:
        log.error("conversation not stored or read", extra={"error": type(error).__name__})
        failed = _FAILED.get()
        if failed is not None:
            failed.append(type(error).__name__)


def _options(url: sa.engine.URL) -> dict[str, Any]:
    return {"hide_parameters": True} | _pool_options(url)


def _pool_options(url: sa.engine.URL) -> dict[str, Any]:
    if url.get_backend_name() != "sqlite":
        # Asked before it is used, since one that was cut while it lay idle would cost a turn its memory.
        return {"pool_size": 2, "pool_pre_ping": True, "connect_args": {"connect_timeout": 2, "tcp_user_timeout": 3000}}
    if not url.database:
        return {}
    # Kept open: to open the file anew and prepare it would take longer than to read from it.
    return {"poolclass": sa.pool.QueuePool, "pool_size": 2, "connect_args": {"check_same_thread": False}}


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    cursor = connection.cursor()
    for pragma in ("journal_mode=WAL", "synchronous=NORMAL", "busy_timeout=2000", "secure_delete=ON"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _create_table(engine: sa.engine.Engine) -> None:
    """Make the table unless it is there. Of workers that start at the same moment one makes it; the others find it."""
    try:
        _metadata.create_all(engine)
    except sa.exc.DBAPIError:
        if not sa.inspect(engine).has_table(_snapshot.name):
            raise

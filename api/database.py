"""Engine, sessions and the only commit of the project.

One transaction per request: services get a session and never commit. The commit happens before the answer is sent
(`scope="function"`), so nobody is told "bokat" about a row that was not saved.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Annotated, Any, cast

from fastapi import Depends, Request
from sqlalchemy import (
    Connection,
    CursorResult,
    DateTime,
    Dialect,
    Engine,
    MetaData,
    Result,
    create_engine,
    event,
    func,
    select,
)
from sqlalchemy.engine import make_url
from sqlalchemy.exc import TimeoutError as NoFreeConnection
from sqlalchemy.orm import DeclarativeBase, Session
from sqlalchemy.types import TypeDecorator

from api.postgres import LINE, be_impatient

_SQLITE_PRAGMAS = ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "secure_delete=ON")
"""What is erased is overwritten: otherwise it stays readable in the free pages of the file."""

_MOST_CONNECTIONS, _KEPT_POSTGRESQL, _KEPT_SQLITE = 40, 20, 5
"""Per process, and how many stay open unused. One to SQLite costs little to open and keeps up to 2 MB of pages."""

_MOST_REQUESTS = 16
"""That have a session at once. Between its steps a request waits for a thread and keeps its connection meanwhile. If
such requests had all connections and all threads waited for one, nobody would go on. A request has two at most."""

PEOPLE_WAIT_SECONDS = 3.5
"""The patience of a process that people wait for: they are to have an answer within five seconds, whatever it is."""
MACHINES_WAIT_SECONDS = 30.0


class Base(DeclarativeBase):
    """All tables; constraint names follow one convention so that migrations can name them."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


class UtcDateTime(TypeDecorator[datetime]):
    """An aware moment in UTC.

    SQLite drops the zone and would store 09:00+02:00 and 09:00Z alike, so naive values are refused (ValueError)
    and everything is turned to UTC on the way in and marked as UTC on the way out.
    """

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment without time zone cannot be stored")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Database:
    """An engine and its transactions. Build one per process, pass it in.

    `patience`: seconds to wait for a lock on SQLite, for an answer of a PostgreSQL server, and for a free connection.
    Then OperationalError or sqlalchemy.exc.TimeoutError is raised, and nothing was changed.
    """

    def __init__(self, url: str, *, patience: float = MACHINES_WAIT_SECONDS) -> None:
        parsed = make_url(url)
        if parsed.drivername == "postgresql":
            parsed = parsed.set(drivername="postgresql+psycopg")
        if parsed.get_backend_name() == "sqlite" and parsed.database:
            Path(parsed.database).parent.mkdir(parents=True, exist_ok=True)
        kept = _KEPT_SQLITE if _is_sqlite(parsed) else _KEPT_POSTGRESQL
        self.engine: Engine = create_engine(
            parsed,
            pool_size=kept,
            max_overflow=_MOST_CONNECTIONS - kept,
            pool_timeout=patience,
            pool_pre_ping=not _is_sqlite(parsed),
            # The one used last has the pages and statements at hand that are wanted next.
            pool_use_lifo=True,
            connect_args={} if _is_sqlite(parsed) else LINE | dict(parsed.query),
        )
        if self.is_sqlite:
            event.listen(self.engine, "connect", partial(_prepare_sqlite, patience))
            event.listen(self.engine, "begin", _begin_sqlite)
        elif patience < MACHINES_WAIT_SECONDS:
            be_impatient(self.engine, patience)
        self._patience, self._places = patience, asyncio.Semaphore(_MOST_REQUESTS)
        self._reader = self.engine.execution_options(read_only=True, postgresql_readonly=not self.is_sqlite)

    @property
    def is_sqlite(self) -> bool:
        return self.engine.dialect.name == "sqlite"

    @contextmanager
    def transaction(self, *, read_only: bool = False) -> Iterator[Session]:
        """A session that commits when the block ends and rolls back when it raises.

        `read_only` takes no write lock on SQLite, so readers never wait for a writer.
        Objects stay readable after the commit.
        """
        with Session(self._reader if read_only else self.engine, expire_on_commit=False) as session:
            try:
                yield session
                session.commit()
            except BaseException:
                session.rollback()
                raise

    @asynccontextmanager
    async def place(self) -> AsyncIterator[None]:
        """One of the places for requests that have a session, who came first before the others.

        Raises sqlalchemy.exc.TimeoutError after `patience`, as waiting for a connection does.
        """
        try:
            async with asyncio.timeout(self._patience):
                await self._places.acquire()
        except TimeoutError:
            raise NoFreeConnection("too many requests at once") from None
        try:
            yield
        finally:
            self._places.release()

    def empty_log(self) -> None:
        """On SQLite, move what was written into the database file and empty the log beside it, where earlier contents
        of pages stay readable. Does less when somebody else is reading. PostgreSQL looks after its own."""
        if self.is_sqlite:
            connection = self.engine.raw_connection()
            try:
                connection.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)")
            finally:
                connection.close()

    def dispose(self) -> None:
        self.engine.dispose()


def one_at_a_time(session: Session, *names: str) -> None:
    """Make whoever names the same wait until this transaction has ended. Several names are taken in one order.

    Names begin with what they lock ("seed", "contact:…"). SQLite lets in one writer at a time anyway.
    """
    if session.get_bind().dialect.name == "postgresql":
        for name in sorted(names):
            session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(name, 0))))


def rowcount(result: Result[Any]) -> int:  # Any: rows of every kind
    """How many rows an UPDATE or DELETE touched. SQLAlchemy types what `Session.execute` gives without that number."""
    return int(cast(CursorResult[Any], result).rowcount)


def _is_sqlite(url: Any) -> bool:  # Any: SQLAlchemy's URL, whose class is only exported for typing
    return bool(url.get_backend_name() == "sqlite")


def _prepare_sqlite(patience: float, connection: Any, _record: Any) -> None:  # Any: the driver's own objects
    connection.isolation_level = None  # the driver must not open transactions of its own
    cursor = connection.cursor()
    for pragma in (*_SQLITE_PRAGMAS, f"busy_timeout={patience * 1000:.0f}"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    # A plain BEGIN that reads and then writes fails at once with "database is locked", whatever the time-out.
    read_only = connection.get_execution_options().get("read_only")
    connection.exec_driver_sql("BEGIN" if read_only else "BEGIN IMMEDIATE")


async def _place(request: Request) -> AsyncIterator[None]:
    database: Database = request.app.state.database
    async with database.place():
        yield


Place = Annotated[None, Depends(_place, scope="function")]


def _write(request: Request, _: Place) -> Iterator[Session]:
    database: Database = request.app.state.database
    with database.transaction() as session:
        yield session


def _read(request: Request, _: Place) -> Iterator[Session]:
    database: Database = request.app.state.database
    with database.transaction(read_only=True) as session:
        yield session


WriteSession = Annotated[Session, Depends(_write, scope="function")]
ReadSession = Annotated[Session, Depends(_read, scope="function")]

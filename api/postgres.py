"""Connections to PostgreSQL that do not wait for ever.

A server that is gone refuses at once. One whose machine, disk or network hangs says nothing at all, and libpq would
wait for it as long as the operating system does: minutes, with a person at the other end.
"""

from __future__ import annotations

from typing import Any, TypeVar

import psycopg
from psycopg import sql
from psycopg.abc import PQGen
from sqlalchemy import Engine, event

_T = TypeVar("_T")
_PING_SECONDS = 1.0
"""A connection that lay idle is asked first whether it still stands: one that does answers at once."""
_SERVER_SHARE = 0.9
_CONNECT_SECONDS = 2
"""The least that libpq and psycopg take."""


LINE = {"connect_timeout": 10, "tcp_user_timeout": 30_000, "keepalives_idle": 30, "keepalives_interval": 10}
"""For libpq (seconds; `tcp_user_timeout` in milliseconds): a network that swallows everything is noticed in half a
minute, also by the worker, whose long statements nothing else bounds. Linux alone would go on for a quarter of an hour.
"""


class ImpatientConnection(psycopg.Connection[Any]):
    """Gives a statement up when nothing has come back for `patience` seconds: the line is cut and OperationalError
    raised. What was not committed is undone by the server, also when it takes note later.
    """

    patience: float = _PING_SECONDS

    def wait(self, gen: PQGen[_T], interval: float = 0.1, timeout: float | None = None) -> _T:
        try:
            return super().wait(gen, interval, self.patience if timeout is None else timeout)
        except psycopg.OperationalError as error:
            if error.sqlstate is None and not self.closed:  # no word of the server's: nothing came in time
                self.pgconn.finish()  # in the middle of an exchange: what comes next would be taken for an answer
            raise


def be_impatient(engine: Engine, patience: float) -> None:
    """Let the engine's connections wait for `patience` seconds at most, and for less when they have lain idle."""

    @event.listens_for(engine, "do_connect")
    def _connect(_dialect: Any, _record: Any, arguments: Any, named: Any) -> ImpatientConnection:  # Any: the driver's
        connection = ImpatientConnection.connect(*arguments, **named | {"connect_timeout": _CONNECT_SECONDS})
        # A server that is there gives up by itself, a little earlier: it would go on with a statement that nobody waits
        # for, beside the connection that takes the place of the one that was cut.
        connection.autocommit = True  # what is set in a transaction goes with it
        connection.execute(sql.SQL("SET statement_timeout = {}").format(round(patience * _SERVER_SHARE * 1000)))
        connection.autocommit = False
        return connection

    @event.listens_for(engine, "checkout")
    def _out(connection: ImpatientConnection, _record: Any, _proxy: Any) -> None:  # Any: SQLAlchemy's pool
        connection.patience = patience

    @event.listens_for(engine, "checkin")
    def _back(connection: ImpatientConnection | None, _record: Any) -> None:  # Any: SQLAlchemy's pool
        if connection is not None:
            connection.patience = _PING_SECONDS

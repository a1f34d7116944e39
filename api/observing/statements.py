"""How long the database takes: every statement of an engine, timed."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from sqlalchemy import Connection, Engine, event


def time_statements(engine: Engine, note: Callable[[float], None]) -> None:
    """Tell `note` the seconds of each statement that came off; what it says and what it is about is not looked at."""
    began = object()  # a key of this call's own: two apps may time one engine

    def before(connection: Connection, *_: Any) -> None:  # Any: cursor, statement, parameters, context
        connection.info[began] = time.perf_counter()

    def after(connection: Connection, *_: Any) -> None:
        note(time.perf_counter() - connection.info.pop(began))

    event.listen(engine, "before_cursor_execute", before)
    event.listen(engine, "after_cursor_execute", after)

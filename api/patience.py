"""How long a connection may take to say what it wants.

Without this a stranger who sends one letter a minute keeps a connection for as long as he likes, and a thousand of
them keep everybody out. uvicorn ends only connections that are silent between two requests. What comes after the head
of a request is looked after by the middleware (BodyLimit, Upload).
"""

from __future__ import annotations

import asyncio

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol


def patient(seconds: float) -> type[asyncio.Protocol]:
    """A protocol for uvicorn that closes a connection on which no whole head of a request has come for so long."""

    class Patient(H11Protocol):
        _end: asyncio.TimerHandle | None = None

        def connection_made(self, transport: asyncio.BaseTransport) -> None:
            super().connection_made(transport)  # type: ignore[arg-type]  # uvicorn names the kind that asyncio makes
            self._wait_no_longer_than()

        def data_received(self, data: bytes) -> None:
            super().data_received(data)
            if self.conn.their_state is h11.IDLE:
                self._wait_no_longer_than()
            else:
                self._stop_waiting()

        def connection_lost(self, exc: Exception | None) -> None:
            self._stop_waiting()
            super().connection_lost(exc)

        def _wait_no_longer_than(self) -> None:
            if self._end is None:
                self._end = self.loop.call_later(seconds, self._give_up)

        def _stop_waiting(self) -> None:
            if self._end is not None:
                self._end.cancel()
                self._end = None

        def _give_up(self) -> None:
            self._end = None
            if not self.transport.is_closing():
                self.transport.close()

    return Patient

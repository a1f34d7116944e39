"""A line between two programs that a test can cut, and that can fall silent."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

_BLOCK = 65536


class Relay:
    """Hands bytes on between whoever calls `port` on this machine and the server at `host`:`server_port`."""

    def __init__(self, host: str, server_port: int) -> None:
        self._server = (host, server_port)
        self._door: socket.socket | None = None
        self._lines: set[socket.socket] = set()
        self._flowing = threading.Event()
        self._flowing.set()
        self.port = 0
        self.open()

    def open(self) -> None:
        """Take calls, at the same port as before."""
        door = socket.socket()
        door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        door.bind(("127.0.0.1", self.port))
        door.listen(64)
        self.port = int(door.getsockname()[1])
        self._door = door
        threading.Thread(target=self._take_calls, args=(door,), daemon=True).start()

    def cut(self) -> None:
        """End every connection in the middle of what it says, and refuse new ones."""
        if self._door is not None:
            with suppress(OSError):
                self._door.shutdown(socket.SHUT_RDWR)  # wakes the thread that waits in accept()
            self._door.close()
            self._door = None
        for line in list(self._lines):
            with suppress(OSError):
                line.shutdown(socket.SHUT_RDWR)

    def hush(self) -> None:
        """Take everything and hand nothing on: the other end hangs."""
        self._flowing.clear()

    def speak(self) -> None:
        """Hand on what was held back."""
        self._flowing.set()

    def close(self) -> None:
        self.cut()
        self.speak()

    def _take_calls(self, door: socket.socket) -> None:
        while True:
            try:
                caller, _ = door.accept()
            except OSError:
                return
            server = socket.create_connection(self._server)
            self._lines |= {caller, server}
            for one, other in ((caller, server), (server, caller)):
                threading.Thread(target=self._hand_on, args=(one, other), daemon=True).start()

    def _hand_on(self, one: socket.socket, other: socket.socket) -> None:
        with suppress(OSError):
            while block := one.recv(_BLOCK):
                self._flowing.wait()
                other.sendall(block)
        for line in (one, other):
            with suppress(OSError):
                line.shutdown(socket.SHUT_RDWR)
        one.close()
        self._lines.discard(one)


@contextmanager
def relay_to(host: str, port: int) -> Iterator[Relay]:
    """A relay for as long as the block lasts."""
    relay = Relay(host, port)
    try:
        yield relay
    finally:
        relay.close()

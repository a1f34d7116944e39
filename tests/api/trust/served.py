"""One api process as it is started everywhere, and a plain connection to it that may say anything."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from shutil import copy
from typing import Any

import httpx

from deploy.local.config import ROOT
from deploy.local.ports import free_ports

START_SECONDS = 60.0
PATIENCE = 20.0
"""Seconds after which a connection that is still open, or an answer that has not come, is a fault."""


@dataclass(frozen=True)
class Answer:
    """What came back on a connection until the other side closed it. `head` in lower case."""

    status: int
    head: str
    body: bytes


@dataclass(frozen=True)
class Served:
    port: int

    def http(self) -> httpx.Client:
        return httpx.Client(base_url=f"http://127.0.0.1:{self.port}", timeout=PATIENCE, trust_env=False)

    def connect(self) -> socket.socket:
        return socket.create_connection(("127.0.0.1", self.port), PATIENCE)

    def say(self, raw: bytes) -> Answer:
        """Send it as it stands and read until the connection is closed. Fails when it stays open."""
        with self.connect() as connection:
            with suppress(BrokenPipeError, ConnectionResetError):  # refused before all of it was sent
                connection.sendall(raw)
            return read(connection)

    def ask(self, target: str, method: str = "GET", *lines: str) -> Answer:
        """A request whose target is sent as it stands; clients would tidy it up."""
        head = "\r\n".join([f"{method} {target} HTTP/1.1", "Host: localhost", "Connection: close", *lines])
        return self.say(head.encode() + b"\r\n\r\n")


def read(connection: socket.socket) -> Answer:
    """All that comes until the other side closes; status 0 when it closes without a word."""
    parts: list[bytes] = []
    with suppress(ConnectionResetError):
        while part := connection.recv(65_536):
            parts.append(part)
    head, _, body = b"".join(parts).partition(b"\r\n\r\n")
    text = head.decode("latin-1")
    return Answer(int(text.split(" ")[1]) if text else 0, text.lower(), body)


@contextmanager
def served(folder: Path, seeded: Path, **settings: Any) -> Iterator[Served]:
    """`python -m api` over a copy of the seeded file, on a free port, with settings by their names without IV_."""
    copy(seeded, folder / "industrivagledaren.db")
    (port,) = free_ports(1)
    values = {"data_dir": folder, "port": port, "jobsearch_url": ""} | settings
    env = {name: value for name, value in os.environ.items() if not name.startswith("IV_")}
    env |= {f"IV_{name.upper()}": str(value) for name, value in values.items()}
    with (folder / "api.log").open("wb") as log:
        process = subprocess.Popen([sys.executable, "-m", "api"], env=env, cwd=ROOT, stdout=log, stderr=log)
        try:
            _wait(process, f"http://127.0.0.1:{port}/health")
            yield Served(port)
        finally:
            process.terminate()
            process.wait(60)


def _wait(process: subprocess.Popen[bytes], url: str) -> None:
    deadline = time.monotonic() + START_SECONDS
    while True:
        assert process.poll() is None, "the api has ended"
        try:
            if httpx.get(url, timeout=2, trust_env=False).is_success:
                return
        except httpx.HTTPError:
            pass
        assert time.monotonic() < deadline, "the api is not ready"
        time.sleep(0.1)

"""The reverse proxy of deploy/compose.yml as a process of this machine: Caddy with the very same file."""

from __future__ import annotations

import os
import shutil
import ssl
import subprocess
import time
from collections.abc import Iterable, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory

import httpx
import pytest

from deploy.local.config import ROOT
from deploy.local.ports import free_ports
from tests.stack.cluster import START_SECONDS

CADDYFILE = ROOT / "deploy" / "Caddyfile"
needs_caddy = pytest.mark.skipif(shutil.which("caddy") is None, reason="Caddy is not here (.ci/run installs it)")


class Proxy:
    """Caddy before the api's processes at `addresses`, with a certificate of its own making for `localhost`."""

    def __init__(self, folder: Path, addresses: Iterable[str], **settings: str) -> None:
        self.folder = folder
        self.http_port, self.https_port = free_ports(2)
        self._env = {
            "PATH": os.environ["PATH"],
            "HOME": str(folder),
            "XDG_DATA_HOME": str(folder),
            "XDG_CONFIG_HOME": str(folder),
            "HTTP_PORT": str(self.http_port),
            "HTTPS_PORT": str(self.https_port),
            "API_ADDRESSES": " ".join(addresses),
            **settings,
        }
        self._log = (folder / "proxy.log").open("wb")
        self._process = subprocess.Popen(
            ["caddy", "run", "--config", CADDYFILE, "--adapter", "caddyfile"],
            env=self._env,
            stdout=self._log,
            stderr=self._log,
        )

    @property
    def url(self) -> str:
        return f"https://localhost:{self.https_port}"

    @property
    def trust(self) -> ssl.SSLContext:
        """Believes the proxy's certificate and nobody else's."""
        return ssl.create_default_context(cafile=self.folder / "caddy/pki/authorities/local/root.crt")

    def client(self, address: str = "127.0.0.1", *, timeout: float = 30.0) -> httpx.Client:
        """A visitor at this address of the machine (all of 127.0.0.0/8 are)."""
        transport = httpx.HTTPTransport(verify=self.trust, local_address=address)
        return httpx.Client(base_url=self.url, transport=transport, timeout=timeout)

    def wait_ready(self, *, serves: bool = True) -> None:
        """Return when pages are served, or the door is open at all; fails with the end of the log."""
        deadline = time.monotonic() + START_SECONDS
        while not (self._serves() if serves else self._answers()):
            assert self._process.poll() is None, self.log[-2000:]
            assert time.monotonic() < deadline, self.log[-2000:]
            time.sleep(0.2)

    def has_seen_up(self, port: int) -> int:
        """How often the proxy has found that the api at this port is there again."""
        return sum('"host is up"' in line and f":{port}" in line for line in self.log.splitlines())

    @property
    def log(self) -> str:
        return (self.folder / "proxy.log").read_text("utf-8", "replace")

    def close(self) -> None:
        self._process.terminate()
        self._process.wait(60)
        self._log.close()

    def _answers(self) -> bool:
        try:
            with self.client() as http:
                return http.get("/internal").status_code == 404  # which the proxy says by itself
        except (OSError, httpx.HTTPError):
            return False

    def _serves(self) -> bool:
        try:
            with self.client() as http:
                return http.get("/health").is_success
        except (OSError, httpx.HTTPError):
            return False


def adapted(settings: Mapping[str, str] | None = None) -> str:
    """The file as Caddy reads it, in JSON."""
    command = ["caddy", "adapt", "--validate", "--config", str(CADDYFILE), "--adapter", "caddyfile"]
    with TemporaryDirectory() as home:  # checking the file makes certificates; without a home they end up here
        env = {
            "PATH": os.environ["PATH"],
            "HOME": home,
            "XDG_DATA_HOME": home,
            "XDG_CONFIG_HOME": home,
            **(settings or {}),
        }
        return subprocess.run(command, env=env, check=True, capture_output=True, text=True).stdout

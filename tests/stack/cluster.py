"""Several of each process over PostgreSQL, with the commands of deploy/compose.yml run as processes of this machine."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import IO, Any
from uuid import uuid4

import httpx
import yaml

from api.database import Database
from deploy.local.config import ROOT
from deploy.local.ports import free_ports
from tests.stack.mailbox import Mailbox
from tests.stack.talk import Talk

COMPOSE = yaml.safe_load((ROOT / "deploy" / "compose.yml").read_text("utf-8"))["services"]
READY = {"api": "/health", "bot": "/webhooks/gateway/", "actions": "/health"}
START_SECONDS = 120.0
PATIENCE_SECONDS = 30.0
"""Of people here: more than any setting lets the bot take."""
TOKEN = "en-nyckel-for-forsoket-med-flera-processer"


class Cluster:
    """`processes` are those that run, by name. Whoever is killed stays down until `start`."""

    def __init__(self, folder: Path, database: Database, tracker: Database, **settings: str) -> None:
        """`settings` come last: they override what every process here is started with."""
        self.folder = folder
        names = ("api-1", "api-2", "inner-1", "inner-2", "bot-1", "bot-2", "actions")
        self.ports = dict(zip(names, free_ports(len(names)), strict=True))
        self._env = {name: value for name, value in os.environ.items() if not name.startswith("IV_")} | {
            "IV_DATA_DIR": str(folder),
            "IV_GAZETTEER": str(folder / "gazetteer.json"),
            "IV_DATABASE_URL": database.engine.url.render_as_string(hide_password=False),
            "IV_TRACKER_URL": tracker.engine.url.set(drivername="postgresql").render_as_string(hide_password=False),
            "IV_SERVICE_TOKEN": TOKEN,
            "IV_BOT_URLS": ",".join(f"http://127.0.0.1:{self.ports[f'bot-{number}']}" for number in (1, 2)),
            "IV_ACTIONS_URL": f"http://127.0.0.1:{self.ports['actions']}/webhook",
            "IV_ACTIONS_PORT": str(self.ports["actions"]),
            "IV_RATE_LIMIT_ENABLED": "false",
            "IV_JOBSEARCH_URL": "http://127.0.0.1:9",
            "PYTHONPATH": str(ROOT),
            "PATH": f"{ROOT / '.venv' / 'app' / 'bin'}{os.pathsep}{os.environ['PATH']}",
            **settings,
        }
        self._processes: dict[str, subprocess.Popen[bytes]] = {}
        self._logs: list[IO[bytes]] = []

    @property
    def doors(self) -> list[str]:
        """Addresses of the api's processes, as the proxy knows them."""
        return [f"http://localhost:{self.ports[name]}" for name in ("api-1", "api-2")]

    @property
    def mailbox(self) -> Mailbox:
        return Mailbox(self.folder / "mail")

    def setting(self, name: str) -> str:
        """What every process is told."""
        return self._env[name]

    def runs(self, name: str) -> bool:
        """Whether the process was started and has not ended."""
        return self._processes[name].poll() is None

    def run(self, service: str, **environment: str) -> None:
        """Run a service that ends by itself, such as `prepare`."""
        command = [part.replace("/data", str(self.folder)) for part in COMPOSE[service]["command"]]
        subprocess.run(command, env=self._env | environment, cwd=ROOT, check=True, stdout=subprocess.DEVNULL)

    def start(self, *names: str) -> None:
        """Start those processes: `api-1`, `bot-2`, `worker-1` …"""
        for name in names:
            log = (self.folder / f"{name}.log").open("ab")
            self._logs.append(log)
            service = name if name in COMPOSE else name.rpartition("-")[0]
            self._processes[name] = subprocess.Popen(
                COMPOSE[service]["command"], env=self._env | self._own(name), cwd=ROOT, stdout=log, stderr=log
            )

    def kill(self, name: str) -> None:
        """End a process as a power cut would."""
        self._processes[name].send_signal(signal.SIGKILL)
        self._processes[name].wait()

    def stop(self, *names: str) -> None:
        """Ask processes to end, all without a name."""
        for name in names or tuple(self._processes):
            self._processes[name].terminate()
        for name in names or tuple(self._processes):
            try:
                self._processes[name].wait(60)
            except subprocess.TimeoutExpired:
                self.kill(name)

    def close(self) -> None:
        """End everything."""
        self.stop()
        for log in self._logs:
            log.close()

    def wait_ready(self, *names: str) -> None:
        """Return when these answer. Fails with the end of the log of one that does not."""
        deadline = time.monotonic() + START_SECONDS
        for name in names:
            url = f"http://127.0.0.1:{self.ports[name]}{READY[name.partition('-')[0]]}"
            while not _answers(url):
                assert self._processes[name].poll() is None, (self.folder / f"{name}.log").read_text()[-2000:]
                assert time.monotonic() < deadline, f"{name} is not ready"
                time.sleep(0.2)

    def _own(self, name: str) -> dict[str, str]:
        kind, _, number = name.partition("-")
        if kind == "api":
            return {"IV_PORT": str(self.ports[name]), "IV_INTERNAL_PORT": str(self.ports[f"inner-{number}"])}
        if kind == "bot":
            return {"IV_BOT_PORT": str(self.ports[name])}
        if kind == "actions":
            return {"IV_API_URL": f"http://127.0.0.1:{self.ports['inner-1']}"}
        return {}


class AnyDoor(httpx.BaseTransport):
    """Stands where proxy and widget do: a request that found nobody, or was cut off, goes to the next process.

    Messages carry a `client_id`, as the widget's do, so that one that was taken is not taken twice.
    """

    def __init__(self, doors: Sequence[str]) -> None:
        self._doors = [httpx.URL(door) for door in doors]
        self._http = httpx.HTTPTransport()

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        content = request.read()
        if request.url.path.endswith("/messages") and request.method == "POST":
            body: dict[str, Any] = json.loads(content)
            content = json.dumps({"client_id": uuid4().hex, **body}).encode()
        error: httpx.TransportError | None = None
        for door in random.sample(self._doors, len(self._doors)) * 2:
            url = request.url.copy_with(host=door.host, port=door.port)
            headers = {name: value for name, value in request.headers.items() if name != "content-length"}
            again = httpx.Request(request.method, url, headers=headers, content=content, extensions=request.extensions)
            try:
                response = self._http.handle_request(again)
                response.read()
            except httpx.TransportError as failed:
                error = failed
                continue
            if response.status_code < 500:
                return response
        raise error or httpx.ConnectError("nobody answers")

    def close(self) -> None:
        self._http.close()


@contextmanager
def people(cluster: Cluster, count: int) -> Iterator[list[Talk]]:
    """So many people, each with a conversation and a connection of their own."""
    with ExitStack() as stack:
        yield [
            Talk(
                stack.enter_context(
                    httpx.Client(base_url="http://proxy", transport=AnyDoor(cluster.doors), timeout=PATIENCE_SECONDS)
                )
            )
            for _ in range(count)
        ]


def _answers(url: str) -> bool:
    try:
        return httpx.get(url, timeout=2, trust_env=False).is_success
    except httpx.HTTPError:
        return False

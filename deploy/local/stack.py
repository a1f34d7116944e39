"""The four processes as one stack: api, actions, bot and worker on one machine, for `make run` and for the tests."""

from __future__ import annotations

import http.client
import json
import os
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from deploy.local.config import FEW_HEAPS, ROOT, WRITE_BYTECODE, read_env_file
from deploy.local.environments import Environment
from deploy.local.logs import last_line
from deploy.local.model import newest, rasa_env
from deploy.local.ports import Ports
from deploy.local.progress import Progress, SetupError
from deploy.local.supervisor import Command, Supervisor

HEALTH = {"api": "/health", "actions": "/health", "bot": "/webhooks/gateway/"}
"""What each process answers 200 on when it is ready; the worker has no port."""

READY_SECONDS = 180.0
WORKER_SECONDS = 1.0
"""A worker that lives this long has read its settings and reached its database."""

FIRST_WORDS = "hej"
FIRST_TOPIC = "greet"

PRIVATE = ("IV_DATABASE_URL", "IV_SECRET_KEY", "IV_METRICS_TOKEN", "IV_SMTP_URL", "IV_OIDC_")
"""What only api and worker may know: the beginnings of variables that bot and actions are started without."""


class Stack:
    """Starts and stops the four processes. Use as a context manager, or call `start` and `stop`.

    `data_dir` holds the database (unless `database_url` names another), mails, the tracker and the logs. `model` is
    the trained model, the newest one by default. `extra_env` comes last: it overrides every variable set here.
    """

    def __init__(
        self,
        ports: Ports,
        data_dir: Path,
        *,
        root: Path = ROOT,
        model: Path | None = None,
        database_url: str = "",
        extra_env: Mapping[str, str] | None = None,
        base_env: Mapping[str, str] | None = None,
        progress: Progress | None = None,
    ) -> None:
        self.ports = ports
        self.data_dir = data_dir.absolute()
        self.root = root
        self.model = model
        self.gazetteer = self.data_dir / "gazetteer.json"
        self._progress = progress or Progress(quiet=True)
        self._database_is_ready = False
        self.env = self._environment(os.environ if base_env is None else base_env, database_url, extra_env or {})
        self.supervisor = Supervisor(
            [self._command(name) for name in ("bot", "api", "actions", "worker")], cwd=root, say=self._progress.say
        )

    def __enter__(self) -> Stack:
        self.start()
        self.wait_ready()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    @property
    def url(self) -> str:
        """Address of the api on this machine, without a trailing slash."""
        return f"http://{self._host}:{self.ports.api}"

    @property
    def bot_url(self) -> str:
        """Address of the bot."""
        return f"http://127.0.0.1:{self.ports.bot}"

    @property
    def logs(self) -> dict[str, Path]:
        """Log file of each process."""
        return {name: self.supervisor.log(name) for name in self.supervisor.names}

    def use_model(self, model: Path) -> None:
        """Run the bot with this model from now on; a bot with another one is stopped."""
        if model != self.model:
            self.supervisor.stop("bot")
            self.model = model
            self.supervisor.replace(self._command("bot"))

    def manage(self, what: str, *arguments: str | Path) -> None:
        """Run one `python -m api.manage` command, named `what` to the person. Raises SetupError when it fails."""
        self._progress.run(
            what,
            [Environment("app", self.root).python, "-m", "api.manage", *arguments],
            log=self.data_dir / "log" / "manage.log",
            cwd=self.root,
            env=self.env,
        )

    def prepare_database(self) -> None:
        """Bring the tables up to date, put the seed data in and generate the gazetteer, once. Raises SetupError."""
        if not self._database_is_ready:
            self.manage("Preparing the database", "prepare", self.gazetteer)
            self._database_is_ready = True

    def write_gazetteer(self) -> Path:
        """The gazetteer of the catalogue; the file is replaced only when it differs, and in one move."""
        self.prepare_database()
        return self.gazetteer

    def start(self, *names: str) -> None:
        """Start the named processes (all without a name); the bot first, which takes longest to load."""
        wanted = names or self.supervisor.names
        if "bot" in wanted:
            self._require_model()
            self.supervisor.start("bot")
        others = [name for name in wanted if name != "bot"]
        if others:
            self.prepare_database()
            self.supervisor.start(*others)

    def stop(self, *names: str) -> None:
        """Stop the named processes, all without a name."""
        self.supervisor.stop(*names)

    def kill(self, name: str) -> None:
        """End one process as a crash would; it stays down until `start(name)`."""
        self.supervisor.kill(name)

    def wait_ready(self, *names: str, timeout: float = READY_SECONDS) -> None:
        """Return when the named processes (all without a name) are ready.

        Raises SetupError when one of them ends or is not ready in `timeout` seconds.
        """
        waiting = list(names or self.supervisor.names)
        began = time.monotonic()
        while waiting:
            for name in tuple(waiting):
                if not self.supervisor.is_running(name):
                    raise SetupError(self._why_it_ended(name))
                if self._is_ready(name, time.monotonic() - began):
                    waiting.remove(name)
            if waiting and time.monotonic() - began > timeout:
                raise SetupError(
                    f"{' and '.join(waiting)} did not become ready in {timeout:.0f} s. "
                    f"Log: {', '.join(str(self.supervisor.log(name)) for name in waiting)}"
                )
            time.sleep(0.1)

    def first_answer(self, timeout: float = 30.0) -> None:
        """Have one short conversation through all of it, and erase it again.

        Raises SetupError unless a greeting is understood within `timeout` seconds.
        """
        deadline = time.monotonic() + timeout
        topics: set[str] = set()
        while True:
            status, opened = self._call("POST", "/api/v1/conversations", {})
            if status == 201 and {"conversation_id", "token"} <= opened.keys():
                path = f"/api/v1/conversations/{opened['conversation_id']}"
                token = str(opened["token"])
                _, answer = self._call("POST", f"{path}/messages", {"text": FIRST_WORDS}, token)
                self._call("DELETE", path, None, token)
                topics = {str(message.get("topic")) for message in answer.get("messages", ())}
                if FIRST_TOPIC in topics:
                    return
            if time.monotonic() > deadline:
                break
            time.sleep(3)
        seen = f"understood as {', '.join(sorted(topics))}" if topics else f"not answered (status {status})"
        raise SetupError(
            f"All processes run, but the first words ({FIRST_WORDS!r}) were {seen}. "
            f"Logs: {self.logs['api']}, {self.logs['bot']}"
        )

    @property
    def _host(self) -> str:
        return _reachable(self.env.get("IV_HOST", ""))

    def _environment(self, base: Mapping[str, str], database_url: str, extra: Mapping[str, str]) -> dict[str, str]:
        defaults = read_env_file(self.root / ".env.example")
        own = {
            "IV_DATA_DIR": str(self.data_dir),
            "IV_GAZETTEER": str(self.gazetteer),
            "IV_PORT": str(self.ports.api),
            "IV_BOT_PORT": str(self.ports.bot),
            "IV_ACTIONS_PORT": str(self.ports.actions),
            "IV_BOT_URLS": f"http://127.0.0.1:{self.ports.bot}",
            "IV_ACTIONS_URL": f"http://127.0.0.1:{self.ports.actions}/webhook",
            "IV_INTERNAL_HOST": "127.0.0.1",
            "IV_INTERNAL_PORT": str(self.ports.internal),
            "IV_API_URL": f"http://127.0.0.1:{self.ports.internal}",
            "PYTHONPATH": str(self.root),
            **WRITE_BYTECODE,
            "PYTHONUNBUFFERED": "1",
            "PYTHONUTF8": "1",
            **FEW_HEAPS,
        }
        if database_url:
            own["IV_DATABASE_URL"] = database_url
        kept = {
            "IV_SERVICE_TOKEN": base.get("IV_SERVICE_TOKEN") or defaults.get("IV_SERVICE_TOKEN", ""),
            "IV_TRACKER_URL": base.get("IV_TRACKER_URL") or f"sqlite:///{self.data_dir / 'bot.db'}",
        }
        # A setting left empty in .env means "the default", which each process knows best itself.
        return {**{name: value for name, value in base.items() if value or name[:3] != "IV_"}, **own, **kept, **extra}

    def _command(self, name: str) -> Command:
        log = self.data_dir / "log" / f"{name}.log"
        if name == "bot":
            serving: list[str | Path] = [Environment("app", self.root).python, "-m", "deploy.serving", "bot"]
            env = {**_without_private(self.env), "IV_BOT_HOST": "127.0.0.1"}
            serving += [self.model] if self.model else []
            return Command(name, serving, rasa_env(self.root, env, self.gazetteer), log)
        env = self.env
        if name == "actions":
            env = _without_private(env)
        module = {"api": "api", "actions": "actions", "worker": "api.worker"}[name]
        return Command(name, [Environment("app", self.root).python, "-m", module], env, log)

    def _require_model(self) -> None:
        if self.model is None:
            found = newest(self.root)
            if found is None:
                raise SetupError("There is no trained model yet: make train")
            self.use_model(found)

    def _is_ready(self, name: str, waited: float) -> bool:
        if name not in HEALTH:
            return waited >= WORKER_SECONDS
        host, port = (self._host, self.ports.api) if name == "api" else ("127.0.0.1", getattr(self.ports, name))
        return _request(host, port, "GET", HEALTH[name])[0] == 200

    def _why_it_ended(self, name: str) -> str:
        code, log = self.supervisor.exit_code(name), self.supervisor.log(name)
        line = last_line(log)
        return f"{name} stopped while it was starting (exit code {code}). {f'{line} ' if line else ''}Log: {log}"

    def _call(
        self, method: str, path: str, body: Mapping[str, str] | None, token: str = ""
    ) -> tuple[int, dict[str, Any]]:
        return _request(self._host, self.ports.api, method, path, body, token)


def _reachable(host: str) -> str:
    """Where a program on this machine reaches what listens on `host` (empty: the default), ready for a URL."""
    host = {"": "127.0.0.1", "0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104
    return f"[{host}]" if ":" in host else host


def _without_private(env: Mapping[str, str]) -> dict[str, str]:
    return {name: value for name, value in env.items() if not name.startswith(PRIVATE)}


def _request(
    host: str, port: int, method: str, path: str, body: Mapping[str, str] | None = None, token: str = ""
) -> tuple[int, dict[str, Any]]:
    """Status and JSON object of one request on this machine; status 0 when nobody answers in time.

    Any: the answers are another process's, and only looked at for what is asked of them.
    """
    connection = http.client.HTTPConnection(host.strip("[]"), port, timeout=10)
    headers = {"Content-Type": "application/json"} | ({"Authorization": f"Bearer {token}"} if token else {})
    try:
        connection.request(method, path, None if body is None else json.dumps(body), headers)
        response = connection.getresponse()
        text = response.read()
        try:
            answer = json.loads(text)
        except ValueError:
            answer = {}
        return response.status, answer if isinstance(answer, dict) else {}
    except (OSError, http.client.HTTPException):
        return 0, {}
    finally:
        connection.close()

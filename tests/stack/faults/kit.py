"""What the tests of faults share: messages with an id of their own, as the widget sends them, and a way to wait."""

from __future__ import annotations

import json
import os
import re
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from uuid import uuid4

import httpx

from tests.stack.running import Running
from tests.stack.talk import ANSWER_SECONDS, Message, Talk

PATIENCE_SECONDS = 60.0
"""How long a test waits for something to heal before it gives up."""


class Saying:
    """One message as the widget holds it until it is answered: sent again, it is the same one."""

    def __init__(self, talk: Talk, *, text: str = "", choice: str = "") -> None:
        self.talk = talk
        self.body = {"client_id": uuid4().hex} | ({"text": text} if text else {"choice": choice})

    def send(self) -> httpx.Response:
        """Send it once. The client of `talk` gives up after five seconds, and the test fails."""
        return self.talk.post(self.body)

    def refused(self, *codes: str) -> None:
        """Send it and expect an honest sentence, with one of these codes."""
        answer = self.send()
        assert answer.status_code == 503, answer.text
        assert answer.headers["content-type"] == "application/problem+json"
        assert answer.json()["code"] in codes
        assert "Försök igen" in answer.json()["detail"]
        assert "vägledningen" in answer.json()["detail"]

    def answered(self) -> list[Message]:
        """Send it until it is answered, as the widget does."""
        wait_for(lambda: (got := self.send()).status_code == 200 and self._take(got), "the message is never answered")
        return self.talk.last

    def _take(self, answer: httpx.Response) -> bool:
        self.talk.last = answer.json()["messages"]
        return True


def sign_in(real: Running) -> httpx.Response:
    """What somebody of the staff sees who logs in, before any redirect."""
    password = json.loads((real.stack.data_dir / "demo-accounts.json").read_text("utf-8"))["staff"]
    page = {"Accept": "text/html"}
    with httpx.Client(base_url=real.url, timeout=ANSWER_SECONDS, trust_env=False, headers=page) as desk:
        form = re.search(r'name="csrf" value="([^"]+)"', desk.get("/personal/logga-in").text)
        assert form
        return desk.post("/personal/logga-in", data={"login": "staff", "password": password, "csrf": form[1]})


def wait_for(what: Callable[[], object], why: str, pause: float = 0.2) -> None:
    """Wait until it is so; the test fails only when it never becomes so."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not what():
        assert time.monotonic() < deadline, why
        time.sleep(pause)


def said(talk: Talk) -> list[str]:
    """What the person has said, as it stands in the conversation."""
    return [message["text"] for message in talk.history() if message["sender"] == "user"]


@contextmanager
def stopped(real: Running, name: str) -> Iterator[None]:
    """The process stands still, as one whose machine hangs."""
    pid = real.stack.supervisor.pid(name)
    assert pid is not None
    os.kill(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        os.kill(pid, signal.SIGCONT)


def die(real: Running, name: str) -> None:
    """End a process as a crash or a lack of memory does; nobody looks at it before `watch_until_ready`."""
    pid = real.stack.supervisor.pid(name)
    assert pid is not None
    os.kill(pid, signal.SIGKILL)
    wait_for(lambda: not real.stack.supervisor.is_running(name), f"{name} does not die", pause=0.01)


def watch_until_ready(real: Running, *names: str) -> None:
    """Do what `make run` does until these answer again."""

    def ready() -> bool:
        real.stack.supervisor.check()
        return all(real.stack.supervisor.is_running(name) for name in names)

    wait_for(ready, f"{names} were not started again")
    real.stack.wait_ready(*names)

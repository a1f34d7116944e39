"""Counters and durations of one api process. One that is started again begins at nought, as Prometheus expects."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum

from prometheus_client import CollectorRegistry, Counter, Histogram

SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
"""Upper bounds of the histograms' buckets."""


_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})


class Outcome(StrEnum):
    """How a turn ended."""

    ANSWERED = "answered"
    FALLBACK = "fallback"
    """The bot did not understand."""
    BOT_UNAVAILABLE = "bot_unavailable"
    ACTION_FAILED = "action_failed"
    """The bot answered that it could not reach what it needed."""
    COMMAND_REFUSED = "command_refused"
    REPEATED = "repeated"
    """The client sent the same message again and got its first answer."""
    TURNED_AWAY = "turned_away"
    """Too many spoke at once; the client sends the message again."""


class Stage(StrEnum):
    """A part of a turn; `BOT` includes its actions and what they ask of the api."""

    PREPARE = "prepare"
    BOT = "bot"
    STORE = "store"
    WHOLE = "whole"


class Figures:
    """The figures of one application. Labels have few values, and none comes from outside."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self._turns = Counter("iv_turns", "Turns by how they ended.", ["outcome"], registry=self.registry)
        self._stages = Histogram(
            "iv_turn_seconds", "Duration of the parts of a turn.", ["stage"], buckets=SECONDS, registry=self.registry
        )
        self._requests = Histogram(
            "iv_request_seconds",
            "Duration of requests by method, route template and class of status.",
            ["method", "route", "status"],
            buckets=SECONDS,
            registry=self.registry,
        )
        self._statements = Histogram(
            "iv_database_seconds", "Duration of the database's statements.", buckets=SECONDS, registry=self.registry
        )
        for outcome in Outcome:
            self._turns.labels(outcome)
        for stage in Stage:
            self._stages.labels(stage)

    def count_turn(self, outcome: Outcome) -> None:
        """One more turn that ended so."""
        self._turns.labels(outcome).inc()

    @contextmanager
    def timed(self, stage: Stage) -> Iterator[None]:
        """Note how long what stands inside takes, also when it fails."""
        began = time.perf_counter()
        try:
            yield
        finally:
            self._stages.labels(stage).observe(time.perf_counter() - began)

    def note_statement(self, seconds: float) -> None:
        """One more statement that the database has carried out."""
        self._statements.observe(seconds)

    def note_request(self, method: str, route: str, status: int, seconds: float) -> None:
        """One more request. `route` is a template such as `/mote/{token}`, never an address."""
        known = method if method in _METHODS else "other"  # a client may invent them, and each would be kept
        self._requests.labels(known, route, f"{status // 100}xx").observe(seconds)

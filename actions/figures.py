"""Counters and durations of the actions, by name. A process that is started again begins at nought."""

from __future__ import annotations

import time
from collections.abc import Iterable
from enum import StrEnum
from typing import Any

from prometheus_client import CollectorRegistry, Counter, Histogram
from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest
from sanic import Sanic
from sanic.request import Request
from sanic.response import HTTPResponse, raw

_SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)


class Outcome(StrEnum):
    """How an action ended. The last two are failures of ours, which people read an apology for."""

    DONE = "done"
    REFUSED = "refused"
    """The api said no and gave a reason, such as a time that was taken."""
    API_DOWN = "api_down"
    FAILED = "failed"


class Figures:
    """The figures of one action server. Every action that is named has its series from the start, at nought."""

    def __init__(self, names: Iterable[str] = ()) -> None:
        self.registry = CollectorRegistry()
        self._runs = Counter(
            "iv_actions", "Actions by name and how they ended.", ["action", "outcome"], registry=self.registry
        )
        self._seconds = Histogram(
            "iv_action_seconds",
            "Duration of actions, what they ask of the api included.",
            ["action"],
            buckets=_SECONDS,
            registry=self.registry,
        )
        for name in names:
            self._seconds.labels(name)
            for outcome in Outcome:
                self._runs.labels(name, outcome)

    def note(self, action: str, outcome: Outcome, began: float) -> float:
        """One more run, which began at `time.perf_counter()` = `began`. How long it took, in seconds."""
        seconds = time.perf_counter() - began
        self._runs.labels(action, outcome).inc()
        self._seconds.labels(action).observe(seconds)
        return seconds


def add_metrics(app: Sanic[Any, Any], figures: Figures) -> None:
    """`/metrics` on the action server, which is reached from inside only, and tells names of actions and numbers.

    Any: Sanic's own settings and context.
    """

    async def metrics(_: Request) -> HTTPResponse:
        return raw(generate_latest(figures.registry), content_type=CONTENT_TYPE_LATEST)

    app.add_route(metrics, "/metrics", methods=["GET"])

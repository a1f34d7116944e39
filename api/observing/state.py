"""Figures that stand in the database: asked for when Prometheus comes, at most every half minute."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from prometheus_client.core import GaugeMetricFamily
from prometheus_client.metrics_core import Metric
from prometheus_client.registry import Collector
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from api.clock import Clock
from api.database import Database

log = logging.getLogger(__name__)
_FRESH_SECONDS = 30.0


@dataclass(frozen=True)
class Gauge:
    """A figure that a capability has about its rows. `values` gives pairs of label and value; `label` "" for one."""

    name: str
    help: str
    label: str
    values: Callable[[Session, Clock], Iterable[tuple[str, float]]]


class StateCollector(Collector):
    """Reads all gauges in one transaction. A database that is away is a figure too: `iv_database_up` is 0."""

    def __init__(self, database: Database, clock: Clock, gauges: Sequence[Gauge]) -> None:
        self._database, self._clock, self._gauges = database, clock, gauges
        self._read_at = float("-inf")
        self._families: list[Metric] = []

    def describe(self) -> Iterable[Metric]:
        """Nothing: the registry shall not ask the database when the process starts."""
        return ()

    def collect(self) -> Iterator[Metric]:
        if time.monotonic() - self._read_at > _FRESH_SECONDS:
            self._families, self._read_at = list(self._read()), time.monotonic()
        yield from self._families

    def _read(self) -> Iterator[Metric]:
        families: list[Metric] = []
        try:
            with self._database.transaction(read_only=True) as session:
                families = [self._family(gauge, session) for gauge in self._gauges]
        except SQLAlchemyError as error:
            log.error("figures cannot be read", extra={"error": type(error).__name__})
        yield GaugeMetricFamily(
            "iv_database_up", "Whether the database answered (1) or not (0).", float(bool(families))
        )
        yield from families

    def _family(self, gauge: Gauge, session: Session) -> Metric:
        family = GaugeMetricFamily(gauge.name, gauge.help, labels=[gauge.label] if gauge.label else [])
        for label, value in gauge.values(session, self._clock):
            family.add_metric([label] if gauge.label else [], value)
        return family

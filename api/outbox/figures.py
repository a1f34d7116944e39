"""What those who run the service see of the outbox."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from api.clock import Clock
from api.observing.state import Gauge
from api.outbox.oversight import count_failed
from api.outbox.service import is_open
from api.outbox.tables import Outbox


def _waiting(session: Session, clock: Clock) -> Iterator[tuple[str, float]]:
    due = select(func.count()).select_from(Outbox).where(is_open(Outbox), Outbox.not_before <= clock())
    yield "", float(session.scalar(due) or 0)


def _age(session: Session, clock: Clock) -> Iterator[tuple[str, float]]:
    now = clock()
    oldest = session.scalar(select(func.min(Outbox.not_before)).where(is_open(Outbox), Outbox.not_before <= now))
    yield "", (now - oldest).total_seconds() if oldest else 0.0


def _failed(session: Session, _: Clock) -> Iterator[tuple[str, float]]:
    yield "", float(count_failed(session))


GAUGES = (
    Gauge("iv_outbox_waiting", "Mails that should have left by now.", "", _waiting),
    Gauge("iv_outbox_age_seconds", "For how long the oldest of them has waited.", "", _age),
    Gauge("iv_outbox_failed", "Mails given up that nobody has dealt with.", "", _failed),
)

"""What those who run the service see of booking."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy.orm import Session

from api.booking.waiting import openings_by_node
from api.clock import Clock
from api.observing.state import Gauge


def _free_slots(session: Session, clock: Clock) -> Iterator[tuple[str, float]]:
    for openings in openings_by_node(session, clock()):
        yield openings.node.slug, float(len(openings.starts))


GAUGES = (Gauge("iv_free_slots", "Times that can be booked, by node with a counsellor.", "node", _free_slots),)

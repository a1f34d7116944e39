"""Events of a period: how many came, and whether everybody could."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from api.events.tables import EVENT_KINDS, Event, EventSignup
from api.insight.days import Period
from api.insight.report.groups import Whole, whole

FACTS = ("yes", "no", "unknown")


@dataclass(frozen=True)
class Events:
    """`step_free` and `hearing_loop`: number of events at a place by `yes`, `no` and `unknown`, figures about places
    and no people. `online`: held on the net alone. `attendance`: people by whether they came; `guests`: those who
    came, by kind of event."""

    held: int
    kinds: dict[str, int]
    online: int
    step_free: dict[str, int]
    hearing_loop: dict[str, int]
    interpreted: int
    women_only: int
    attendance: Whole
    guests: Whole


def events(session: Session, period: Period) -> Events:
    """The events that were held in the period."""
    first, end = period.moments
    held = (Event.status == "published", Event.starts_at >= first, Event.starts_at < end)
    every = list(session.scalars(select(Event).where(*held)).unique())
    at_a_place = [event for event in every if not event.is_online]
    came: Counter[str] = Counter()
    guests: Counter[str] = Counter()
    noted = (
        select(Event.kind, EventSignup.status, func.count())
        .join(Event, EventSignup.event_id == Event.id)
        .where(*held, EventSignup.status.in_(("attended", "absent")))
        .group_by(Event.kind, EventSignup.status)
    )
    for kind, status, count in session.execute(noted):
        came[status] += count
        guests[kind] += count if status == "attended" else 0
    kinds = Counter(event.kind for event in every)
    return Events(
        held=len(every),
        kinds={kind: kinds[kind] for kind in EVENT_KINDS if kinds[kind]},
        online=len(every) - len(at_a_place),
        step_free=_by_fact(event.step_free for event in at_a_place),
        hearing_loop=_by_fact(event.hearing_loop for event in at_a_place),
        interpreted=sum(bool(event.interpreter) for event in every),
        women_only=sum(event.women_only for event in every),
        attendance=whole({status: came[status] for status in ("attended", "absent")}),
        guests=whole({kind: guests[kind] for kind in EVENT_KINDS}),
    )


def _by_fact(facts: Iterable[str]) -> dict[str, int]:
    counts = Counter(facts)
    return {fact: counts[fact] for fact in FACTS if counts[fact]}

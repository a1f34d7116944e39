"""Meetings of a period: how, in which language, whether they took place, and how long people waited for them.

Taken from the bare rows that stay when a meeting's person is forgotten.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from api.booking.tables import Counsellor, Meeting
from api.catalogue.tables import Node
from api.clock import stockholm_date
from api.insight.days import Period
from api.insight.report.groups import Whole, whole
from api.insight.report.spread import Spread, spread
from api.insight.report.tables import FreeWait

MEETING_TYPES = ("on_site", "phone", "video")
OUTCOMES = ("held", "missed", "cancelled")


@dataclass(frozen=True)
class Meetings:
    """`outcomes`: held, missed (nobody came), cancelled. The rest is about those that were not cancelled: by town, by
    way to meet, with or without an interpreter (`with`, `without`), and the languages of interpreters (None where so
    few had one that a language could point somebody out)."""

    outcomes: Whole
    towns: Whole
    types: Whole
    interpreter: Whole
    languages: Whole | None


@dataclass(frozen=True)
class Wait:
    """One node: days to the first free time, looked at once a day, and days from booking to meeting. `full`: per cent
    of the days when nothing was free."""

    town: str
    first_free: Spread | None
    full: int | None
    booked: Spread | None


def meetings(session: Session, period: Period) -> Meetings:
    """The meetings that were to begin in the period."""
    first, end = period.moments
    rows = session.execute(
        select(Meeting.status, Meeting.no_show, Meeting.meeting_type, Meeting.interpreter_language, Node.town)
        .join(Counsellor, Meeting.counsellor_id == Counsellor.id)
        .join(Node, Counsellor.node_id == Node.id)
        .where(Meeting.status.in_(("confirmed", "cancelled")), Meeting.starts_at >= first, Meeting.starts_at < end)
    )
    outcomes: Counter[str] = Counter()
    towns: Counter[str] = Counter()
    types: Counter[str] = Counter()
    languages: Counter[str] = Counter()
    for status, no_show, meeting_type, language, town in rows:
        outcomes["cancelled" if status == "cancelled" else "missed" if no_show else "held"] += 1
        if status == "confirmed":
            towns[town] += 1
            types[meeting_type] += 1
            languages[(language or "").strip().lower()] += 1
    without = languages.pop("", 0)
    interpreter = whole({"with": languages.total(), "without": without})
    return Meetings(
        outcomes=whole({name: outcomes[name] for name in OUTCOMES}),
        towns=whole(dict(sorted(towns.items()))),
        types=whole({name: types[name] for name in MEETING_TYPES}),
        interpreter=interpreter,
        languages=whole(dict(languages.most_common())) if interpreter.part("with").count else None,
    )


def waits(session: Session, period: Period) -> list[Wait]:
    """Every node with a wait in the period, by town."""
    free: dict[str, list[int | None]] = defaultdict(list)
    looked = select(FreeWait.node, FreeWait.days).where(FreeWait.day >= period.first, FreeWait.day < period.end)
    for slug, days in session.execute(looked):
        free[slug].append(days)
    booked = _booked(session, period)
    towns = dict(session.execute(select(Node.slug, Node.town)).all())
    found = [
        Wait(
            town=towns.get(slug, slug),
            first_free=spread([days for days in free[slug] if days is not None], least=1),
            full=_full(free[slug]),
            booked=spread(booked[slug]),
        )
        for slug in free.keys() | booked.keys()
    ]
    return sorted(found, key=lambda one: one.town)


def all_waits(session: Session, period: Period) -> Spread | None:
    """Days from booking to meeting at all nodes together."""
    return spread([days for each in _booked(session, period).values() for days in each])


def _booked(session: Session, period: Period) -> dict[str, list[int]]:
    """Calendar days between the booking and the meeting, by the node's slug."""
    first, end = period.moments
    rows = session.execute(
        select(Node.slug, Meeting.confirmed_at, Meeting.starts_at)
        .join(Counsellor, Meeting.counsellor_id == Counsellor.id)
        .join(Node, Counsellor.node_id == Node.id)
        .where(Meeting.status == "confirmed", Meeting.confirmed_at.is_not(None))
        .where(Meeting.starts_at >= first, Meeting.starts_at < end)
    )
    found: dict[str, list[int]] = defaultdict(list)
    for slug, confirmed_at, starts_at in rows:
        if confirmed_at is not None:
            found[slug].append(_days(stockholm_date(confirmed_at), stockholm_date(starts_at)))
    return found


def _days(booked: date, meeting: date) -> int:
    return max(0, (meeting - booked).days)


def _full(looked: list[int | None]) -> int | None:
    return round(100 * looked.count(None) / len(looked)) if looked else None

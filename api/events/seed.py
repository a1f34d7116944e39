"""Example events from a data file."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import uuid4

from sqlalchemy import select
from sqlalchemy.orm import Session

from api.catalogue.tables import Node
from api.clock import STOCKHOLM, stockholm_date
from api.contact.networks.tables import Network
from api.events.tables import Event, EventSignup
from api.privacy.secret_links import new_reference
from api.texts import Texts

Entry = Mapping[str, Any]  # Any: YAML
_texts = Texts.beside(__file__)
_OWN = (
    "kind",
    "title",
    "description",
    "for_whom",
    "women_only",
    "step_free",
    "hearing_loop",
    "interpreter",
    "capacity",
)
_CHRISTMAS_FROM, _CHRISTMAS_TO = (12, 19), (1, 6)
"""Month and day; nobody meets then."""
_LAST_HOUR = time(16)
"""When sign-up closes on its last day."""


def seed_events(session: Session, entries: Iterable[Entry], now: datetime) -> int:
    """Add the examples; returns how many. Their days follow `now`."""
    nodes = {node.slug: node for node in session.scalars(select(Node))}
    networks = {network.slug: network.id for network in session.scalars(select(Network))}
    added = 0
    for entry in entries:
        node = nodes.get(entry["node"])
        if node is None:  # another region's nodes: these examples say nothing there
            continue
        event = _event(entry, node, networks.get(entry.get("network", "")), now)
        session.add(event)
        session.flush()
        session.add_all(_signup(event, number, now) for number in range(1, entry.get("people", 0) + 1))
        added += 1
    session.flush()
    return added


def _event(entry: Entry, node: Node, network_id: int | None, now: datetime) -> Event:
    starts_at = _moment(_day(stockholm_date(now), entry), time.fromisoformat(entry["starts"]))
    days_before, online = entry.get("signup_days_before"), entry.get("online_url", "")
    last_day = stockholm_date(starts_at) - timedelta(days=days_before) if days_before else None
    street = (node.street or "").partition(",")[0]
    return Event(
        **{name: entry[name] for name in _OWN if name in entry},
        host=entry.get("host", node.name),
        node_id=node.id,
        network_id=network_id,
        municipality_id=node.municipality_id,
        place_name="" if online else entry.get("place_name", node.name),
        street="" if online else entry.get("street", street),
        online_url=online,
        starts_at=starts_at,
        ends_at=starts_at + timedelta(minutes=entry["minutes"]),
        signup_until=_moment(last_day, _LAST_HOUR) if last_day else None,
        contact=_texts("example_contact", town=node.town),
        contact_email=node.email,
        contact_phone=node.phone,
        status="published",
        example=True,
        created_at=now,
        updated_at=now,
    )


def _signup(event: Event, number: int, now: datetime) -> EventSignup:
    """An invented participant; those there is no room for wait."""
    signup_id = uuid4()
    has_place = event.capacity is None or number <= event.capacity
    return EventSignup(
        id=signup_id,
        event_id=event.id,
        number=number,
        reference=new_reference(),
        status="signed" if has_place else "waiting",
        name=_texts("example_person", number=number),
        email=f"deltagare.{number}@example.org",
        ical_uid=f"{signup_id}@example.org",
        created_at=now,
        changed_at=now,
    )


def _day(today: date, entry: Entry) -> date:
    """The first such weekday (0 is Monday) at least `in_days` from today, and not around Christmas."""
    first = today + timedelta(days=entry["in_days"])
    day = first + timedelta(days=(entry["weekday"] - first.weekday()) % 7)
    while (day.month, day.day) >= _CHRISTMAS_FROM or (day.month, day.day) <= _CHRISTMAS_TO:
        day += timedelta(weeks=1)
    return day


def _moment(day: date, clock: time) -> datetime:
    return datetime.combine(day, clock, STOCKHOLM).astimezone(UTC)

"""Which events there are: those that come, near a place, with places left."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from api.catalogue.geo import kilometres
from api.catalogue.tables import Municipality
from api.events.seats import Seats, seats
from api.events.tables import Event, EventKind

_ON_THE_NET_KM = 1.0
"""Near everywhere, but after what is held where somebody lives."""


@dataclass(frozen=True)
class Listed:
    """An event and its places."""

    event: Event
    seats: Seats


def upcoming(
    session: Session,
    now: datetime,
    *,
    kinds: Collection[EventKind] = (),
    municipality: str | None = None,
    node: str | None = None,
    network_id: int | None = None,
    starts_from: datetime | None = None,
    starts_before: datetime | None = None,
    only_open: bool = False,
) -> list[Listed]:
    """Published events that have not ended, soonest first.

    `municipality` is a name, `node` a slug, and the moments (UTC) narrow down when it starts. `only_open`: somebody who
    signs up now gets a place. Cancelled ones are not among them: who has signed up was told.
    """
    wanted: list[ColumnElement[bool]] = [Event.status == "published", Event.ends_at > now]
    if kinds:
        wanted.append(Event.kind.in_(kinds))
    if municipality:
        wanted.append(Event.municipality.has(Municipality.name == municipality))
    if node:
        wanted.append(Event.node.has(slug=node))
    if network_id is not None:
        wanted.append(Event.network_id == network_id)
    if starts_from:
        wanted.append(Event.starts_at >= starts_from)
    if starts_before:
        wanted.append(Event.starts_at < starts_before)
    if only_open:
        wanted.append(or_(Event.signup_until.is_(None), Event.signup_until > now))
        wanted.append(Event.starts_at > now)
    found = list(session.scalars(select(Event).where(*wanted).order_by(Event.starts_at, Event.id)))
    places = seats(session, found)
    listed = [Listed(event, places[event.id]) for event in found]
    return [one for one in listed if one.seats.open_to_newcomers] if only_open else listed


def nearest_first(listed: Collection[Listed], place: Municipality) -> list[Listed]:
    """The same, those in the municipality first, then what is held on the net, then the others by distance. Of the
    same distance the soonest first."""

    def distance(one: Listed) -> float:
        town = one.event.municipality
        return _ON_THE_NET_KM if one.event.is_online else kilometres(place.lat, place.lon, town.lat, town.lon)

    return sorted(listed, key=lambda one: (distance(one), one.event.starts_at))

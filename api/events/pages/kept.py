"""How the history of an event is worded, and what putting it back means for those who have signed up."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import inspect
from sqlalchemy.orm import Session

from api.catalogue.tables import Municipality, Node
from api.contact.networks.tables import Network
from api.events.changes import tell_changes
from api.events.errors import CapacityTaken, EventAttended
from api.events.letters import Earlier
from api.events.line import move_on
from api.events.pages.access import STAFF_PATH
from api.events.pages.showing import TEXTS, language_word
from api.events.seats import lock_event, seats_of
from api.events.tables import Event
from api.outbox.office import Office
from api.row_json import from_json
from api.staff.errors import RestoreRefused
from api.staff.kept import Kept, PutBack, behind
from api.swedish_dates import moment
from api.texts import enumerated


def _put_back(back: PutBack) -> None:
    """As a change by hand: who has signed up is told of another time or place, and the waiting list moves.

    RestoreRefused for what was cancelled, since people were told; EventAttended and CapacityTaken as by hand.
    """
    before = {name: from_json(Event.metadata.tables["event"], name, value) for name, value in back.before.items()}
    event = lock_event(back.session, back.row.id)
    if before.get("status") == "cancelled":
        raise RestoreRefused
    places = seats_of(back.session, event)
    if event.status != "published" and (places.taken or places.waiting):
        raise EventAttended
    if event.capacity is not None and places.taken > event.capacity:
        raise CapacityTaken(taken=places.taken)
    office = Office.of(back.settings)
    tell_changes(back.session, event, _earlier(back.session, event, before), now=back.now, office=office)
    move_on(back.session, event, back.now, office)


def _earlier(session: Session, event: Event, before: dict[str, Any]) -> Earlier:  # Any: column values
    """When and where it was until now."""
    columns = {name: getattr(event, name) for name in inspect(Event).columns.keys()} | before  # noqa: SIM118
    was = Event(**columns)
    was.municipality = session.get_one(Municipality, was.municipality_id)
    return Earlier.of(was)


def _moment(_: Session, value: str) -> str:
    return moment(datetime.fromisoformat(value))


KEPT = (
    Kept(
        model=Event,
        texts=TEXTS,
        title=lambda row: str(row.title),
        address=lambda row: f"{STAFF_PATH}/{row.id}",
        words={
            **dict.fromkeys(("starts_at", "ends_at", "signup_until"), _moment),
            "municipality_id": behind(Municipality, lambda place: place.name),
            "node_id": behind(Node, lambda node: node.name),
            "network_id": behind(Network, lambda network: network.name),
            "kind": lambda _, value: TEXTS(f"kind_{value}"),
            "status": lambda _, value: TEXTS(f"status_{value}"),
            "step_free": lambda _, value: TEXTS(f"fact_{value}"),
            "hearing_loop": lambda _, value: TEXTS(f"fact_{value}"),
            "interpreter": lambda _, value: enumerated([language_word(code) for code in value]),
        },
        put_back=_put_back,
    ),
)

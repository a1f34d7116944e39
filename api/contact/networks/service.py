"""Networks: what staff see, what the public sees, and when each meets next."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from api.contact.naming import name_questions
from api.contact.networks.fields import LABELS, TEXTS
from api.contact.networks.tables import Network
from api.events.tables import Event
from api.folding import free_slug
from api.staff.editing.sending import Question

Values = Mapping[str, Any]  # Any: columns' values
_TEXTS_WITH_PEOPLE = ("about", "for_whom", "behind", "how_often", "next_meeting")


@dataclass(frozen=True)
class Shown:
    """A network with its nearest published event; None when none is coming."""

    network: Network
    meeting: Event | None


def networks(session: Session) -> list[Network]:
    """Every network: the open ones first, then drafts and ended ones, each by name with the made-up ones last."""
    order = {"published": 0, "draft": 1, "ended": 2}
    return sorted(
        session.scalars(select(Network)), key=lambda row: (order[row.status], row.example, row.name.casefold(), row.id)
    )


def shown(session: Session, now: datetime) -> list[Shown]:
    """What the public sees: open networks, then ended ones."""
    return [Shown(row, next_meeting(session, row, now)) for row in networks(session) if row.status != "draft"]


def open_network(session: Session, slug: str) -> Network | None:
    """The network of that address, when one can show interest in it."""
    return session.scalar(select(Network).where(Network.slug == slug, Network.status == "published"))


def next_meeting(session: Session, network: Network, now: datetime) -> Event | None:
    """The first published event of the network that has not begun at `now`."""
    coming = select(Event).where(Event.network_id == network.id, Event.status == "published", Event.starts_at > now)
    return session.scalars(coming.order_by(Event.starts_at, Event.id).limit(1)).first()


def errors(session: Session, values: Values, row: Network | None) -> dict[str, str]:
    """What is wrong with the values beside other rows, by field."""
    taken = select(Network.id).where(Network.name == values.get("name"))
    if session.scalar(taken.where(Network.id != row.id) if row else taken) is not None:
        return {"name": TEXTS("wrong_name_taken")}
    return {}


def new_slug(session: Session, name: str) -> str:
    """What a new network is called in addresses. It stays when the name is changed."""
    return free_slug(name, set(session.scalars(select(Network.slug))), limit=50, otherwise="natverk")


def questions(values: Values) -> Iterator[Question]:
    """A question about each text that seems to name somebody."""
    return name_questions(
        values, _TEXTS_WITH_PEOPLE, lambda field, words: TEXTS("ask_name", label=LABELS[field], words=words)
    )

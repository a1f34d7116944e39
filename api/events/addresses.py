"""Where an event has its public page, and where somebody's own sign-up has. Pure.

The address of an event is its title and the first digits of its id: `/traffar/studiebesok-hos-verkstaden-3f9a01c2de`.
Only the digits are looked at, so that an old address still leads there when the title is changed.
"""

from __future__ import annotations

import re
from uuid import UUID

from api.events.tables import Event
from api.folding import fold

PATH = "/traffar"
OWN = f"{PATH}/anmalan"
"""Followed by the secret token of one sign-up."""
FEED = f"{PATH}.ics"

_DIGITS = 10
_ADDRESS = re.compile(rf"(?:[a-z0-9-]*-)?([0-9a-f]{{{_DIGITS}}})")
_LONGEST_TITLE = 60


def event_path(event: Event) -> str:
    """`/traffar/studiebesok-hos-verkstaden-3f9a01c2de`."""
    title = fold(event.title).replace(" ", "-")[:_LONGEST_TITLE].strip("-")
    return f"{PATH}/{title}-{event.id.hex[:_DIGITS]}" if title else f"{PATH}/{event.id.hex[:_DIGITS]}"


def ids_at(address: str) -> tuple[UUID, UUID] | None:
    """The first and the last id that an address may stand for; None for what is no event's address."""
    found = _ADDRESS.fullmatch(address)
    rest = 32 - _DIGITS
    return (UUID(found[1] + "0" * rest), UUID(found[1] + "f" * rest)) if found else None

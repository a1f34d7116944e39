"""How the history of counsellors is worded, and what follows when a change of one is taken back."""

from __future__ import annotations

from api.booking import readdressing
from api.booking.contacts import service
from api.booking.contacts.errors import CounsellorBooked
from api.booking.contacts.fields import PATH, TEXTS
from api.booking.tables import Availability, AvailabilityException, Counsellor
from api.catalogue.tables import Node
from api.staff.kept import Kept, PutBack, behind


def _put_back(back: PutBack) -> None:
    """As a change by hand."""
    moved = "node_id" in back.before
    if moved and service.coming(back.session, back.row, back.now):
        raise CounsellorBooked
    service.let_go(back.session, back.row, back.now, moved=moved)
    readdressing.put_back(back)


KEPT = (
    Kept(
        model=Counsellor,
        texts=TEXTS,
        title=lambda row: str(row.title),
        address=lambda row: f"{PATH}/{row.id}",
        words={"node_id": behind(Node, lambda node: node.name)},
        parts=(Availability, AvailabilityException),
        put_back=_put_back,
    ),
)

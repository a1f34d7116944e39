"""How the history of nodes and municipalities is worded."""

from __future__ import annotations

from api.catalogue.places.fields import TEXTS
from api.catalogue.tables import Municipality, Node
from api.staff.kept import Kept, behind

PATH = "/personal/orter"


KEPT = (
    Kept(
        model=Node,
        texts=TEXTS,
        title=lambda row: str(row.name),
        address=lambda row: f"{PATH}/noder/{row.id}",
        words={"municipality_id": behind(Municipality, lambda place: place.name)},
    ),
    Kept(
        model=Municipality,
        texts=TEXTS,
        title=lambda row: str(row.name),
        address=lambda row: f"{PATH}/kommuner/{row.id}",
        words={},
    ),
)

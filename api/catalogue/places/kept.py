"""How the history of nodes and municipalities is worded."""

from __future__ import annotations

from typing import Any

from sqlalchemy.orm import Session

from api.catalogue.places.fields import TEXTS
from api.catalogue.tables import Municipality, Node
from api.staff.kept import Kept

PATH = "/personal/orter"


def _municipality(session: Session, number: Any) -> str:  # Any: JSON
    row = session.get(Municipality, number)
    return row.name if row else str(number)


KEPT = (
    Kept(
        model=Node,
        texts=TEXTS,
        title=lambda row: str(row.name),
        address=lambda row: f"{PATH}/noder/{row.id}",
        words={"municipality_id": _municipality},
    ),
    Kept(
        model=Municipality,
        texts=TEXTS,
        title=lambda row: str(row.name),
        address=lambda row: f"{PATH}/kommuner/{row.id}",
        words={},
    ),
)

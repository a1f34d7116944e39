"""How the history of receiving companies is worded."""

from __future__ import annotations

from typing import Any

from sqlalchemy.orm import Session

from api.catalogue.tables import Municipality
from api.contact.hosts.fields import TEXTS
from api.contact.hosts.tables import ReceivingCompany
from api.staff.kept import Kept

PATH = "/personal/foretag"


def _municipality(session: Session, number: Any) -> str:  # Any: JSON
    row = session.get(Municipality, number)
    return row.name if row else str(number)


KEPT = (
    Kept(
        model=ReceivingCompany,
        texts=TEXTS,
        title=lambda row: str(row.name),
        address=lambda row: f"{PATH}/{row.id}",
        words={
            "municipality_id": _municipality,
            "status": lambda _, value: TEXTS(f"status_{value}"),
            "step_free": lambda _, value: TEXTS(f"step_free_{value}"),
        },
    ),
)

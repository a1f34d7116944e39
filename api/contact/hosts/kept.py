"""How the history of receiving companies is worded."""

from __future__ import annotations

from api.catalogue.tables import Municipality
from api.contact.hosts.fields import TEXTS
from api.contact.hosts.tables import ReceivingCompany
from api.staff.kept import Kept, behind

PATH = "/personal/foretag"


KEPT = (
    Kept(
        model=ReceivingCompany,
        texts=TEXTS,
        title=lambda row: str(row.name),
        address=lambda row: f"{PATH}/{row.id}",
        words={
            "municipality_id": behind(Municipality, lambda place: place.name),
            "status": lambda _, value: TEXTS(f"status_{value}"),
            "step_free": lambda _, value: TEXTS(f"step_free_{value}"),
        },
    ),
)

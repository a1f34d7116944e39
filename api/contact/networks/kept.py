"""How the history of networks is worded."""

from __future__ import annotations

from api.contact.networks.fields import TEXTS
from api.contact.networks.tables import Network
from api.staff.kept import Kept

PATH = "/personal/natverk"

KEPT = (
    Kept(
        model=Network,
        texts=TEXTS,
        title=lambda row: str(row.name),
        address=lambda row: f"{PATH}/{row.id}",
        words={"status": lambda _, value: TEXTS(f"status_{value}")},
    ),
)

"""The companies and networks that a new installation starts with."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from api.contact.hosts.tables import ReceivingCompany
from api.contact.networks.tables import Network

Entry = Mapping[str, Any]  # Any: YAML


def seed_networks(session: Session, entries: Iterable[Entry], now: datetime) -> int:
    """Add these networks. Gives their number."""
    rows = [Network(updated_at=now, **entry) for entry in entries]
    session.add_all(rows)
    session.flush()
    return len(rows)


def seed_companies(session: Session, entries: Iterable[Entry], codes: Mapping[str, int], now: datetime) -> int:
    """Add the example companies. `codes`: code of a municipality → its id."""
    rows = []
    for entry in entries:
        values = dict(entry)
        municipality_id = codes[values.pop("municipality_code")]
        rows.append(
            ReceivingCompany(
                municipality_id=municipality_id, status="published", example=True, updated_at=now, **values
            )
        )
    session.add_all(rows)
    session.flush()
    return len(rows)

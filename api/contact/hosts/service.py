"""Companies that receive: what staff see, and what the public sees of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from api.catalogue.tables import Municipality
from api.contact.hosts.fields import LABELS, TEXTS
from api.contact.hosts.tables import ReceivingCompany
from api.contact.naming import name_questions
from api.folding import fold
from api.staff.editing.sending import Question

Values = Mapping[str, Any]  # Any: columns' values
_PUBLIC_TEXTS = ("name", "does", "pupils_do", "periods", "access_note", "contact", "email")


@dataclass(frozen=True)
class Wanted:
    """Which companies to list; None means any. `receives` is one of `RECEIVES`."""

    municipality: Municipality | None = None
    receives: str | None = None


def companies(session: Session, wanted: Wanted | None = None, *, status: str | None = None) -> list[ReceivingCompany]:
    """The companies that fit, by municipality and name; all of them without a wish."""
    wanted = wanted or Wanted()
    query = select(ReceivingCompany).join(ReceivingCompany.municipality)
    if wanted.municipality is not None:
        query = query.where(ReceivingCompany.municipality_id == wanted.municipality.id)
    if wanted.receives is not None:
        query = query.where(getattr(ReceivingCompany, wanted.receives))
    if status is not None:
        query = query.where(ReceivingCompany.status == status)
    return sorted(session.scalars(query), key=lambda row: (row.municipality.name, fold(row.name), row.id))


def open_companies(session: Session, wanted: Wanted) -> list[ReceivingCompany]:
    """Companies that the public sees."""
    return companies(session, wanted, status="published")


def by_municipality(rows: Sequence[ReceivingCompany]) -> dict[str, list[ReceivingCompany]]:
    """Name of a municipality → its companies, in the order of `rows`."""
    found: dict[str, list[ReceivingCompany]] = {}
    for row in rows:
        found.setdefault(row.municipality.name, []).append(row)
    return found


def municipalities(session: Session) -> list[Municipality]:
    """Every municipality, by name."""
    return list(session.scalars(select(Municipality).order_by(Municipality.name)))


def errors(session: Session, values: Values, row: ReceivingCompany | None) -> dict[str, str]:
    """What is wrong with the values beside other rows, by field."""
    found: dict[str, str] = {}
    if "municipality_id" in values and session.get(Municipality, values["municipality_id"] or 0) is None:
        found["municipality_id"] = TEXTS("wrong_municipality")
    taken = select(ReceivingCompany.id).where(ReceivingCompany.name == values.get("name"))
    if session.scalar(taken.where(ReceivingCompany.id != row.id) if row else taken) is not None:
        found["name"] = TEXTS("wrong_name_taken")
    return found


def questions(values: Values) -> Iterator[Question]:
    """A question about each text that seems to name somebody."""
    return name_questions(
        values, _PUBLIC_TEXTS, lambda field, words: TEXTS("ask_name", label=LABELS[field], words=words)
    )

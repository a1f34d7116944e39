"""Where a question is about: a municipality, and the regions that the service covers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from api.catalogue.tables import Municipality, Region


@dataclass(frozen=True)
class Area:
    """A municipality when one is known, and the regions it lies in; without one, every region we cover."""

    municipality: Municipality | None
    regions: Sequence[Region]


def find_municipality(session: Session, name: str | None) -> Municipality | None:
    """The municipality with that name (any case)."""
    wanted = name.strip().casefold() if name else ""
    # Databases fold å, ä and ö differently, and an answer asks more than once: names only, then the one row.
    every = session.execute(select(Municipality.id, Municipality.name)) if wanted else ()
    number = next((number for number, name in every if name.casefold() == wanted), None)
    return None if number is None else session.get(Municipality, number)


def area_of(session: Session, place: str | None) -> Area:
    """The area that a municipality's name (any case) stands for; the whole of what we cover when it is none of ours."""
    municipality = find_municipality(session, place)
    regions = session.scalars(select(Region).order_by(Region.code)).all()
    if municipality is not None:
        # The first two digits of a municipality's code are its region's.
        regions = [region for region in regions if region.code == municipality.code[:2]]
    return Area(municipality, regions)

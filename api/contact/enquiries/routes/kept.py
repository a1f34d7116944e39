"""How the history of routes is worded."""

from __future__ import annotations

from api.catalogue.tables import Municipality
from api.contact.enquiries.matters import title_of
from api.contact.enquiries.routes.fields import TEXTS
from api.contact.enquiries.tables import EnquiryRoute
from api.staff.kept import Kept, behind

PATH = "/personal/mottagare"


def matter_word(matter: str) -> str:
    """What a matter is called, or that it is any."""
    return title_of(matter) if matter else TEXTS("any_matter")


def place_word(route: EnquiryRoute) -> str:
    """The municipality, or that it is any."""
    return route.municipality.name if route.municipality else TEXTS("any_municipality")


def name_of(route: EnquiryRoute) -> str:
    """What a route is about."""
    return (
        TEXTS("default")
        if route.is_default
        else TEXTS("about", matter=matter_word(route.matter), place=place_word(route))
    )


KEPT = (
    Kept(
        model=EnquiryRoute,
        texts=TEXTS,
        title=name_of,
        address=lambda row: f"{PATH}/{row.id}",
        words={
            "municipality_id": behind(Municipality, lambda place: place.name),
            "matter": lambda _, value: matter_word(value),
        },
    ),
)

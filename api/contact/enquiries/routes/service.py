"""What staff see of the routes, and what a form may say."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from api.catalogue.tables import Municipality
from api.contact.enquiries.routes.fields import TEXTS
from api.contact.enquiries.routes.kept import place_word
from api.contact.enquiries.tables import MATTERS, EnquiryRoute
from api.privacy.people import name_in
from api.staff.editing.sending import Question

Values = Mapping[str, Any]  # Any: columns' values


def routes(session: Session) -> list[EnquiryRoute]:
    """Every route in the order in which they win: by matter, in it by municipality, the default last."""
    order = {matter: place for place, matter in enumerate((*MATTERS, ""))}
    return sorted(
        session.scalars(select(EnquiryRoute)),
        key=lambda one: (order.get(one.matter, 99), one.municipality_id is None, place_word(one)),
    )


def errors(session: Session, values: Values, row: EnquiryRoute | None) -> dict[str, str]:
    """What is wrong with the values beside other rows, by field."""
    if "matter" not in values or "municipality_id" not in values:
        return {}
    number = values["municipality_id"]
    if number is not None and session.get(Municipality, number) is None:
        return {"municipality_id": TEXTS("wrong_municipality")}
    if not values["matter"] and number is None:
        return {"matter": TEXTS("wrong_both_any")}
    same = select(EnquiryRoute.id).where(
        EnquiryRoute.matter == values["matter"], EnquiryRoute.municipality_id.is_not_distinct_from(number)
    )
    if session.scalar(same.where(EnquiryRoute.id != row.id) if row else same) is not None:
        return {"matter": TEXTS("wrong_taken")}
    return {}


def questions(values: Values) -> Iterator[Question]:
    """What looks like somebody's name where a function belongs."""
    for field in ("function", "email"):
        if words := name_in(values.get(field) or ""):
            yield Question(field, values[field], TEXTS("ask_name", name=words))

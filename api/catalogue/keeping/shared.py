"""What the pages of this folder share: numbers in addresses, and where one came from."""

from __future__ import annotations

from typing import Annotated

from fastapi import Path

from api.catalogue.keeping.listing_form import PATH
from api.staff.addresses import onward

Number = Annotated[int, Path(ge=1, le=2**31 - 1)]
"""The number of a row in an address."""
OCCASION = PATH + "/tillfalle"


def course_address(course_id: int) -> str:
    """The page of a course."""
    return f"{PATH}/{course_id}"


def occasion_address(occasion_id: int) -> str:
    """The page of an occasion."""
    return f"{OCCASION}/{occasion_id}"


def back_to(here: str, otherwise: str) -> str:
    """The page to come back to after a click: where it was made, if that is one of ours."""
    return onward(here) if here else otherwise

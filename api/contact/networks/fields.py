"""The fields of a network, as staff write them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import partial
from typing import Any

from api.cells import bad, boolean, https_url, integer, line_text, long_text, swedish_date
from api.contact.networks.tables import NETWORK_STATUSES
from api.privacy.people import without_personal_numbers as safe
from api.staff.editing.fields import Field, one_of
from api.texts import Texts

TEXTS = Texts.beside(__file__)
_FIRST_YEAR, _LAST_YEAR = 1990, 2100


def _year(text: str) -> int | None:
    year = integer(text)
    if year is not None and not _FIRST_YEAR <= year <= _LAST_YEAR:
        raise bad("cell_integer_range", first=_FIRST_YEAR, last=_LAST_YEAR)
    return year


FIELDS = (
    Field("name", safe(partial(line_text, limit=120)), required=True),
    Field("about", safe(partial(long_text, limit=1500)), required=True),
    Field("for_whom", safe(partial(long_text, limit=600)), required=True),
    Field("region", safe(partial(line_text, limit=120)), required=True),
    Field("behind", safe(partial(long_text, limit=600))),
    Field("how_often", safe(partial(line_text, limit=200))),
    Field("next_meeting", safe(partial(line_text, limit=200))),
    Field("source_title", safe(partial(line_text, limit=200))),
    Field("source_url", partial(https_url, limit=500)),
    Field("source_year", _year),
    Field("checked_on", swedish_date),
    Field("status", one_of(NETWORK_STATUSES)),
    Field("example", boolean),
)

LABELS = {one.name: TEXTS(f"network_{one.name}") for one in FIELDS}
STATUSES = tuple((status, TEXTS(f"status_{status}")) for status in NETWORK_STATUSES)


def wrong_together(values: Mapping[str, Any], today: date) -> dict[str, str]:  # Any: columns' values
    """What the values say against each other, by field. What is shown as fact needs its source."""
    wrong: dict[str, str] = {}
    if values.get("status") != "draft" and values.get("example") is False and values.get("source_title") == "":
        wrong["source_title"] = TEXTS("wrong_source")
    if values.get("checked_on") and values["checked_on"] > today:
        wrong["checked_on"] = TEXTS("wrong_checked_later")
    return wrong

"""The fields of a company that receives, as staff write them."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

from api.cells import bad, boolean, email, integer, line_text, long_text, phone
from api.contact.hosts.tables import HOST_STATUSES, STEP_FREE
from api.privacy.people import without_personal_numbers as safe
from api.staff.editing.fields import Field, one_of
from api.texts import Texts

TEXTS = Texts.beside(__file__)

RECEIVES = ("prao", "apl", "study_visit")
_MOST_PLACES = 500


def _number(text: str) -> int | None:
    """The id that a choice in a list stands for."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None


def _places(text: str) -> int | None:
    number = integer(text)
    if number is not None and not 1 <= number <= _MOST_PLACES:
        raise bad("cell_integer_range", first=1, last=_MOST_PLACES)
    return number


FIELDS = (
    Field("name", safe(partial(line_text, limit=120)), required=True),
    Field("municipality_id", _number, required=True),
    Field("does", safe(partial(long_text, limit=600)), required=True),
    *(Field(name, boolean) for name in RECEIVES),
    Field("pupils_do", safe(partial(long_text, limit=1000))),
    Field("places", _places),
    Field("periods", safe(partial(line_text, limit=200))),
    Field("step_free", one_of(STEP_FREE)),
    Field("access_note", safe(partial(line_text, limit=300))),
    Field("contact", safe(partial(line_text, limit=120))),
    Field("email", safe(partial(email, limit=120))),
    Field("phone", safe(partial(phone, limit=30))),
    Field("status", one_of(HOST_STATUSES)),
    Field("example", boolean),
)

LABELS = {one.name: TEXTS(f"receiving_company_{one.name}") for one in FIELDS}
STATUSES = tuple((status, TEXTS(f"status_{status}")) for status in HOST_STATUSES)
ACCESS = tuple((value, TEXTS(f"step_free_{value}")) for value in STEP_FREE)


def wrong_together(values: Mapping[str, Any]) -> dict[str, str]:  # Any: columns' values
    """What the values say against each other, by field. A draft may be unfinished."""
    if values.get("status") != "published":
        return {}
    wrong: dict[str, str] = {}
    if not any(values.get(name) for name in RECEIVES):
        wrong["prao"] = TEXTS("wrong_receives")
    if values.get("prao") and values.get("pupils_do") == "":
        wrong["pupils_do"] = TEXTS("wrong_pupils_do")
    return wrong

"""The fields of a node and of a municipality, as staff write them."""

from __future__ import annotations

import re
from functools import partial
from typing import Any

from api.cells import bad, boolean, decimal, email, line_text, long_text, phone
from api.guidance.keeping.known_names import known_name
from api.privacy.people import without_personal_numbers as safe
from api.staff.editing.fields import Field, lines_of
from api.texts import Texts

TEXTS = Texts.beside(__file__)

LATITUDES, LONGITUDES = (55.0, 70.0), (10.0, 25.0)
"""Sweden, in degrees of WGS84."""

_CODE = re.compile("[0-9]{4}")
_CONCEPT = re.compile(r"\w{4}_\w{3}_\w{3}", re.ASCII)


def _number(text: str) -> int | None:
    """The id that a choice in a list stands for."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None


def _code(text: str) -> str:
    if not _CODE.fullmatch(text.strip()):
        raise bad("cell_municipality_code")
    return text.strip()


def _concept(text: str) -> str:
    if not _CONCEPT.fullmatch(text.strip()):
        raise bad("cell_concept_id")
    return text.strip()


def _degrees(value: Any) -> str:  # Any: a column's value
    """With a comma, as the field's help has it."""
    return "" if value is None else str(value).replace(".", ",")


_POSITION = (
    Field("lat", partial(decimal, first=LATITUDES[0], last=LATITUDES[1]), required=True, show=_degrees),
    Field("lon", partial(decimal, first=LONGITUDES[0], last=LONGITUDES[1]), required=True, show=_degrees),
)

NODE = (
    Field("name", safe(partial(line_text, limit=120)), required=True),
    Field("town", safe(partial(line_text, limit=60)), required=True),
    Field("municipality_id", _number, required=True),
    Field("street", safe(partial(line_text, limit=120))),
    Field("phone", safe(partial(phone, limit=30)), required=True),
    Field("email", safe(partial(email, limit=120)), required=True),
    Field("opening_hours", safe(partial(line_text, limit=200)), required=True),
    Field("profile", safe(partial(long_text, limit=1500)), required=True),
    Field("equipment", safe(partial(long_text, limit=1500)), required=True),
    *_POSITION,
    Field("example", boolean),
)

_NAMES = lines_of(lambda line: known_name(line_text(line, limit=60)))

MUNICIPALITY = (Field("aliases", _NAMES), Field("misspellings", _NAMES), *_POSITION)
"""What staff may change of a municipality: its name and its codes are official."""

NEW_MUNICIPALITY = (
    Field("name", safe(partial(line_text, limit=60)), required=True),
    Field("code", _code, required=True),
    Field("concept_id", _concept, required=True),
    *MUNICIPALITY,
)

NODE_LABELS = {one.name: TEXTS(f"node_{one.name}") for one in NODE}
MUNICIPALITY_LABELS = {one.name: TEXTS(f"municipality_{one.name}") for one in NEW_MUNICIPALITY}

"""The fields of a counsellor that staff keep; when somebody can be booked belongs elsewhere."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import partial
from typing import Any

from api.cells import boolean, email, line_text, phone
from api.privacy.people import name_in
from api.privacy.people import without_personal_numbers as safe
from api.staff.editing.fields import Field
from api.staff.editing.sending import Question
from api.texts import Texts

TEXTS = Texts.beside(__file__)
PATH = "/personal/orter/vagledare"


def _number(text: str) -> int | None:
    """The id that a choice in a list stands for."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None


FIELDS = (
    Field("node_id", _number, required=True),
    Field("title", safe(partial(line_text, limit=120)), required=True),
    Field("email", safe(partial(email, limit=254)), required=True),
    Field("phone", safe(partial(phone, limit=40)), required=True),
    Field("active", boolean),
    Field("example", boolean),
)
LABELS = {one.name: TEXTS(f"counsellor_{one.name}") for one in FIELDS}


def questions(values: Mapping[str, Any], town: str) -> Iterator[Question]:  # Any: columns' values
    """A question about each text that seems to name somebody."""
    for field in ("title", "email"):
        if words := name_in(values.get(field) or ""):
            sentence = TEXTS("ask_name", label=LABELS[field], words=words, town=town)
            yield Question(field, values[field], sentence)

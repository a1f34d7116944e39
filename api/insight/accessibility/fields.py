"""The fields of the statement and of what is not accessible, as staff write them, and of the form for everybody."""

from __future__ import annotations

from functools import partial

from api.cells import bad, boolean, line_text, long_text, swedish_date
from api.contact.enquiries import parsing
from api.privacy.people import without_personal_numbers as safe
from api.staff.editing.fields import Field, one_of
from api.texts import Texts

TEXTS = Texts.beside(__file__)

COMPLIANCE = [(value, TEXTS(f"compliance_{value}")) for value in ("fully", "partly", "not")]
REASONS = [(value, TEXTS(f"reason_{value}")) for value in ("gap", "burden", "outside")]

_LONG = safe(partial(long_text, limit=2000))

STATEMENT = (
    Field("compliance", one_of(value for value, _ in COMPLIANCE), required=True),
    Field("instead", _LONG, required=True),
    Field("method", _LONG, required=True),
    Field("assessed_on", swedish_date, required=True),
    Field("reviewed_on", swedish_date, required=True),
    Field("example", boolean),
)
GAP = (
    Field("title", safe(partial(line_text, limit=120)), required=True),
    Field("about", _LONG, required=True),
    Field("reason", one_of(value for value, _ in REASONS), required=True),
    Field("why", _LONG, required=True),
    Field("instead", _LONG, required=True),
    Field("fixed_by", safe(partial(line_text, limit=120))),
    Field("example", boolean),
)

MESSAGE_LIMIT = 1000


def _contact(text: str) -> object:
    found = parsing.contact(text)
    if found is None:
        raise bad("cell_required")
    return found


FEEDBACK = (
    Field("message", partial(parsing.message, limit=MESSAGE_LIMIT), required=True),
    Field("page", partial(parsing.words, limit=200)),
    Field("aid", partial(parsing.words, limit=200)),
    Field("name", parsing.person),
    Field("contact", _contact, required=True),
)
"""What somebody who meets a hindrance is asked; contact, because the law promises an answer."""

STATEMENT_LABELS = {one.name: TEXTS(f"accessibility_statement_{one.name}") for one in STATEMENT}
GAP_LABELS = {one.name: TEXTS(f"accessibility_gap_{one.name}") for one in GAP}
FEEDBACK_LABELS = {one.name: TEXTS(f"ask_{one.name}") for one in FEEDBACK}

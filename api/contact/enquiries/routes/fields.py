"""The fields of a route, as staff write them."""

from __future__ import annotations

from functools import partial

from api.cells import bad, email, line_text
from api.contact.enquiries.tables import MATTERS
from api.privacy.people import without_personal_numbers as safe
from api.staff.editing.fields import Field, one_of
from api.texts import Texts

TEXTS = Texts.beside(__file__)


def _number(text: str) -> int | None:
    """The id that a choice in a list stands for; None for any municipality."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None


def _mailbox(text: str) -> str:
    address = email(text, limit=254)
    if not address.isascii():  # no mail server takes it
        raise bad("cell_email")
    return address


RECIPIENT = (
    Field("function", safe(partial(line_text, limit=120)), required=True),
    Field("email", safe(_mailbox), required=True),
)
"""All that may be changed of the default."""

FIELDS = (Field("matter", one_of(("", *MATTERS))), Field("municipality_id", _number), *RECIPIENT)

LABELS = {one.name: TEXTS(f"enquiry_route_{one.name}") for one in FIELDS}

"""What must not be stored or passed on: personal numbers are masked, phone numbers and e-mails found. Pure.

The patterns are linear (no nested quantifiers), so a hostile message cannot slow them down.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Literal

ContactKind = Literal["phone", "email"]

PERSONAL_NUMBER_LABEL = "[personnummer]"
CONTACT_LABELS: dict[ContactKind, str] = {"phone": "[telefonnummer]", "email": "[e-postadress]"}

# Day 61–91 is a coordination number (samordningsnummer). The last four may be set off by - + or a blank.
_PERSONAL_NUMBER = re.compile(
    r"(?<!\d)(?:(?:19|20)[ ]?)?\d{2}[ -]?(?:0[1-9]|1[0-2])[ -]?(?:0[1-9]|[12]\d|3[01]|6[1-9]|[78]\d|9[01])"
    r"[ ]?[-+–]?[ ]?\d{4}(?!\d)"
)
_EMAIL = re.compile(r"[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{2,63}){1,4}")
_PHONE = re.compile(r"(?<![\w-])(?:\+|00)?\(?\d[\d()/ –-]{5,20}\d(?![\w-])")
_ISO_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")


def mask_personal_numbers(text: str) -> str:
    """`text` with Swedish personal and coordination numbers replaced by a label, checksum right or wrong."""
    return _PERSONAL_NUMBER.sub(PERSONAL_NUMBER_LABEL, text)


def replace_contacts(text: str, replacement: Callable[[ContactKind, str], str]) -> str:
    """`text` with each phone number and e-mail address replaced by `replacement(kind, normalised value)`."""
    text = _EMAIL.sub(lambda match: replacement("email", match[0].strip(".").lower()), text)
    return _PHONE.sub(lambda match: _phone(match, replacement), text)


def mask_contact(kind: str, value: str) -> str:
    """Enough of a contact for its owner to recognise it: `•••• 67`, `s•••@example.org`."""
    if kind == "email":
        local, _, domain = value.partition("@")
        return f"{local[:1]}•••@{domain}"
    return f"•••• {value[-2:]}"


def _phone(match: re.Match[str], replacement: Callable[[ContactKind, str], str]) -> str:
    found = match[0]
    digits = re.sub(r"\D", "", found)
    starts_like_a_phone = found.lstrip("(").startswith(("+", "0"))
    if not starts_like_a_phone or not 8 <= len(digits) <= 15 or _ISO_DATE.search(found):
        return found
    return replacement("phone", ("+" if found.startswith("+") else "") + digits)

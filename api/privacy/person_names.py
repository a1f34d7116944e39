"""The name that a person gives when they book, sign up or ask. Pure."""

from __future__ import annotations

import re
import unicodedata

from api.privacy.contacts import CONTACT_TOKEN
from api.privacy.errors import NameInvalid

_LONGEST_NAME = 80
_REFUSED_CATEGORIES = ("Cc", "Cs", "Zl", "Zp")
# Marks that turn the direction of text: they could make a mail read otherwise than it is written.
_DIRECTION_MARKS = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
# What a mail program would turn into a link. Our mails go to an address that anybody may have typed, so a name that is
# an address would let strangers advertise through us. "J. R. Öst" has its dots before spaces.
_ADDRESS = re.compile(r"://|@|www\.|\.\w{2,}", re.IGNORECASE)


def clean_name(name: str) -> str:
    """The name to address a person by; a nickname will do.

    NameInvalid unless 1–80 characters with a letter among them, on one line, without control characters, without a
    contact's token and without anything that looks like an address.
    """
    name = name.strip(" ")
    refused = any(unicodedata.category(c) in _REFUSED_CATEGORIES or c in _DIRECTION_MARKS for c in name)
    name = name.strip()
    if refused or not 1 <= len(name) <= _LONGEST_NAME or not any(c.isalpha() for c in name):
        raise NameInvalid
    # Wide forms (＠, ．) count as what they look like.
    if CONTACT_TOKEN.search(name) or _ADDRESS.search(unicodedata.normalize("NFKC", name)):
        raise NameInvalid
    return name

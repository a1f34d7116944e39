"""Names, codes and links: what a booking needs to know of a person, and what it gives them. Pure but for chance."""

from __future__ import annotations

import hashlib
import re
import secrets
import unicodedata

from api.booking.errors import NameInvalid
from api.privacy.contacts import CONTACT_TOKEN

_LONGEST_NAME = 80
_REFUSED_CATEGORIES = ("Cc", "Cs", "Zl", "Zp")
# Marks that turn the direction of text: they could make a mail read otherwise than it is written.
_DIRECTION_MARKS = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
# What a mail program would turn into a link. Our mails go to an address that anybody may have typed, so a name that is
# an address would let strangers advertise through us. "J. R. Öst" has its dots before spaces.
_ADDRESS = re.compile(r"://|@|www\.|\.\w{2,}", re.IGNORECASE)
# Without 0/O, 1/I/L, 5/S, 8/B, 2/Z: read aloud and copied by hand without mistakes.
_CODE_ALPHABET = "34679ACDEFGHJKMNPQRTUVWXY"
_CODE_LENGTH = 5


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


def new_reference() -> str:
    """A code like `IV-7K3MX` that people can read out on the phone."""
    return "IV-" + "".join(secrets.choice(_CODE_ALPHABET) for _ in range(_CODE_LENGTH))


def new_link_token() -> str:
    """128 random bits for a secret link."""
    return secrets.token_urlsafe(16)


def hash_token(token: str) -> str:
    """What is stored of a link's token."""
    return hashlib.sha256(token.encode()).hexdigest()


def request_digest(*parts: object) -> str:
    """Tells a repeated request from another one with the same key. The opaque contact token among `parts` keeps it
    from being turned back into a name."""
    return hashlib.sha256("\x1f".join(map(str, parts)).encode()).hexdigest()

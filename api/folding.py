"""Words as they are compared: without case, diacritics and signs, because people write "lan" for "lån". Pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Container
from itertools import count

_MARKS = re.compile(r"[\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]")
"""What stands over and under Latin letters, after normalisation."""


def folded_words(text: str) -> list[str]:
    """The words of a text in lower case without diacritics. What is not written in Latin letters is left out."""
    plain = _MARKS.sub("", unicodedata.normalize("NFD", text.casefold()))
    return re.findall(r"[a-z0-9]+", plain)


def fold(text: str) -> str:
    """The folded words of a text with single blanks between them."""
    return " ".join(folded_words(text))


def free_slug(text: str, taken: Container[str], *, limit: int, otherwise: str = "") -> str:
    """A name for addresses and files: the folded text with hyphens, with a number after it where that is taken.

    `limit` is the length without the number; `otherwise` stands for a text without Latin letters.
    """
    base = fold(text).replace(" ", "-")[:limit].strip("-") or otherwise
    tries = (base if number == 1 else f"{base}-{number}" for number in count(1))
    return next(slug for slug in tries if slug not in taken)

"""Whether a text may become a training example. Pure: what is known is handed in.

`bot/examples.py` refuses the same texts once more when it reads them.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from api.insight.asked.likeness import plain
from api.insight.examples.tables import LONGEST
from api.privacy.masking import mask_all
from api.privacy.people import name_in
from api.texts import Texts

TEXTS = Texts.beside(__file__)
_BRACKETS = re.compile(r"[\[\]{}<>|\\`]")
_FIRST = re.compile(r"[-/*#>]")
_LONG_NUMBER = re.compile(r"\d{5,}")


def wrong_with(text: str, topic: str, known: Mapping[str, str], titles: Mapping[str, str]) -> str:
    """Why this text cannot be an example of `topic`, as a sentence; empty when it can.

    `known`: plain text → topic of the training phrases and the approved examples. `topic` is empty for a proposal of
    a new one. `titles`: topic → what it is called.
    """
    if not plain(text):
        return TEXTS("wrong_empty")
    if len(text) > LONGEST:
        return TEXTS("wrong_long", limit=LONGEST)
    if not text.isprintable():  # a line break too
        return TEXTS("wrong_lines")
    if _BRACKETS.search(text):
        return TEXTS("wrong_brackets")
    if _FIRST.match(text):
        return TEXTS("wrong_beginning", sign=text[0])
    if _LONG_NUMBER.search(text) or "@" in text or mask_all(text) != text:
        return TEXTS("wrong_contact")
    other = known.get(plain(text))
    if other is None or not topic:
        return ""
    return TEXTS("wrong_known") if other == topic else TEXTS("wrong_conflict", topic=titles.get(other, other))


def doubtful_name(text: str) -> str:
    """Words that look like somebody's name; empty when none do."""
    return name_in(text) or ""

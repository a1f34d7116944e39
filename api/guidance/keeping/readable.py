"""How hard what staff write is to read, as a number and in a word. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from api.readability import EASY_LIMIT, STANDARD_LIMIT, lix
from api.texts import Texts

_TEXTS = Texts.beside(__file__)

_LIGHT, _HEAVY = 30.0, 40.0
"""Below the first a text is light, from the second on it is heavy (Björnsson's scale)."""


@dataclass(frozen=True)
class Readable:
    """LIX as a whole number (0 for no text), what it means, and whether it is over the limit for this wording."""

    lix: int
    word: str
    limit: int
    over: bool


def readable(text: str, *, easy: bool) -> Readable:
    """How hard a text in standard or easy Swedish is."""
    value, limit = lix(text), EASY_LIMIT if easy else STANDARD_LIMIT
    word = _TEXTS("lix_light" if value < _LIGHT else "lix_medium" if value < _HEAVY else "lix_heavy")
    return Readable(int(value), word if value else "", int(limit), value >= limit)


def measured(texts: Mapping[str, str], standard: Iterable[str], easy: Iterable[str]) -> dict[str, Readable]:
    """Field → how hard its text is; the fields in standard and in easy Swedish by name."""
    found = {name: readable(texts[name], easy=False) for name in standard}
    return found | {name: readable(texts[name], easy=True) for name in easy}

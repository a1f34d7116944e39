"""How hard a Swedish text is to read, as LIX (Carl-Hugo Björnsson's readability index, 1968). Pure."""

from __future__ import annotations

import re

STANDARD_LIMIT = 40.0
"""Texts for everyone stay under this: 30–40 is what fiction and magazines have."""

EASY_LIMIT = 25.0
"""Texts in easy Swedish stay under this: children's books have less than 30."""

_LONG = 6
_WORD = re.compile(r"[^\W_]+(?:[-.:/’'][^\W_]+)*")
_SENTENCE_END = re.compile(r"[.!?:…]+[”\")]*(?=\s|$)|\n")


def lix(text: str) -> float:
    """Words per sentence plus the percentage of words of more than six letters; 0 for a text without words.

    A sentence ends with `.`, `!`, `?`, `…` or `:` before a blank, and at every line break. "CNC-operatör", "8.00" and
    "scb.se/lon" are one word each, and only letters count towards a word's length.
    """
    words = _WORD.findall(text)
    if not words:
        return 0.0
    sentences = sum(1 for part in _SENTENCE_END.split(text) if _WORD.search(part))
    long_words = sum(1 for word in words if sum(map(str.isalpha, word)) > _LONG)
    return len(words) / sentences + 100 * long_words / len(words)

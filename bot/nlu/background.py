"""Which of several occupations a message is about: "jag är montör och vill bli svetsare" is about svetsare. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from bot.nlu.gazetteer import Found
from bot.nlu.text import words_of

_OCCUPATION = "occupation"
_BETWEEN = r"(?: \w+){0,2}"
"""Up to two words may stand between: "jag är utbildad industriell svetsare"."""


class Background:
    """`patterns` are regular expressions over folded text that stand shortly before what somebody already is."""

    def __init__(self, patterns: Iterable[str]) -> None:
        self._before = re.compile(rf"\b(?:{'|'.join(patterns)}){_BETWEEN}$")

    def without(self, text: str, found: Sequence[Found]) -> list[Found]:
        """`found` without the occupations that somebody has or had, when another one is named as well."""
        had = [f for f in found if f.entity == _OCCUPATION and self._is_had(text, f)]
        others = {f.value for f in found if f.entity == _OCCUPATION and f not in had}
        return [f for f in found if not (others and f in had)]

    def _is_had(self, text: str, found: Found) -> bool:
        clause = re.split(r"[,.!?\n]", text[: found.start])[-1]
        words = [word.folded for word in words_of(clause)]
        return not {"bli", "till"} & set(words[-3:]) and bool(self._before.search(" ".join(words)))

"""Words of acute crisis in a message: then a person's help comes before any topic. Pure.

Better once too often than once too seldom; yet "jag vill inte leva på bidrag" is about money.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from bot.nlu.text import fold


class DistressWords:
    """`patterns` are regular expressions over folded text (`words.yml`)."""

    def __init__(self, patterns: Iterable[str]) -> None:
        self._pattern = re.compile("|".join(rf"\b(?:{pattern})" for pattern in patterns))

    def are_in(self, text: str) -> bool:
        """Whether the message speaks of wanting to die, of hurting oneself, of being beaten or threatened, or
        says nothing but that one feels bad."""
        return bool(self._pattern.search(" ".join(fold(text).split())))

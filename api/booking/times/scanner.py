"""A line of symbols that patterns take their part of, so that what nobody understood is left over. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

NUMBER = r"(?:\d{1,2}|en|ett)"
_TAKEN = "~"


class Scanner:
    """The symbols not taken yet, with a blank on each side. A pattern matches whole symbols only."""

    def __init__(self, line: str) -> None:
        self.line = f" {line} "

    def take(self, pattern: str) -> Iterator[re.Match[str]]:
        """Each match of the pattern, taken out of the line."""
        whole = re.compile(rf"(?<= ){pattern}(?= )")
        while match := whole.search(self.line):
            self.line = f"{self.line[: match.start()]}{_TAKEN}{self.line[match.end() :]}"
            yield match

    def change(self, pattern: str, made: Callable[[re.Match[str]], str | None]) -> None:
        """Put what `made` makes of each match in its place; None leaves the match as it is."""
        self.line = re.sub(rf"(?<= ){pattern}(?= )", lambda match: made(match) or match[0], self.line)

    def has(self, pattern: str) -> bool:
        return re.search(rf"(?<= ){pattern}(?= )", self.line) is not None

    @property
    def left(self) -> list[str]:
        """The symbols that no pattern took."""
        return [word for word in self.line.split() if word not in {_TAKEN, ",", "-"}]


def number(word: str) -> int:
    """The value of what `NUMBER` matches."""
    return int(word) if word.isdecimal() else 1

"""Folding of Swedish text so that careless spelling compares equal. Pure."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

_WORD = re.compile(r"\w+(?:[-’'/]\w+)*", re.UNICODE)


@dataclass(frozen=True)
class Word:
    """A word of a message: its folded form and where it stands (character offsets)."""

    folded: str
    start: int
    end: int


def fold(text: str) -> str:
    """Lower case without diacritics: `Säffle` → `saffle`."""
    decomposed = unicodedata.normalize("NFD", text.casefold())
    return "".join(char for char in decomposed if not unicodedata.combining(char))


def words_of(text: str) -> list[Word]:
    """The words of a text, folded. Hyphens are dropped, so that `CNC-operatör` and `cncoperator` compare equal."""
    return [Word(re.sub(r"[^\w]", "", fold(match[0])), match.start(), match.end()) for match in _WORD.finditer(text)]


def load_words() -> dict[str, Any]:
    """`words.yml`."""
    words: dict[str, Any] = yaml.safe_load(Path(__file__).with_name("words.yml").read_text("utf-8"))
    return words

"""Words in a message that change how the talk goes on rather than ask something. Pure: text in, wish out."""

from __future__ import annotations

import re
import unicodedata
from pathlib import Path
from typing import Any

import yaml

_WORDS: dict[str, Any] = yaml.safe_load(Path(__file__).with_name("words.yml").read_text("utf-8"))  # Any: YAML
_WIDER = {"place": _WORDS["everywhere"], "occupation": _WORDS["every_occupation"]}
_SHORT = 8
_BARE = 5


def made_wider(text: str) -> frozenset[str]:
    """What of `place` and `occupation` no longer matters: "och i hela Värmland?" → {place}."""
    spoken = _spoken(text)
    return frozenset(name for name, phrases in _WIDER.items() if any(f" {phrase} " in spoken for phrase in phrases))


def only_makes_wider(text: str) -> bool:
    """Whether a message says nothing else: "alla orter" is the question before, asked more widely."""
    return len(_spoken(text).split()) <= _BARE and bool(made_wider(text))


def wants_ordinary_swedish(text: str) -> bool:
    """Whether a short message asks to have done with easy Swedish."""
    spoken = _spoken(text)
    return len(spoken.split()) <= _SHORT and any(f" {phrase} " in spoken for phrase in _WORDS["ordinary_swedish"])


def _spoken(text: str) -> str:
    """The words in lower case without diacritics, with a blank on each side."""
    plain = unicodedata.normalize("NFD", text.casefold())
    return f" {' '.join(re.findall(r'[a-z0-9]+', ''.join(c for c in plain if not unicodedata.combining(c))))} "

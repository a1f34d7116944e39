"""Words in a message that change how the talk goes on rather than ask something. Pure: text in, wish out."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import yaml

_WORDS: dict[str, Any] = yaml.safe_load(Path(__file__).with_name("words.yml").read_text("utf-8"))  # Any: YAML
_WIDER = {"place": _WORDS["everywhere"], "occupation": _WORDS["every_occupation"]}
_SHORT = 8
_FILLERS = frozenset(_WORDS["fillers"])


def made_wider(text: str) -> frozenset[str]:
    """What of `place` and `occupation` no longer matters: "och i hela Värmland?" → {place}."""
    spoken = _spoken(text)
    return frozenset(name for name, phrases in _WIDER.items() if any(f" {phrase} " in spoken for phrase in phrases))


def only_makes_wider(text: str) -> bool:
    """Whether a message says nothing else: "och i alla orter då?" is the question before, asked more widely.

    "Är alla utbildningar gratis?" is a question of its own.
    """
    return _says_only(text, [*_WORDS["everywhere"], *_WORDS["every_occupation"]])


def speaks_of_language(text: str) -> bool:
    """Whether a message is about how the assistant writes: "enklare ord tack", "jag förstår inte"."""
    spoken = _spoken(text)
    return any(f" {phrase}" in spoken for phrase in _WORDS["about_language"])


def wants_ordinary_swedish(text: str) -> bool:
    """Whether a short message asks to have done with easy Swedish. "Får jag lön som vanligt?" does not."""
    spoken = _spoken(text)
    if len(spoken.split()) > _SHORT:
        return False
    said = any(f" {phrase} " in spoken for phrase in _WORDS["ordinary_swedish"])
    return said or _says_only(text, _WORDS["ordinary_swedish_alone"])


def _says_only(text: str, phrases: Sequence[str]) -> bool:
    """Whether the text is one or more of `phrases` and words around them that say nothing."""
    spoken = _spoken(text)
    rest = spoken
    for phrase in sorted(phrases, key=len, reverse=True):
        rest = rest.replace(f" {phrase} ", "  ")
    return rest != spoken and _FILLERS.issuperset(rest.split())


def _spoken(text: str) -> str:
    """The words in lower case without diacritics, with a blank on each side."""
    plain = unicodedata.normalize("NFD", text.casefold())
    return f" {' '.join(re.findall(r'[a-z0-9]+', ''.join(c for c in plain if not unicodedata.combining(c))))} "

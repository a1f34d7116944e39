"""The words of the grammar: a typed text as symbols, with slips of the pen in names of days and months mended. Pure.

The result is one string: symbols in capitals, days of the week as `WD3` (`WDS3` for "torsdagar"), months as `MON12`,
number words as figures, everything else as folded words.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from api.booking.times.spelling import nearest_name

_WORDS: dict[str, Any] = yaml.safe_load(Path(__file__).with_name("words.yml").read_text("utf-8"))  # Any: YAML
_DASHES = re.compile("[\u2010-\u2015\u2212]")


def symbols(text: str) -> str:
    """The text in the grammar's own language: "på torsdag efter lunch" → "pa WD3 AFTERNOON"."""
    words = _tokens(text)
    found: list[str] = []
    at = 0
    while at < len(words):
        length, symbol = _longest(words, at)
        found.append(symbol)
        at += length
    return " ".join(found)


@cache
def fillers() -> frozenset[str]:
    """Words that say nothing about when, folded."""
    return frozenset(_fold(word) for word in _WORDS["fillers"])


def _tokens(text: str) -> list[str]:
    """Words, numbers, clock times, dates and dashes, folded; short names that need their dots as symbols already."""
    plain = _DASHES.sub("-", unicodedata.normalize("NFC", text.casefold())).replace("\u200c", " ")
    for short, day in _WORDS["dotted_weekdays"].items():
        plain = re.sub(rf"\b{short}\b\.?", f" \x00{day} ", plain)
    plain = re.sub(r"(\d)(?: ?: ?[ea]|[ea])(?:n|ns)?\b", r"\1:e", _fold(plain))
    plain = re.sub(r"(?<=\d),(?=\d\d\b)", ".", plain)
    plain = re.sub(r"\b(v|kl|klockan)\.?(?=\d)", r"\1 ", plain)  # v48, kl.9
    plain = re.sub(r"(\d)(am|pm)\b", r"\1 \2", plain)
    found = re.findall(
        r"\x00\d|\d{4}-\d\d?-\d\d?|\d{1,2}/\d{1,2}(?:[/-]\d{2,4})?|\d{1,2}[.:]\d{1,2}(?!\d)|\d+:e|\d+|[^\W\d_]+|[-,]",
        plain,
    )
    return [f"WD{token[1]}" if token[0] == "\x00" else token for token in found]


def _longest(words: list[str], at: int) -> tuple[int, str]:
    """How many words from `at` on are one phrase, and the symbol for it."""
    phrases = _phrases()
    for length in range(min(_longest_phrase(), len(words) - at), 0, -1):
        symbol = phrases.get(" ".join(words[at : at + length]))
        if symbol:
            return length, symbol
    return 1, _mended(words[at]) or words[at]


@cache
def _phrases() -> Mapping[str, str]:
    found: dict[str, str] = {}
    groups: Iterable[tuple[str, list[str]]] = [
        *_WORDS["symbols"].items(),
        *((f"WD{number}", names) for number, names in enumerate(_WORDS["weekdays"])),
        *((f"WDS{number}", names) for number, names in enumerate(_WORDS["weekdays_plural"])),
        *((f"MON{number}", names) for number, names in enumerate(_WORDS["months"], 1)),
        *((str(number), [name]) for name, number in _WORDS["numbers"].items() if name != "ett"),
        *((f"ORD{number}", [name]) for name, number in _WORDS["ordinals"].items()),
    ]
    for symbol, names in groups:
        for name in names:
            # A short month's name that is another word ("jul") is told apart by the number beside it, in `days.py`.
            found.setdefault(_fold(name), symbol)
    return found


@cache
def _longest_phrase() -> int:
    return max(len(phrase.split()) for phrase in _phrases())


@cache
def _mended(word: str) -> str | None:
    """The day or month whose name is nearest to `word` and near enough, when no other is as near."""
    return None if word in fillers() else nearest_name(word, _names())


@cache
def _names() -> Mapping[str, str]:
    return {name: symbol for name, symbol in _phrases().items() if symbol.startswith(("WD", "MON"))}


def _fold(text: str) -> str:
    plain = unicodedata.normalize("NFD", text.casefold().replace("\u200c", " "))
    return "".join(char for char in plain if not unicodedata.combining(char))

"""Languages: the one an interpreter is wanted in, read from what somebody typed, and those of counsellors. Pure."""

from __future__ import annotations

import itertools
import unicodedata
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path

import yaml

from api.booking.times.spelling import nearest_name

COMMON = ("arabiska", "somaliska", "tigrinja", "persiska", "ukrainska")
"""Those with a button of their own; any other can be written."""


def read_language(text: str) -> str | None:
    """The only language that a text names, as it is called in Swedish: "tolk på arabiska" → `arabiska`."""
    names = _names()
    words = "".join(char if char.isalnum() else " " for char in _fold(text)).split()
    pairs = [" ".join(pair) for pair in itertools.pairwise(words)]
    found = {names[word] for word in (*pairs, *words) if word in names}
    if not found:
        found = {name for word in words if (name := nearest_name(word, names))}
    return found.pop() if len(found) == 1 else None


def is_language(name: str) -> bool:
    """Whether it is a name that `read_language` gives."""
    return name in _names().values()


def in_swedish(stored: str) -> str:
    """What a counsellor's language is called: `ar` → `arabiska`. One without a known code stays as it is stored."""
    return _codes().get(stored.strip().casefold()) or _called(stored)


def speaks(stored: Iterable[str], language: str) -> bool:
    """Whether `language`, as somebody named it, is one of a counsellor's languages."""
    return _called(language) in map(in_swedish, stored)


def _called(language: str) -> str:
    return read_language(language) or language.strip().casefold()


@cache
def _codes() -> Mapping[str, str]:
    codes: dict[str, str] = yaml.safe_load(Path(__file__).with_name("language_codes.yml").read_text("utf-8"))
    return codes


@cache
def _names() -> Mapping[str, str]:
    groups = yaml.safe_load(Path(__file__).with_name("languages.yml").read_text("utf-8"))
    return {_fold(spelling): name for name, spellings in groups.items() for spelling in spellings}


def _fold(text: str) -> str:
    plain = unicodedata.normalize("NFD", text.casefold())
    return "".join(char for char in plain if not unicodedata.combining(char))

"""People in what staff write: identity numbers are refused, and what looks like somebody's name is pointed out. Pure.

Pages and chat show functions ("Vägledningen i Karlstad"). A name cannot be told from other words with certainty, so
that it is asked about and never refused.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from api.cells import bad
from api.privacy.masking import mask_personal_numbers, plain_digits

_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
_PATRONYMIC = re.compile(r"\w{2,}sson", re.IGNORECASE)
_MAIL = re.compile(r"([\w.+-]{1,64})@")
"""Bounded, or a long text without an @ would be read from each of its letters to its end."""


def without_personal_numbers(parse: Callable[[str], Any]) -> Callable[[str], Any]:  # Any: what `parse` gives
    """`parse`, but BadCell for text with something like a Swedish identity number in it."""

    def parse_text(text: str) -> Any:
        if mask_personal_numbers(plain_digits(text)) != plain_digits(text):
            raise bad("cell_personal_number")
        return parse(text)

    return parse_text


def name_in(text: str) -> str | None:
    """The words of `text` that look like a person's name, such as `Kim Exempelsson`; None when none do.

    A common first name counts with a capital letter, and so does a surname that ends in -sson. In an e-mail address
    `kim.exempelsson@` counts.
    """
    for local in _MAIL.findall(text):
        parts = re.split(r"[._+-]+", local.casefold())
        if any(part in _first_names() or _PATRONYMIC.fullmatch(part) for part in parts):
            return str(local)
    words = list(_WORD.finditer(text))
    for place, found in enumerate(words):
        word, follower = found[0], words[place + 1] if place + 1 < len(words) else None
        together = follower is not None and text[found.end() : follower.start()] == " " and follower[0][:1].isupper()
        if word[:1].isupper() and any(part in _first_names() for part in word.casefold().split("-")):
            return f"{word} {follower[0]}" if together and follower else word
        if word[:1].isupper() and _PATRONYMIC.fullmatch(word):
            return word
    return None


@cache
def _first_names() -> frozenset[str]:
    names: list[str] = yaml.safe_load(Path(__file__).with_name("first_names.yml").read_text("utf-8"))
    return frozenset(names)

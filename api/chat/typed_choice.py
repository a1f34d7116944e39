"""A typed text that says what stands on a button: the same as pressing it. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

import yaml

from api.catalogue.search import fold
from api.chat.tables import Message

Choice = dict[str, str]
"""An offered button: `{id, title, payload}`."""

_LONGEST = 60
"""Characters; a longer text is no button's title."""
_WORDS: dict[str, str] = {
    fold(word): fold(group[0])
    for group in yaml.safe_load(Path(__file__).with_name("typed_words.yml").read_text("utf-8"))
    for word in group
}


def choice_typed(text: str, latest: Sequence[Message]) -> Choice | None:
    """The button that `text` says, of those in the bot's latest messages (in order); None when it says none.

    A whole title counts wherever it was offered, whatever case and accents. Where the last message asks a question by
    its buttons, so do a button's number, a part of its title ("ja" for "Ja, det går bra") and words that mean the same.
    """
    typed = fold(text) if len(text) <= _LONGEST else ""
    if not typed:
        return None
    for message in reversed(latest):
        if found := _only([choice for choice in message.choices if fold(choice["title"]) == typed]):
            return found
    asked = latest[-1] if latest else None
    if asked is None or asked.kind != "choices":
        return None
    if typed.isdecimal():
        return asked.choices[int(typed) - 1] if 1 <= int(typed) <= len(asked.choices) else None
    return _only([choice for choice in asked.choices if _same(typed) in map(_same, _parts(choice["title"]))])


def _parts(title: str) -> list[str]:
    """The title, and what stands before and after a comma or a bracket in it."""
    return [fold(part) for part in (title, *re.split(r"[,()]", title)) if fold(part)]


def _same(words: str) -> str:
    return _WORDS.get(words, words)


def _only(found: Sequence[Choice]) -> Choice | None:
    """The choice that is found, when what is found is one and the same."""
    return found[0] if found and len({choice["payload"] for choice in found}) == 1 else None

"""A typed text that says what stands on a button: the same as pressing it. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Protocol

import yaml

from api.folding import fold
from api.guidance.job_guide.typed import title_meant

Choice = dict[str, str]
"""An offered button: `{id, title, payload}`."""

_LONGEST = 60
"""Characters; a longer text is no button's title."""
_READ: dict[str, Any] = yaml.safe_load(Path(__file__).with_name("typed_words.yml").read_text("utf-8"))  # Any: YAML
_WORDS: dict[str, str] = {fold(word): fold(group[0]) for group in _READ["same"] for word in group}
_ORDINALS = {fold(word): number for word, number in _READ["ordinals"].items()}
_BEFORE_ORDINAL = frozenset(map(fold, _READ["before_ordinal"]))
_ASKING = frozenset(map(fold, _READ["asking"]))
_SIGN_UP = frozenset(map(fold, _READ["sign_up"]))
_AROUND_SIGN_UP = frozenset(map(fold, _READ["around_sign_up"]))
_BEGINS_FORM = '"asking_kind"'
"""In the payload of a button that signs up for an event."""


class Offering(Protocol):
    """A message of the bot, as far as its buttons go."""

    @property
    def kind(self) -> str: ...

    @property
    def choices(self) -> Sequence[Choice]: ...


def choice_typed(text: str, latest: Sequence[Offering]) -> Choice | None:
    """The button that `text` says, of those in the bot's latest messages (in order); None when it says none.

    A whole title counts wherever it was offered, whatever case and accents. Where the last message asks a question by
    its buttons, so do a button's number, a part of its title ("ja" for "Ja, det går bra") and words that mean the same;
    a question of the job guide knows words of its own ("meka" for "Bygga och laga"). Where events are shown, so does
    "anmäl mig till den första".
    """
    asked = latest[-1] if latest and latest[-1].kind == "choices" else None
    typed = fold(text) if len(text) <= _LONGEST else ""
    if not typed:
        return None
    for message in reversed(latest):
        if found := _only([choice for choice in message.choices if fold(choice["title"]) == typed]):
            return found
    if asked is None:
        return _sign_up_for(typed, latest)
    number = _number(typed)
    if number is not None:
        return asked.choices[number - 1] if 1 <= number <= len(asked.choices) else None
    said = _only([choice for choice in asked.choices if _same(typed) in map(_same, _parts(choice["title"]))])
    if said:
        return said
    meant = title_meant(text, [choice["title"] for choice in asked.choices], _ASKING)
    return next((choice for choice in asked.choices if choice["title"] == meant), None)


def _sign_up_for(typed: str, latest: Sequence[Offering]) -> Choice | None:
    """The button that signs up for one of the events on screen: "anmäl mig till den första", "den andra tack".

    Without a number only where there is one event. What says anything more is left to be understood.
    """
    events = next((message for message in reversed(latest) if message.kind == "events"), None)
    choices = [choice for choice in events.choices if _BEGINS_FORM in choice["payload"]] if events else []
    words = typed.split()
    numbers = [number for word in words if (number := _number(word)) is not None]
    others = [word for word in words if _number(word) is None]
    if not choices or len(numbers) > 1 or not _SIGN_UP.union(_AROUND_SIGN_UP).issuperset(others):
        return None
    if numbers:
        return choices[numbers[0] - 1] if 1 <= numbers[0] <= len(choices) else None
    return choices[0] if len(choices) == 1 and _SIGN_UP.intersection(words) else None


def _number(typed: str) -> int | None:
    """The button's number in order: "2", "nr 2", "den andra", "tvåan"."""
    words = typed.split()
    while len(words) > 1 and words[0] in _BEFORE_ORDINAL:
        words = words[1:]
    if len(words) == 2 and words[1] in {"a", "an"}:  # "1:an"
        words = words[:1]
    if len(words) != 1:
        return None
    return int(words[0]) if words[0].isdecimal() else _ORDINALS.get(words[0])


def _parts(title: str) -> list[str]:
    """The title, and what stands before and after a comma or a bracket in it."""
    return [fold(part) for part in (title, *re.split(r"[,()]", title)) if fold(part)]


def _same(words: str) -> str:
    return _WORDS.get(words, words)


def _only(found: Sequence[Choice]) -> Choice | None:
    """The choice that is found, when what is found is one and the same."""
    return found[0] if found and len({choice["payload"] for choice in found}) == 1 else None

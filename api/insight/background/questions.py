"""The questions about background and their answers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml

AFTER = {"mote": "meeting", "traff": "event", "studiebesok": "visit", "chatt": "chat"}
"""What `?efter=` of the form stands for: the step that somebody has just taken. Nothing else comes with them."""


@dataclass(frozen=True)
class Asked:
    """One question; `answers` are its answers by key, in the order they are shown."""

    key: str
    title: str
    answers: Mapping[str, str]


@cache
def questions() -> tuple[Asked, ...]:
    """Every question, in order."""
    entries = yaml.safe_load(Path(__file__).with_name("questions.yml").read_text("utf-8"))
    return tuple(Asked(**entry) for entry in entries)


def read(form: Mapping[str, str]) -> dict[str, str]:
    """The answers in a form that was sent; what is no answer of ours is left out."""
    return {one.key: form[one.key] for one in questions() if form.get(one.key) in one.answers}

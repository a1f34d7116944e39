"""Typed answers to a form's questions. Pure: a question and a message in; the answer, a refusal or nothing out."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from api.asking.schemas import Heard
from api.asking.script import ELSEWHERE, SKIPPED, Script, Step
from api.folding import fold, folded_words

_WORDS: dict[str, Any] = yaml.safe_load(Path(__file__).with_name("words.yml").read_text("utf-8"))  # Any: YAML
_SHORT = 6
_FEW = 3
"""Words of an answer that can be nothing but "stop" or "no", also where anything may be written."""
_FREE = frozenset({"text"})
_NEVER_ANSWERS = frozenset(_WORDS["never_answers"])
"""Topics that no form asks about: a short message that is certainly about one of them is no answer to anything."""

_ONLY_AS_QUESTIONS = frozenset(_WORDS["only_as_questions"])


@dataclass(frozen=True)
class Answered:
    """What was understood: step → value. Nearly always one; a name may come with a telephone number."""

    values: dict[str, str]


@dataclass(frozen=True)
class Refused:
    """It is meant as an answer, and cannot be one."""


Read = Answered | Refused | None
"""None: the message is about something else."""


def read_answer(step: Step, heard: Heard, municipality: str | None) -> Read:
    """What a typed message says to `step`. `municipality` is the one of ours that it names."""
    if _is_beside(step, heard):
        return None
    if step.optional and _says(heard.text, _WORDS["skip"]):
        return Answered({step.key: SKIPPED})
    return _READERS[step.kind](step, heard, municipality)


def _is_beside(step: Step, heard: Heard) -> bool:
    """Whether a message is certainly about one of the topics that no form asks about.

    A name of a company or a school sounds like anything ("Exempelverkstan"), and a wish may be "ring mig efter fyra":
    there some topics need a question's words. Whoever writes a number with it means it for those who answer.
    """
    if not heard.certain or heard.topic not in _NEVER_ANSWERS.difference(step.takes):
        return False
    if step.kind in _FREE and not is_question(heard) and (heard.contact or heard.topic in _ONLY_AS_QUESTIONS):
        return False
    return len(heard.text.split()) <= _SHORT + _FEW


def stops(step: Step | None, heard: Heard) -> bool:
    """Whether somebody wants to leave the form. Where anything may be written only a few words say so for sure."""
    most = _FEW if step is not None and step.kind in _FREE else _SHORT + _FEW
    return heard.stops and "?" not in heard.text and len(heard.text.split()) <= most


def step_to_change(script: Script, heard: Heard, *, asked: bool) -> str | None:
    """The step that "fel nummer" or, when that was asked, "numret" wants to answer anew."""
    words = folded_words(heard.text)
    if len(words) > _SHORT or not (asked or heard.changes):
        return None
    named = {step.key for step in script.steps for name in (step.label, *step.called) if _holds(heard.text, fold(name))}
    return named.pop() if len(named) == 1 else None


def is_question(heard: Heard) -> bool:
    """Whether the message asks something, by its sign or its first words."""
    spoken = f"{fold(heard.text)} "
    return "?" in heard.text or any(spoken.startswith(f"{word} ") for word in _WORDS["asking"])


def choice_in(step: Step, text: str) -> str | None:
    """The only choice that a text names by its title, a part of it or a word that means it."""
    named = {value for value, title in step.choices.items() if _names(text, [title, *step.also.get(value, ())])}
    return named.pop() if len(named) == 1 else None


def _name(step: Step, heard: Heard, _: str | None) -> Read:
    values = {"contact": heard.contact} if heard.contact else {}
    other = heard.certain and not heard.introduces and len(heard.text.split()) > 2
    if heard.name and not other and not is_question(heard):
        return Answered({step.key: heard.name, **values})
    if values:
        return Answered(values)
    return _lost(heard)


def _contact(step: Step, heard: Heard, _: str | None) -> Read:
    if heard.contact:
        return Answered({step.key: heard.contact})
    if heard.introduces and heard.name:
        return Answered({"name": heard.name})
    return Refused() if heard.like_contact else _lost(heard)


def _municipality(step: Step, heard: Heard, municipality: str | None) -> Read:
    if municipality and not is_question(heard):
        return Answered({step.key: municipality})
    if _says(heard.text, _WORDS["elsewhere"]):
        return Answered({step.key: ELSEWHERE})
    return _lost(heard)


def _choice(step: Step, heard: Heard, _: str | None) -> Read:
    if is_question(heard):
        return None
    value = choice_in(step, heard.text)
    if value is None and heard.yes is not None:
        value = ("yes" if heard.yes else "no") if {"yes", "no"} <= step.choices.keys() else None
        value = "none" if value is None and heard.yes is False and "none" in step.choices else value
    if value is not None:
        return Answered({step.key: value})
    return _text(step, heard, None) if step.own_words else _lost(heard)


def _number(step: Step, heard: Heard, _: str | None) -> Read:
    if is_question(heard):
        return None
    found = [int(digits) for digits in re.findall(r"\d{1,9}", heard.text)]
    found = found or [_WORDS["numbers"][word] for word in folded_words(heard.text) if word in _WORDS["numbers"]]
    if not found:
        return _lost(heard)
    return Answered({step.key: str(max(found))}) if 1 <= max(found) <= step.most else Refused()


def _text(step: Step, heard: Heard, _: str | None) -> Read:
    text = " ".join(heard.text.split())
    if is_question(heard) and heard.certain and len(text.split()) <= _SHORT + _FEW:
        return None
    if not any(char.isalnum() for char in text) or len(text) > step.longest:
        return Refused()
    return Answered({step.key: text})


_READERS = {
    "name": _name,
    "contact": _contact,
    "municipality": _municipality,
    "choice": _choice,
    "number": _number,
    "text": _text,
}


def _lost(heard: Heard) -> Read:
    """Something certain is a question beside the form; anything else was meant as an answer."""
    return None if heard.certain or is_question(heard) else Refused()


def _says(text: str, phrases: Iterable[str]) -> bool:
    return fold(text) in phrases


def _names(text: str, names: Iterable[str]) -> bool:
    """Whether a short text is one of the names, a part of one set off by a comma, or holds one."""
    parts = {fold(part) for name in names for part in (name, *re.split(r"[,()]", name)) if fold(part)}
    return fold(text) in parts or (len(text.split()) <= _SHORT and any(_holds(text, part) for part in parts))


def _holds(text: str, phrase: str) -> bool:
    return f" {phrase} " in f" {fold(text)} "

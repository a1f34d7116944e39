"""Reading typed answers to the booking's questions. Pure: text in, value or None out."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import yaml

_WORDS: dict[str, Any] = yaml.safe_load(Path(__file__).with_name("words.yml").read_text("utf-8"))
_LONGEST_ANSWER = 6
_BARE_ANSWER = 3
_LONGEST_STOP = 9
_LONGEST_NAME_WORDS = 4
NAME_LIMIT = 80
CONTACT_TOKEN = re.compile(r"kontakt-[0-9a-f]{24}")
"""What api puts in place of a phone number or an e-mail address."""
_ADDRESS = re.compile(r"://|@|www\.|\.\w{2,}", re.IGNORECASE)
"""What api refuses in a name, since a mail program would make a link of it."""


def read_meeting_type(text: str) -> str | None:
    """`phone`, `video` or `on_site`, when a short answer names one of them and no other."""
    words = _words(text)
    if len(words) > _LONGEST_ANSWER:
        return None
    named = {kind for kind, names in _WORDS["meeting_type"].items() if set(names) & set(words)}
    return named.pop() if len(named) == 1 else None


def read_yes_no(text: str) -> bool | None:
    """Whether a short answer is a yes or a no; None when it is neither or both."""
    words = set(_words(text))
    if not words or len(words) > _LONGEST_ANSWER:
        return None
    yes, no = bool(words & set(_WORDS["yes"])), bool(words & set(_WORDS["no"]))
    return None if yes == no else yes


def wants_to_stop(text: str) -> bool:
    """Whether an answer says that there shall be no booking after all."""
    words = _words(text)
    spoken = f" {' '.join(words)} "
    return len(words) <= _LONGEST_STOP and any(f" {phrase} " in spoken for phrase in _WORDS["stop"])


def asks_for_more(text: str, *, certainly: bool = False) -> bool:
    """Whether a short answer asks for other times; `certainly`: it says nothing else, or names the times."""
    words = _words(text)
    if len(words) > _LONGEST_ANSWER or not set(words) & set(_WORDS["more"]):
        return False
    return not certainly or len(words) == 1 or bool(set(words) & set(_WORDS["times"]))


def read_ordinal(text: str, *, certainly: bool = False) -> int | None:
    """Which of the shown times a short answer points at, counted from 0: "ja den första går bra" → 0.

    `certainly`: the answer is as short as "den första", or names the times.
    """
    words = _words(text)
    if len(words) > _LONGEST_ANSWER:
        return None
    if certainly and len(words) > _BARE_ANSWER and not set(words) & set(_WORDS["times"]):
        return None
    spoken = f" {' '.join(words)} "
    pointed = {number for phrase, number in _WORDS["ordinal"].items() if f" {phrase} " in spoken}
    return pointed.pop() if len(pointed) == 1 else None


def read_name(text: str) -> str | None:
    """The name in an answer to "Vad heter du?", without what leads up to it. None for questions and other talk."""
    if "?" in text or "/" in text or CONTACT_TOKEN.search(text) or _ADDRESS.search(text):
        return None
    name = " ".join(text.split()).strip(" .,!")
    for lead in sorted(_WORDS["name_lead"], key=len, reverse=True):
        if name.casefold().startswith((f"{lead} ", f"{lead}:")):
            name = name[len(lead) :].strip(" :,.")
            break
    words = name.split()
    if not 1 <= len(words) <= _LONGEST_NAME_WORDS or len(name) > NAME_LIMIT:
        return None
    if not all(re.fullmatch(r"[^\W\d_][\w.’'-]*", word) for word in words):
        return None
    return None if {word.casefold() for word in words} & set(_WORDS["not_names"]) else name


def introduces_name(text: str) -> bool:
    """Whether the answer says in so many words that a name follows."""
    return " ".join(_words(text)).startswith(tuple(f"{lead} " for lead in _WORDS["sure_name_lead"]))


def looks_like_contact(text: str) -> bool:
    """Whether somebody tried to give a phone number or an e-mail address."""
    return "@" in text or sum(char.isdigit() for char in text) >= 4


def _words(text: str) -> list[str]:
    return re.findall(r"\w+", text.casefold())

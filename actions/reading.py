"""Reading typed answers to the questions of a form. Pure: text in, value or None out."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import yaml

_WORDS: dict[str, Any] = yaml.safe_load(Path(__file__).with_name("words.yml").read_text("utf-8"))
_LONGEST_ANSWER = 6
LONGEST_WISH = 20
"""Words of a first message that may say how somebody wants to meet."""
_LONGEST_STOP = 9
_LONGEST_NAME_WORDS = 4
NAME_LIMIT = 80
_LONGEST_LANGUAGE = 30
_LANGUAGE = re.compile(r"[^\W\d_]{2,}(?:iska|nska|ska)")
CONTACT_TOKEN = re.compile(r"kontakt-[0-9a-f]{24}")
"""What api puts in place of a phone number or an e-mail address."""
_ADDRESS = re.compile(r"://|@|www\.|\.\w{2,}", re.IGNORECASE)
"""What api refuses in a name, since a mail program would make a link of it."""


def read_meeting_type(text: str, *, longest: int = _LONGEST_ANSWER) -> str | None:
    """`phone`, `video` or `on_site`, when a text of at most `longest` words names one of them and no other."""
    words = _words(text)
    if len(words) > longest:
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
    """Whether an answer says that there shall be no booking, or other form, after all."""
    words = _words(text)
    spoken = f" {' '.join(words)} "
    return len(words) <= _LONGEST_STOP and any(f" {phrase} " in spoken for phrase in _WORDS["stop"])


def asks_for_more(text: str, *, certainly: bool = False) -> bool:
    """Whether a short answer asks for other times; `certainly`: it says nothing else, or names the times."""
    words = _words(text)
    if len(words) > _LONGEST_ANSWER or not set(words) & set(_WORDS["more"]):
        return False
    return not certainly or len(words) == 1 or bool(set(words) & set(_WORDS["times"]))


def read_ordinal(text: str) -> int | None:
    """Which of the shown times an answer points at, counted from 0: "ja den första går bra" → 0.

    Only when it says nothing else: "den 3 december" is a day and "om 2 dagar" a time.
    """
    spoken = f" {' '.join(_words(text))} "
    pointed: set[int] = set()
    for phrase in sorted(_WORDS["ordinal"], key=len, reverse=True):
        if f" {phrase} " in spoken:
            pointed.add(_WORDS["ordinal"][phrase])
            spoken = spoken.replace(f" {phrase} ", "  ", 1)
            if phrase.isdigit() and " den " in spoken:  # "den 3" is a date
                return None
    rest = set(spoken.split()) - set(_WORDS["ordinal_fillers"])
    return pointed.pop() if len(pointed) == 1 and not rest else None


def none_fits(text: str) -> bool:
    """Whether a short answer says that none of the shown times will do."""
    return len(_words(text)) <= _LONGEST_ANSWER and _speaks_of(text, _WORDS["none_fits"])


def refuses(text: str) -> bool:
    """Whether what a text names is what is not wanted: "inte Sunne"."""
    return _speaks_of(text, _WORDS["refusal"])


def wants_other_day(text: str) -> bool:
    """Whether a short answer asks for the list of days."""
    return len(_words(text)) <= _LONGEST_ANSWER and _speaks_of(text, _WORDS["other_day"])


def wants_other_counsellor(text: str) -> bool:
    """Whether a short answer asks which counsellors there are, or for another one."""
    return len(_words(text)) <= _LONGEST_ANSWER and _speaks_of(text, _WORDS["other_counsellor"])


def read_counsellor(text: str) -> str | None:
    """The number of a counsellor in a short answer: "vägledare 2" → `2`."""
    words = _words(text)
    pairs = itertools.pairwise(words) if len(words) <= _LONGEST_ANSWER else ()
    return next((number for word, number in pairs if word in _WORDS["counsellor"] and number.isdecimal()), None)


def wants_later_days(text: str) -> bool:
    """Whether the list of days is to go on."""
    return _speaks_of(text, _WORDS["later_days"])


def wants_to_be_called(text: str) -> bool:
    """Whether somebody would rather be phoned than choose."""
    return len(_words(text)) <= _LONGEST_ANSWER and _speaks_of(text, _WORDS["call_me"])


def wants_more_time(text: str) -> bool:
    """Whether the time that is held should be held longer."""
    return len(_words(text)) <= _LONGEST_ANSWER and _speaks_of(text, _WORDS["more_time"])


def speaks_of_interpreter(text: str) -> bool:
    return _speaks_of(text, _WORDS["interpreter"])


def read_errand(text: str) -> str | None:
    """`new`, `move` or `stop`: what somebody with a booked meeting wants."""
    if len(_words(text)) > _LONGEST_STOP:
        return None
    return next((errand for errand, words in _WORDS["errand"].items() if _speaks_of(text, words)), None)


def read_change(text: str, *, asked: bool) -> str | None:
    """The part that a short answer wants to change: "fel namn" → `name`. `asked`: that was the question."""
    if len(_words(text)) > _LONGEST_STOP or not (asked or _speaks_of(text, _WORDS["change_words"])):
        return None
    parts = [part for part, words in _WORDS["change"].items() if _speaks_of(text, words)]
    return parts[0] if len(parts) == 1 else None


def speaks_of_changing(text: str) -> bool:
    """Whether a short answer wants something changed, whatever it is."""
    return len(_words(text)) <= _LONGEST_STOP and _speaks_of(text, _WORDS["change_words"])


def speaks_of_signing_off(text: str) -> bool:
    """Whether a message takes back that somebody signed up for an event: "avanmäl mig", but not "från kursen"."""
    return _speaks_of(text, _WORDS["sign_off"]) and not _speaks_of(text, _WORDS["not_events"])


def names_ending_like_language(text: str) -> str | None:
    """A word such as "mongoliska", for a language that no list knows."""
    found = [word for word in _words(text) if len(word) <= _LONGEST_LANGUAGE and _LANGUAGE.fullmatch(word)]
    return found[0] if len(found) == 1 and len(_words(text)) <= _LONGEST_ANSWER else None


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


def _speaks_of(text: str, phrases: Iterable[str]) -> bool:
    spoken = f" {' '.join(_words(text))} "
    return any(f" {phrase} " in spoken for phrase in phrases)


def _words(text: str) -> list[str]:
    return re.findall(r"\w+", text.casefold())

"""Answers in other languages than Swedish: short, and the same in each, because nobody here can keep up fifteen."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Literal

import yaml

from api.guidance.answers import find_answer
from api.guidance.turn import Turn
from api.replies import NextStep, Reply
from api.texts import Texts

_texts = Texts.beside(__file__)
_SAME_TEXT = {"prs": "fa", "pes": "fa"}
"""Dari and Iranian Persian read the same text."""
_KNOWN_BY_MOST = "en"


@dataclass(frozen=True)
class Language:
    """What is said in one language. `code` is its BCP 47 tag; `known` False: the person's own is not among ours."""

    code: str
    direction: Literal["ltr", "rtl"]
    script: str
    text: str
    contact: str
    crisis: str
    book: str
    person: str
    easy: str
    known: bool = True

    @property
    def marks(self) -> dict[str, str]:
        """For `data` of a message: which language its text is in, and where it is written from the right."""
        return {"lang": self.code} | ({"dir": "rtl"} if self.direction == "rtl" else {})


@cache
def languages() -> dict[str, Language]:
    """Every language there is a text in, by code."""
    entries = yaml.safe_load(Path(__file__).with_name("languages.yml").read_text("utf-8"))
    return {code: Language(code=code, **entry) for code, entry in entries.items()}


def find_language(code: str | None) -> Language | None:
    """The language to answer in: English for one we have no text in. None when no language was found."""
    if not code:
        return None
    found = languages().get(_SAME_TEXT.get(code, code))
    english = languages()[_KNOWN_BY_MOST]
    return found or replace(english, known=False)


def language_reply(turn: Turn, language: Language) -> Reply:
    """Who answers, and the ways to a person, in that language; where it is not the person's own, in Swedish too."""
    swedish = "" if language.known else "\n" + _texts("other_language_swedish")
    return Reply(text=language.text + swedish, choices=language_choices(turn, language), data=language.marks)


def language_choices(turn: Turn, language: Language) -> tuple[NextStep, ...]:
    """The buttons, each with its Swedish title behind: that is what the next answer will be called."""
    named = (("book_meeting", language.book), ("human_contact", language.person), ("simplify", language.easy))
    return tuple(
        NextStep(
            title=_texts("choice_in_language", title=title, swedish=find_answer(turn.session, topic).title), topic=topic
        )
        for topic, title in named
    )

"""The questions that a message is made of: "vad kostar det och när börjar den?" are two. Pure."""

from __future__ import annotations

import re
from collections.abc import Collection

from bot.nlu.text import words_of

_SENTENCE = re.compile(r"[^.!?\n]+[.!?]*")
_FEWEST_WORDS = 2


def questions(text: str, openers: Collection[str], joints: Collection[str]) -> list[str]:
    """The clauses that ask something: those that end in a question mark or begin with one of `openers` (folded).

    A sentence is cut before an opener that follows a comma or one of `joints` ("and", "or").
    """
    cut = re.compile(rf"(?:,|\b(?:{'|'.join(joints)})\b)\s+(?=(\w+))", re.IGNORECASE)
    found: list[str] = []
    for sentence in _SENTENCE.findall(text):
        asks = sentence.rstrip().endswith("?")
        begin = 0
        clauses = []
        for joint in cut.finditer(sentence):
            if _opens(joint[1], openers):
                clauses.append(sentence[begin : joint.start()])
                begin = joint.end()
        clauses.append(sentence[begin:])
        for position, clause in enumerate(clauses):
            words = words_of(clause)
            is_question = (asks and position == len(clauses) - 1) or (words and words[0].folded in openers)
            if is_question and len(words) >= _FEWEST_WORDS:
                found.append(clause.strip())
    return found


def _opens(word: str, openers: Collection[str]) -> bool:
    return bool(words_of(word)) and words_of(word)[0].folded in openers

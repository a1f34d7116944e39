"""How far somebody has come in the guide, as a short code that every button carries. Pure.

`9f3c.ab-` is: the questions as they are now (9f3c), the first option, the second option, a question passed over. The
whole state lies in the code, so a button pressed twice, or an old one, goes on from where it was made.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from string import ascii_lowercase

from api.guidance.job_guide.questions import QUESTIONS, Option, Question

_PASSED_OVER = "-"


def fingerprint(questions: Sequence[Question]) -> str:
    """Four hexadecimal digits that change when questions or options are added, removed or moved; not with wording."""
    shape = "|".join(f"{question.id}:{','.join(option.id for option in question.options)}" for question in questions)
    return hashlib.sha256(shape.encode()).hexdigest()[:4]


_VERSION = fingerprint(QUESTIONS)


@dataclass(frozen=True)
class Progress:
    """The answers so far, a letter each; at most as many as there are questions."""

    answers: str = ""

    @property
    def code(self) -> str:
        """What a button carries."""
        return f"{_VERSION}.{self.answers}"

    @property
    def number(self) -> int:
        """The number of the question to ask, from 1; one more than there are questions when all are answered."""
        return len(self.answers) + 1

    @property
    def question(self) -> Question | None:
        """The question to ask; None when all are answered."""
        return QUESTIONS[len(self.answers)] if len(self.answers) < len(QUESTIONS) else None

    @property
    def chosen(self) -> tuple[Option, ...]:
        """The options that were chosen, in the order of the questions."""
        return tuple(
            question.options[ascii_lowercase.index(letter)]
            for question, letter in zip(QUESTIONS, self.answers, strict=False)
            if letter != _PASSED_OVER
        )

    @property
    def passed_over(self) -> int:
        """How many questions were passed over."""
        return self.answers.count(_PASSED_OVER)

    def answered(self, option: Option) -> Progress:
        """With this answer to the question to ask. Raises ValueError when it is none of its options."""
        options = self.question.options if self.question else ()
        return Progress(self.answers + ascii_lowercase[options.index(option)])

    def skipped(self) -> Progress:
        """With the question to ask passed over."""
        return Progress(self.answers + _PASSED_OVER)

    def back(self) -> Progress:
        """Without the latest answer."""
        return Progress(self.answers[:-1])


def read_code(code: str | None) -> Progress | None:
    """The progress that a code stands for; None for one that was never given or belongs to other questions."""
    version, separator, answers = (code or "").partition(".")
    if version != _VERSION or not separator or len(answers) > len(QUESTIONS):
        return None
    offered = (ascii_lowercase[: len(question.options)] + _PASSED_OVER for question in QUESTIONS)
    known = all(letter in letters for letter, letters in zip(answers, offered, strict=False))
    return Progress(answers) if known else None

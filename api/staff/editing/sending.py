"""What a form that was sent holds, and questions that are asked before something doubtful is stored."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Request

ANSWERED = "svarat"
"""Name of the hidden field that says which questions the form has shown."""


async def _sent(request: Request) -> dict[str, str]:
    form = await request.form()
    return {name: value for name, value in form.items() if isinstance(value, str)}


Sent = Annotated[dict[str, str], Depends(_sent)]
"""Every field of the form, by name; files are left out."""


@dataclass(frozen=True)
class Question:
    """Something that looks wrong but may be right, such as a name where a function belongs.

    It is asked once about each `value`: sending the same form again says yes.
    """

    field: str
    value: str
    sentence: str

    @property
    def key(self) -> str:
        """What the hidden field holds for it."""
        return f"{self.field}-{hashlib.sha256(f'{self.sentence}|{self.value}'.encode()).hexdigest()[:12]}"


@dataclass(frozen=True)
class Asked:
    """The questions of a form; `open` are those that it has not shown before."""

    every: tuple[Question, ...]
    open: tuple[Question, ...]

    @property
    def keys(self) -> str:
        """For the hidden field."""
        return " ".join(question.key for question in self.every)


def ask(questions: Iterable[Question], posted: Mapping[str, str]) -> Asked:
    """Which of the questions are still to be asked."""
    every, answered = tuple(questions), set(posted.get(ANSWERED, "").split())
    return Asked(every, tuple(question for question in every if question.key not in answered))


NOTHING_ASKED = Asked((), ())

"""The guide's questions and what each answer weighs, read from questions.yml. Pure."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

import yaml
from pydantic import BaseModel, ConfigDict

from api.guidance.tables import GUIDE_TRAITS


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Option(_Part):
    """An answer that is offered; questions.yml says what each part is for."""

    id: str
    title: str
    words: tuple[str, ...] = ()
    means: Literal["affirm", "deny"] | None = None
    weights: dict[str, int] = {}
    limit: dict[str, int] = {}
    because: dict[str, str] = {}
    because_easy: dict[str, str] = {}
    within: dict[str, str] = {}
    within_easy: dict[str, str] = {}
    warning: dict[str, str] = {}
    warning_easy: dict[str, str] = {}
    sfi: bool = False

    @property
    def is_weighed(self) -> bool:
        """Whether the answer makes any difference between occupations."""
        return bool(self.weights or self.limit)


class Question(_Part):
    """A question with the answers that are offered."""

    id: str
    text: str
    easy: str
    options: tuple[Option, ...]


def read_questions(path: Path) -> tuple[Question, ...]:
    """The questions of a file in order. Raises ValueError where a trait is none that occupations have."""
    questions = tuple(Question.model_validate(entry) for entry in yaml.safe_load(path.read_text("utf-8")))
    used = {
        trait
        for question in questions
        for option in question.options
        for trait in (*option.weights, *option.limit, *option.because, *option.within, *option.warning)
    }
    if unknown := used - set(GUIDE_TRAITS):
        raise ValueError(f"{path.name}: no such trait: {', '.join(sorted(unknown))}")
    return questions


QUESTIONS = read_questions(Path(__file__).with_name("questions.yml"))

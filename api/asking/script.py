"""The questions of a form as data: which are asked, how they are worded, and what may be answered. Read from YAML."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal, Self

import yaml
from pydantic import BaseModel, ConfigDict, Field, model_validator

StepKind = Literal["text", "name", "contact", "choice", "number", "municipality"]
Answers = Mapping[str, str]
"""Step → what was answered: a choice's key, a number's digits, a municipality's name, a contact's token, words."""

SKIPPED = ""
"""The answer to a step that was passed over."""
ELSEWHERE = "elsewhere"
"""The answer of somebody whose municipality is none of ours."""


class _Data(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Step(_Data):
    """One question. `label` stands before the answer when everything is read back, `change` on the button beside it."""

    key: str = Field(pattern=r"^[a-z_]+$")
    kind: StepKind
    ask: str
    easy: str
    label: str
    change: str
    called: tuple[str, ...] = ()
    """Words that name it, for "fel nummer"."""
    choices: Mapping[str, str] = Field(default_factory=dict)
    """Value → title of its button."""
    also: Mapping[str, tuple[str, ...]] = Field(default_factory=dict)
    """Value → words that mean it, beside those of its title."""
    own_words: bool = False
    """Whether a choice may also be answered in other words, which are kept as they are."""
    takes: tuple[str, ...] = ()
    """Topics that are answers here and nowhere else: the name of a language."""
    optional: bool = False
    when: Mapping[str, tuple[str, ...]] = Field(default_factory=dict)
    """Step → answers with which alone this one is asked."""
    longest: int = 200
    """Characters."""
    most: int = 1000
    """The largest number that can be meant."""
    wrong: str = ""
    wrong_easy: str = ""
    """What is said to something that cannot be the answer. Without it the general sentence of the kind."""

    @model_validator(mode="after")
    def _fits_together(self) -> Self:
        if (self.kind == "choice") != bool(self.choices) or self.also.keys() - self.choices.keys():
            raise ValueError(f"{self.key}: choices belong to the kind `choice`, and `also` to its choices")
        return self

    def is_asked(self, answers: Answers) -> bool:
        """Whether what has been answered before leads to this question."""
        return all(answers.get(step) in values for step, values in self.when.items())


class Script(_Data):
    """A form's steps in order, and what stands around them."""

    topic: str
    intro: str = ""
    intro_easy: str = ""
    check: str
    check_easy: str
    send: str
    """Title of the button that sends it, "Ja, …" so that a typed yes means it."""
    steps: tuple[Step, ...]

    def asked(self, answers: Answers) -> list[Step]:
        """The steps that these answers lead through."""
        return [step for step in self.steps if step.is_asked(answers)]

    def next_after(self, answers: Answers) -> Step | None:
        """The first step without an answer; None when there is none."""
        return next((step for step in self.asked(answers) if step.key not in answers), None)

    def find(self, key: str) -> Step | None:
        return next((step for step in self.steps if step.key == key), None)


def load_scripts(path: Path) -> dict[str, Script]:
    """Name → form, from a file with `common` steps, which forms name by their key, and `forms`.

    Raises ValueError, when the program starts, for anything that is misspelt.
    """
    read: dict[str, Any] = yaml.safe_load(path.read_text("utf-8"))  # Any: YAML
    common = read.get("common") or {}

    def step(written: str | dict[str, Any]) -> dict[str, Any]:
        if isinstance(written, str):
            return {"key": written, **common[written]}
        return {**common.get(written["key"], {}), **written}

    return {
        name: Script(**{**form, "steps": [step(written) for written in form["steps"]]})
        for name, form in read["forms"].items()
    }

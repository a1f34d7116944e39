"""One attempt to store a form: whether it may be stored, and how the page answers when it may not. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

from api.staff.editing.fields import Form
from api.staff.editing.sending import NOTHING_ASKED, Asked, Question, ask

State = Literal["", "wrong", "changed", "doubtful"]


@dataclass(frozen=True)
class Attempt:
    """A form with the questions about it."""

    form: Form
    asked: Asked = NOTHING_ASKED

    @property
    def state(self) -> State:
        """Why nothing was stored: a field is wrong, somebody else has changed the row, or a question is open."""
        if self.form.errors:
            return "wrong"
        if self.form.conflicts:
            return "changed"
        return "doubtful" if self.asked.open else ""

    @property
    def sound(self) -> bool:
        """Whether the values can be stored."""
        return not self.state

    @property
    def status(self) -> int:
        """The status of the page that shows the form again."""
        return {"": 200, "wrong": 422, "changed": 409, "doubtful": 422}[self.state]


def attempt(form: Form, questions: Iterable[Question], posted: Mapping[str, str]) -> Attempt:
    """The form as it was sent, with the questions that its values raise."""
    return Attempt(form, ask(questions, posted))

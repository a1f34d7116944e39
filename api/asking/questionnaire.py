"""What a capability hands in so that one of its forms can be filled in in the chat."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from api.asking.script import Answers, Script
from api.privacy.contacts import Contact
from api.replies import Reply
from api.settings import Settings


@dataclass(frozen=True)
class Place:
    """Where and when a form is filled in."""

    session: Session
    conversation_id: UUID
    now: datetime
    settings: Settings
    easy: bool


@dataclass(frozen=True)
class Filled:
    """A form that somebody has said yes to. Words have their contact data again; `key` is the same for a repeat."""

    answers: Answers
    contact: Contact
    key: str

    def get(self, step: str) -> str:
        """The answer to a step, empty where there is none."""
        return self.answers.get(step, "")


@dataclass(frozen=True)
class Questionnaire:
    """A form about one thing: `intro` is said first, `finish` does what it is for and says so.

    `finish` may raise ApiError: its sentence is said and the form ends, or asks again what was refused.
    """

    script: Script
    intro: str
    finish: Callable[[Place, Filled], Reply]


Opened = Questionnaire | Reply
"""A form to fill in, or why there is none: the meeting is over, the network is not there any more."""

Opener = Callable[[Place, str], Opened]
"""Opens the form about what the rest of a kind names: `event:3f…` → the opener of `event` gets `3f…`."""

Receipts = Callable[[Place], Sequence[Reply]]
"""What has been sent with forms in this conversation and still stands, told once more."""


@dataclass(frozen=True)
class Forms:
    """Every form that there is: openers by the first part of a kind, and who knows what has been sent."""

    openers: Mapping[str, Opener]
    receipts: Sequence[Receipts] = ()

    def open(self, place: Place, kind: str) -> Opened | None:
        """The form of that kind; None for a kind that nobody knows."""
        name, _, about = kind.partition(":")
        opener = self.openers.get(name)
        return opener(place, about) if opener else None

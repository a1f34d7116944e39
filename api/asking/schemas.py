"""JSON shapes of the form's door for the action server."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from api.replies import Reply

Value = Annotated[str, Field(max_length=2000)]


class _Schema(BaseModel):
    model_config = ConfigDict(extra="forbid")


class State(_Schema):
    """How far a form has come. The bot keeps it from turn to turn and knows nothing of what is in it."""

    kind: Annotated[str, Field(max_length=120)]
    key: Annotated[str, Field(max_length=12)]
    """Tells this form from others that were begun in the conversation."""
    step: Annotated[str, Field(max_length=40)]
    """The question that was asked last; `check` when everything has been read back."""
    answers: dict[str, Value] = {}
    changing: bool = False
    """Whether the latest question was what to change."""


class Heard(_Schema):
    """One message as the action server read it. `text` has tokens in place of contacts; empty for a button."""

    text: Value = ""
    said: Annotated[str | None, Field(max_length=120)] = None
    """What the pressed button of a form stands for."""
    topic: Annotated[str, Field(max_length=60)] = ""
    certain: bool = False
    """Whether the topic can be relied on."""
    place: Annotated[str | None, Field(max_length=100)] = None
    name: Annotated[str | None, Field(max_length=80)] = None
    """The text as the name of a person, when it can be one."""
    introduces: bool = False
    """Whether it says in so many words that a name follows."""
    contact: Annotated[str | None, Field(max_length=60)] = None
    """The token of a telephone number or an e-mail address."""
    like_contact: bool = False
    yes: bool | None = None
    stops: bool = False
    changes: bool = False
    """Whether it speaks of changing something."""


class TurnRequest(_Schema):
    """A message to a form, or with `begin` the kind of form to begin."""

    conversation_id: UUID
    easy: bool = False
    begin: Annotated[str | None, Field(max_length=120)] = None
    place: Annotated[str | None, Field(max_length=100)] = None
    """The municipality that the talk was about."""
    state: State | None = None
    heard: Heard = Heard()


class TurnAnswer(BaseModel):
    """What to say. `state` is what to keep, None when the form is over.

    Without `understood` the message is about something else: that is answered first, and then the messages are said.
    """

    topic: str
    messages: Sequence[Reply]
    state: State | None
    understood: bool = True


class LateRequest(_Schema):
    """A button of a form that is not open any more."""

    conversation_id: UUID
    said: Annotated[str, Field(max_length=120)]
    easy: bool = False


class Messages(BaseModel):
    """Ready replies."""

    messages: Sequence[Reply]

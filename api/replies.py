"""What the assistant says: the part of the chat contract that every capability fills in.

A reply is made here, carried by the action server and the bot, and given its id and choice ids by the gateway.
`text` alone must make sense for every kind: a client that shows only text loses nothing but comfort.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, computed_field

Kind = Literal[
    "text",
    "courses",
    "course",
    "nodes",
    "occupation",
    "vacancies",
    "events",
    "slots",
    "confirm",
    "booking",
    "contact",
    "choices",
]


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True)


class Source(_Part):
    """Where a fact comes from and when somebody checked it."""

    title: str
    url: str
    checked_on: date


class NextStep(_Part):
    """A button: what it says, and the topic (with entities) it stands for."""

    title: str
    topic: str
    entities: Mapping[str, str] = Field(default_factory=dict)

    @computed_field  # type: ignore[prop-decorator]  # mypy does not follow decorated properties
    @property
    def payload(self) -> str:
        """What the bot is sent when the button is chosen: Rasa's short form of an intent with entities."""
        return f"/{self.topic}" + (json.dumps(dict(self.entities), ensure_ascii=False) if self.entities else "")


class Reply(_Part):
    """One message of the assistant, before it has ids."""

    text: str
    kind: Kind = "text"
    choices: tuple[NextStep, ...] = ()
    data: dict[str, Any] = Field(default_factory=dict)  # Any: JSON, its shape depends on kind
    """`lead`, where it is set: the part of the text that remains to be read where the items are drawn as cards."""
    source: Source | None = None


class Query(_Part):
    """What a question is about, as the bot understood it. Slugs and names, never free text."""

    occupation: str | None = None
    """Slug of an occupation."""
    place: str | None = None
    """Name of a municipality."""
    start: str | None = None
    """When, as a window of days: `2027-01-01/2027-06-30`."""
    pace: str | None = None
    """Share of full time in per cent, or `deltid` (any less than full time), `distans`, `kväll`."""

    @property
    def named(self) -> dict[str, str]:
        """What is known of it, as the entities of a button."""
        return {name: value for name, value in self if value}

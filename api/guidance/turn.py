"""One question of a person, as every topic's handler gets it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from api.clock import stockholm_date
from api.replies import Query, Reply


@dataclass(frozen=True)
class Turn:
    """What was asked (`said`), what the conversation was about before (`context`), and when.

    `follow_up` means that the message only named something new ("och i Arvika då?"): the topic is the one before.
    """

    session: Session
    now: datetime
    base_url: str
    topic: str
    said: Query
    context: Query
    follow_up: bool = False
    easy: bool = False
    candidates: tuple[str, ...] = ()

    @property
    def today(self) -> date:
        """The calendar day in Sweden."""
        return stockholm_date(self.now)

    def query(self, *, carry: bool) -> Query:
        """What the reply is about. With `carry`, occupation and place that were not said come from the context."""
        if not (carry or self.follow_up):
            return self.said
        return self.said.model_copy(
            update={
                "occupation": self.said.occupation or self.context.occupation,
                "place": self.said.place or self.context.place,
            }
        )


@dataclass(frozen=True)
class Handled:
    """The replies, and what they turned out to be about (echoed as `data.query` and kept as context)."""

    replies: list[Reply]
    query: Query


Handler = Callable[[Turn], Handled]

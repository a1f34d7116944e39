"""One question of a person, as every topic's handler gets it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from api.clock import stockholm_date
from api.guidance.vacancies.wanted import VacancySource
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
    vacancies: VacancySource | None = None
    """None where looking for vacant jobs is switched off."""
    text: str = ""
    """The message itself, only where no topic was found for it. Looked up, never stored or logged."""
    a_pair: bool = False
    """Whether it lies between the first two candidates, far ahead of others."""
    misses: int = 0
    """How many messages in a row were not understood before this one."""
    guide: str | None = None
    """Where in the job guide the pressed button leads, as its code; None when no such button was pressed."""
    part: str | None = None
    """The part of the answer that the pressed button asks for, such as prao for schools; None for the whole."""
    kept_guide: str | None = None
    """How far the job guide has come in this talk, as its code."""

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
    guide: str | None = None
    """How far the job guide has come now; None when it was not moved."""


Handler = Callable[[Turn], Handled]

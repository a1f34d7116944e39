"""Who we are to those who ask, and what they are promised."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Request

from api.outbox.office import Office
from api.settings import Settings


@dataclass(frozen=True)
class Promise:
    """What holds for enquiries: who writes the mails, within how many working days somebody answers, and for how many
    days an enquiry is kept after it is done."""

    office: Office
    answer_days: int
    kept_days: int

    @classmethod
    def of(cls, settings: Settings) -> Promise:
        return cls(Office.of(settings), settings.enquiry_answer_days, settings.retention_enquiries_days)


def _promise(request: Request) -> Promise:
    return Promise.of(request.app.state.settings)


PromiseOf = Annotated[Promise, Depends(_promise)]
"""The promise as a route's parameter."""

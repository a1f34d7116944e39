"""Whether one can apply to an occasion, and when one can begin: the rule that search, pages and chat share. Pure.

Days are Swedish calendar days; the first and the last day to apply both count as days one can apply on.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal, Protocol

ApplicationState = Literal["open", "continuous", "upcoming", "closed", "full", "cancelled"]
"""`continuous`: one can apply and begin at any time. `upcoming`: the application opens later."""


class Dated(Protocol):
    """What the rule needs of an occasion; the fields mean what they mean in `api.catalogue.tables.Occasion`."""

    @property
    def status(self) -> str: ...
    @property
    def continuous(self) -> bool: ...
    @property
    def start_date(self) -> date | None: ...
    @property
    def end_date(self) -> date | None: ...
    @property
    def apply_from(self) -> date | None: ...
    @property
    def apply_to(self) -> date | None: ...


@dataclass(frozen=True)
class Application:
    """Where the application to an occasion stands on a day.

    `days_left` counts to the last day to apply (0 on that day). Only an open application with a last day has it.
    """

    state: ApplicationState
    days_left: int | None = None

    @property
    def is_open(self) -> bool:
        """Whether one can apply today."""
        return self.state in ("open", "continuous")

    @property
    def is_possible(self) -> bool:
        """Whether one can apply today or later."""
        return self.is_open or self.state == "upcoming"


def application(occasion: Dated, today: date) -> Application:
    """Where the application to `occasion` stands on `today`.

    The status decides first: cancelled and full are that whatever the dates say, and nobody can apply to a draft.
    Before `apply_from` the application opens later, continuous admission too. Continuous admission has no last day to
    apply (`apply_to` does not count) and goes on until the training ends. Every other application is open to the end
    of `apply_to`, or until further notice when that is not set.
    """
    if occasion.status == "cancelled":
        return Application("cancelled")
    if occasion.status == "full":
        return Application("full")
    if occasion.status != "published":
        return Application("closed")
    if occasion.apply_from is not None and occasion.apply_from > today:
        return Application("upcoming")
    if occasion.continuous:
        ended = occasion.end_date is not None and occasion.end_date < today
        return Application("closed" if ended else "continuous")
    if occasion.apply_to is None:
        return Application("open")
    days = (occasion.apply_to - today).days
    return Application("open", days) if days >= 0 else Application("closed")


def next_start(occasion: Dated, today: date) -> date | None:
    """The day one can begin; None when it is not decided, and when continuous training has begun: then any day is."""
    start = occasion.start_date
    return None if occasion.continuous and start is not None and start < today else start

"""What waits to be done, for the start page: each capability says what it has, `api/main.py` puts them together.

chores.register(app, (Chores("/personal/utbildningar", waiting), …))
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

from fastapi import FastAPI
from sqlalchemy.orm import Session

from api.staff.menu import places
from api.staff.sessions import SignedIn


@dataclass(frozen=True)
class Chore:
    """Something that somebody should look at: a short Swedish sentence, how many there are, and where they are listed.

    The page shows "{sentence} ({count})", so that the sentence is the same for one and for many.
    """

    sentence: str
    count: int
    address: str


@dataclass(frozen=True)
class Chores:
    """Where chores come from: asked for accounts that have `page` in their menu. `waiting` gets the moment, in UTC;
    what counts none is not shown."""

    page: str
    waiting: Callable[[Session, datetime], Iterable[Chore]]
    own: Callable[[Session, datetime, int], Iterable[Chore]] | None = None
    """What waits for one account alone, by its number."""


def register(app: FastAPI, every: Iterable[Chores]) -> None:
    """Make these known to the start page, in this order."""
    app.state.chores = tuple(every)


def waiting(app: FastAPI, session: Session, account: SignedIn, now: datetime) -> list[Chore]:
    """What this account has to look at now."""
    pages = {place.path for place in places(app, account)}
    sources: tuple[Chores, ...] = app.state.chores
    found: list[Chore] = []
    for source in sources:
        if source.page in pages:
            found += source.waiting(session, now)
            found += source.own(session, now, account.id) if source.own else ()
    return [chore for chore in found if chore.count > 0]

"""The kinds of rows that staff keep, so that one page can show the history of any of them.

Each capability says what it has (`KEPT`), `api/main.py` puts them together.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

from fastapi import FastAPI
from sqlalchemy.orm import Session

from api.database import Base
from api.settings import Settings
from api.texts import Texts

_Row = TypeVar("_Row", bound=Base)


@dataclass(frozen=True)
class PutBack:
    """A row that has just been restored, or whose change has just been undone."""

    session: Session
    row: Any  # Any: a row of the kind's table
    before: Mapping[str, Any]  # Any: JSON values
    """The columns that were changed, as they were until now."""
    now: datetime
    actor: str
    settings: Settings


@dataclass(frozen=True)
class Kept:
    """A table that staff edit. `Any`: a row of `model`, or a JSON value of one of its columns."""

    model: type[Base]
    texts: Texts
    """Has `{kind}_noun` ("kurstillfälle") and `{kind}_{column}`, the name of each column that is shown."""
    title: Callable[[Any], str]
    address: Callable[[Any], str]
    """The page where the row is edited."""
    words: Mapping[str, Callable[[Session, Any], str]]
    """How values of some columns are put into words, such as the name behind a foreign key."""
    parts: tuple[type[Base], ...] = ()
    """Tables whose rows go and come back with a row of this one and have no history page of their own."""
    put_back: Callable[[PutBack], None] | None = None
    """What else has to happen when a row is restored or a change of it undone, such as mails to those who signed up.
    May refuse by raising an ApiError: then nothing is put back."""

    @property
    def kind(self) -> str:
        return str(self.model.__tablename__)

    @property
    def noun(self) -> str:
        """What such a row is called."""
        return self.texts(f"{self.kind}_noun")

    def label(self, column: str) -> str | None:
        """The column's name for people; None for columns that only the program uses."""
        key = f"{self.kind}_{column}"
        return self.texts(key) if key in self.texts.keys() else None  # noqa: SIM118 - not a dict

    def worded(self, session: Session, column: str, value: Any) -> str:
        """A value of a column in words; empty for no value."""
        if column in self.words and value is not None:
            return self.words[column](session, value)
        return in_words(value)


def in_words(value: Any) -> str:
    """A JSON value as people read it."""
    if value is True or value is False:
        return _TEXTS("value_yes" if value else "value_no")
    if value is None:
        return ""
    if isinstance(value, dict):
        return "\n".join(f"{name}: {in_words(inner)}" for name, inner in value.items())
    return "\n".join(map(in_words, value)) if isinstance(value, list) else str(value)


_TEXTS = Texts.beside(__file__)


def behind(model: type[_Row], called: Callable[[_Row], str]) -> Callable[[Session, int], str]:
    """For `words`: what the row of `model` behind a foreign key is called, or that it is gone."""

    def word(session: Session, number: int) -> str:
        row = session.get(model, number)
        return _TEXTS("gone") if row is None else called(row)

    return word


def models(every: Iterable[Kept]) -> list[type[Base]]:
    """The tables of these kinds with their parts: what an undo takes back."""
    return [model for one in every for model in (one.model, *one.parts)]


def register(app: FastAPI, every: Iterable[Kept]) -> None:
    """Make these kinds known to the pages of history and undo."""
    app.state.kept = {one.kind: one for one in every}

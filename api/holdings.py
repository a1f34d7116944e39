"""What the service holds of people: one `Holding` for each kind, declared by the capability that stores it.

`api/personal.py` puts them together. Retention (the worker), the page `/integritet`, the look-up and export of one
person's data and its erasure all read the same list, and a test walks every column of every table against it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import inspect
from sqlalchemy.orm import Session

from api.database import Base
from api.row_json import to_json
from api.settings import Settings

_SECRET_LINK = re.compile(r"(/(?:mote|traffar/anmalan|arende)/)[\w-]{16,}")
"""Pages that a token in the address opens (`secret_links.new_link_token`)."""


@dataclass(frozen=True)
class Columns:
    """What the columns of one table are.

    `personal` say something about somebody, `hidden` are hashes and keys that lead to them and are shown to nobody,
    `plain` are about nobody, or stay when the rest is erased and then lead to nobody.
    """

    table: str
    personal: tuple[str, ...] = ()
    hidden: tuple[str, ...] = ()
    plain: tuple[str, ...] = ()

    @classmethod
    def of(cls, table: str, *, personal: str = "", hidden: str = "", plain: str = "") -> Columns:
        """The columns as words with blanks between them."""
        return cls(table, tuple(personal.split()), tuple(hidden.split()), tuple(plain.split()))


@dataclass(frozen=True)
class Who:
    """Somebody who is looked for: every way to write their contact, and the conversations that it was given in."""

    contacts: frozenset[str]
    conversations: frozenset[UUID] = frozenset()


@dataclass(frozen=True)
class Record:
    """A row that is about somebody, with the rows that belong to it. `coming`: somebody still counts on it."""

    table: str
    key: str
    values: dict[str, Any]  # Any: JSON values of the columns
    parts: tuple[Record, ...] = ()
    coming: bool = False


@dataclass(frozen=True)
class Erasing:
    """Who erases, when, and under which settings."""

    now: datetime
    settings: Settings
    actor: str


@dataclass(frozen=True)
class Holding:
    """One kind of data about people; `api/privacy/holdings.yml` says in Swedish what, why and for how long.

    `retire` erases what is due. `find` gives the rows about somebody, `conversations` the ids of conversations that
    a contact was given in, and `erase` takes one found row away, by its key.
    """

    name: str
    tables: tuple[Columns, ...] = ()
    retire: Callable[[Session, Settings, datetime], object] | None = None
    conversations: Callable[[Session, frozenset[str]], Iterable[UUID]] | None = None
    find: Callable[[Session, Who, datetime], list[Record]] | None = None
    erase: Callable[[Session, str, Erasing], None] | None = None


def record(row: Base, columns: Columns, *, parts: Iterable[Record] = (), coming: bool = False) -> Record:
    """A row as it is shown and exported: everything but what is hidden, and without the secret links in texts."""
    names = (*columns.personal, *columns.plain)
    keys = inspect(row).identity or ()
    values = {name: _without_links(to_json(getattr(row, name))) for name in names}
    return Record(columns.table, " ".join(map(str, keys)), values, tuple(parts), coming)


def _without_links(value: Any) -> Any:  # Any: JSON
    """Whoever looks up somebody's data must not be able to cancel a meeting as them."""
    if isinstance(value, str):
        return _SECRET_LINK.sub(r"\1…", value)
    if isinstance(value, dict):
        return {name: _without_links(each) for name, each in value.items()}
    return [_without_links(each) for each in value] if isinstance(value, list) else value

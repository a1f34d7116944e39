"""The view of the catalogue that each process keeps, one a database, and renews when the catalogue or the day changes.

What is not committed is never in it (but see `as_if`): it is read through a connection of its own. A small catalogue
is read anew before the search that needs it. Where that takes longer than a person should wait, it happens beside the
searches: the first waits as long as a person should, and they meanwhile answer from a view that is some seconds old.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from weakref import WeakKeyDictionary

from sqlalchemy import Connection, Engine, select
from sqlalchemy.orm import Session
from sqlalchemy.pool import Pool

from api.catalogue.search import PUBLIC, can_be_joined, folded
from api.catalogue.search_rows import CourseRow, NodeRow, OccasionRow, Place, Rows, Trade
from api.catalogue.search_stamp import Stamp, read_stamp
from api.catalogue.search_view import View
from api.catalogue.tables import UPSKILLING, Course, Municipality, Node, Occasion
from api.guidance.tables import Occupation

_TOO_LONG = 0.4
"""Seconds a search may wait for the catalogue to be read anew."""
_A_DAY = timedelta(days=1)


@dataclass(frozen=True)
class _Kept:
    stamp: Stamp
    view: View
    seconds: float


class _Index:
    """The view of one database."""

    def __init__(self) -> None:
        self._reading = threading.Lock()
        self._kept: _Kept | None = None

    def view(self, session: Session, day: date) -> View:
        """What the session's database holds on `day`."""
        stamp = read_stamp(session)
        kept = self._kept
        if kept is not None and kept.stamp == stamp and kept.view.day == day:
            return kept.view
        engine = session.get_bind().engine
        if kept is not None and kept.seconds > _TOO_LONG and abs(day - kept.view.day) <= _A_DAY:
            if self._reading.acquire(blocking=False):
                renewal = threading.Thread(target=self._renew_beside, args=(engine, day), daemon=True)
                renewal.start()
                renewal.join(_TOO_LONG)  # the last reading may have been slow by chance
                kept = self._kept or kept
            return kept.view
        with self._reading:
            return self._renew(engine, day).view

    def _renew_beside(self, engine: Engine, day: date) -> None:
        try:
            self._renew(engine, day)
        finally:
            self._reading.release()

    def _renew(self, engine: Engine, day: date) -> _Kept:
        """Read the catalogue, unless another thread just has. `_reading` must be held."""
        read_only = engine.execution_options(read_only=True)
        if engine.dialect.name != "sqlite":  # SQLite's transactions are like this anyway: all statements see one state
            read_only = engine.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
        began = time.perf_counter()
        with read_only.begin() as connection:
            stamp = read_stamp(connection)
            kept = self._kept
            if kept is None or kept.stamp != stamp or kept.view.day != day:
                view = View(_read(connection, day), day)
                self._kept = kept = _Kept(stamp, view, time.perf_counter() - began)
        return kept


_indexes: WeakKeyDictionary[Pool, _Index] = WeakKeyDictionary()
_opening = threading.Lock()
_AS_IF = "search_as_if"


@contextmanager
def as_if(session: Session) -> Iterator[None]:
    """Searches of the session also find what it has only supposed, for a look ahead.

    They answer from one reading, at the first of them: suppose first, then search.
    """
    session.info[_AS_IF] = {}
    try:
        yield
    finally:
        del session.info[_AS_IF]


def view_of(session: Session, day: date) -> View:
    """The view of the session's database on a Swedish calendar day; with what it has not committed, inside `as_if`."""
    supposed: dict[date, View] | None = session.info.get(_AS_IF)
    if supposed is not None:
        if day not in supposed:
            session.flush()
            supposed[day] = View(_read(session.connection(), day), day)
        return supposed[day]
    with _opening:
        index = _indexes.setdefault(session.get_bind().engine.pool, _Index())
    return index.view(session, day)


def _read(connection: Connection, day: date) -> Rows:
    occasions = connection.execute(
        select(
            Occasion.id,
            Occasion.external_id,
            Occasion.course_id,
            Occasion.start_date,
            Occasion.end_date,
            Occasion.apply_from,
            Occasion.apply_to,
            Occasion.continuous,
            Occasion.pace,
            Occasion.distance,
            Occasion.status,
            Occasion.example,
        ).where(Occasion.status.in_(PUBLIC), can_be_joined(day))
    )
    courses = connection.execute(
        select(
            Course.id,
            Course.title,
            Course.description,
            Course.occupation_id,
            Course.node_id,
            Course.kind == UPSKILLING,
            Course.sfi_combined,
        )
    )
    nodes = connection.execute(select(Node.id, Node.town, Node.municipality_id, Node.lat, Node.lon))
    municipalities = connection.execute(
        select(
            Municipality.id,
            Municipality.name,
            Municipality.lat,
            Municipality.lon,
            Municipality.aliases,
            Municipality.misspellings,
        ).order_by(Municipality.id)
    )
    occupations = connection.execute(
        select(Occupation.id, Occupation.slug, Occupation.title, Occupation.aliases, Occupation.misspellings).order_by(
            Occupation.id
        )
    )
    return Rows(
        occasions=[OccasionRow._make(row) for row in occasions],
        courses=[CourseRow(*row) for row in courses],
        nodes=[NodeRow(*row) for row in nodes],
        places=[
            Place(row.id, row.name, row.lat, row.lon, tuple(folded([row.name, *row.aliases, *row.misspellings])))
            for row in municipalities
        ],
        trades=[
            Trade(row.id, row.slug, row.title, (row.title, *row.aliases), tuple(row.misspellings))
            for row in occupations
        ],
    )

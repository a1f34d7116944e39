"""The search for courses at three sizes of catalogue, beside plain LIKE in the same database.

And what the chat says of the same catalogues, without the bot: the api's part of an answer.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import TypeVar

from sqlalchemy import ColumnElement, create_engine, func, make_url, select, text
from sqlalchemy.orm import Session

from api.catalogue import service
from api.catalogue.search import PUBLIC, can_be_joined
from api.catalogue.search_form import SearchForm, read_form
from api.catalogue.search_index import view_of
from api.catalogue.tables import Course, Municipality, Node, Occasion
from api.chat.topics import handle
from api.database import Database
from api.guidance.tables import Occupation
from api.guidance.turn import Turn
from api.replies import Query
from bench.catalogue import TODAY, fill
from bench.figures import Times
from bench.results import Results

SIZES = (200, 20_000, 272_000)
PART = "Search for courses"
ASKED: tuple[dict[str, str], ...] = (
    {},
    {"sida": "40"},
    {"sida": "100000"},
    {"q": "svetskurs"},
    {"q": "svetsutbildning"},
    {"q": "svetsa karlstad"},
    {"q": "industrielekriker"},
    {"q": "cnc fräs arvika"},
    {"q": "ritning"},
    {"q": "asdfqwer"},
    {"yrke": "svetsare", "ort": "Arvika"},
    {"ort": "Torsby"},
    {"ort": "Torsby", "sida": "300"},
    {"ordning": "sista-dag"},
    {"ordning": "sista-dag", "sida": "300"},
    {"oppen": "ja", "takt": "50"},
    {"distans": "nej"},
    {"termin": "ht2027"},
    {"fran": "2027-03-01"},
    {"studieort": "Karlstad", "takt": "100"},
)
CHAT: dict[str, tuple[Query, ...]] = {
    "course_search": (
        Query(),
        Query(occupation="svetsare"),
        Query(occupation="svetsare", place="Arvika"),
        Query(place="Torsby"),
        Query(occupation="cnc-operator", pace="distans"),
        Query(start="2027-01-01/2027-03-31", pace="50"),
        Query(occupation="montor", start="2031-01-01/2031-06-30"),
    ),
    "apply_deadline": (Query(), Query(occupation="svetsare"), Query(occupation="svetsare", place="Torsby")),
    "course_start": (Query(), Query(start="2027-08-01/2027-08-31"), Query(occupation="montor", place="Kil")),
    "course_length": (Query(occupation="svetsare"), Query(occupation="svetsare", place="Torsby")),
}
"""Topics of the chat and what was said."""
_NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
_Asked = TypeVar("_Asked")
_FACETS = (Occupation.slug, Municipality.name, Occasion.start_date, Occasion.pace, Occasion.distance, Occasion.status)


def measure_search(folder: Path, results: Results, *, rounds: int, sizes: tuple[int, ...] = SIZES) -> None:
    """Times of a search with its counts and its page of twenty, and of the chat's answers about courses.

    On SQLite, and on PostgreSQL where tests are.
    """
    for kind in ("SQLite", *(["PostgreSQL"] if os.environ.get("IV_TEST_POSTGRES_URL") else [])):
        times = {size: _measure_size(folder, kind, size, results, rounds) for size in sizes}
        for size in sizes[1:]:
            for what, ours in times[size].items():
                results.compare(PART, f"{kind}, {what}{size} : {sizes[0]}", ours, times[sizes[0]][what])


def _measure_size(folder: Path, kind: str, size: int, results: Results, rounds: int) -> dict[str, Times]:
    """Times by what was asked: the search under no name, then each topic of the chat."""
    with database_of(folder, kind, size) as database:
        fill(database, size)
        name = f"{kind}, {size}"
        with database.transaction(read_only=True) as session:
            began = time.perf_counter()
            view_of(session, TODAY)
            results.figure(PART, f"{name}, reading the catalogue", time.perf_counter() - began, "s")
        forms = [read_form(parameters) for parameters in ASKED]
        ours = _time(database, forms, rounds, lambda session, form: service.search(session, form, TODAY))
        rival = _time(database, forms, 1 if size > SIZES[1] else rounds, like)
        results.times(PART, f"{name}, ours", ours)
        results.times(PART, f"{name}, LIKE and GROUP BY", rival)
        results.compare(PART, f"{name}, LIKE : ours", rival, ours)
        results.figure(PART, f"{name}, LIKE : ours, p95", rival.p95 / ours.p95, "x")
        measured = {"": ours}
        for topic, queries in CHAT.items():
            turns = [partial(_turn, topic=topic, said=said) for said in queries]
            times = _time(database, turns, rounds, lambda session, turn: handle(turn(session)))
            results.times(PART, f"{name}, chat {topic}", times)
            measured[f"chat {topic}, "] = times
        return measured


def _turn(session: Session, topic: str, said: Query) -> Turn:
    return Turn(session, _NOW, "https://example.org", topic, said, Query())


def _time(
    database: Database, asked: Sequence[_Asked], rounds: int, answer: Callable[[Session, _Asked], object]
) -> Times:
    seconds = []
    for _ in range(rounds):
        for each in asked:
            with database.transaction(read_only=True) as session:
                began = time.perf_counter()
                answer(session, each)
                seconds.append(time.perf_counter() - began)
    return Times.of(seconds)


def like(session: Session, form: SearchForm) -> None:
    """The rival: every word in the title or the occupation by LIKE, a count, a page by OFFSET, counts by GROUP BY.

    It finds less (no slips, no compounds), and does not measure distances.
    """
    conditions: list[ColumnElement[bool]] = [Occasion.status.in_(PUBLIC), can_be_joined(TODAY)]
    for word in form.words.split():
        conditions.append(func.lower(Course.title + " " + Occupation.title).like(f"%{word}%"))
    if form.occupation:
        conditions.append(Occupation.slug == form.occupation)
    if form.town:
        conditions.append(Municipality.name == form.town)
    if form.pace:
        conditions.append(Occasion.pace == form.pace)
    if form.distance is not None:
        conditions.append(Occasion.distance.is_(form.distance))
    if form.start_from:
        conditions.append(Occasion.start_date >= form.start_from)
    joined = select(Occasion).join(Occasion.course).join(Course.node).join(Node.municipality).join(Course.occupation)
    found = joined.where(*conditions)
    total = session.scalar(found.with_only_columns(func.count())) or 0
    first = min(20 * (form.page - 1), max(0, total - 20))
    order = Occasion.apply_to if form.order == "deadline" else Occasion.start_date
    session.scalars(found.order_by(order, Occasion.external_id).offset(first).limit(20)).all()
    for column in _FACETS:
        session.execute(found.with_only_columns(column, func.count()).group_by(column)).all()


@contextmanager
def database_of(folder: Path, kind: str, size: int) -> Iterator[Database]:
    """A new database of that kind ("SQLite", "PostgreSQL"), gone afterwards."""
    if kind == "SQLite":
        database = Database(f"sqlite:///{folder / f'search_{size}.db'}")
        yield database
        database.dispose()
        return
    url = make_url(os.environ["IV_TEST_POSTGRES_URL"]).set(drivername="postgresql+psycopg")
    name = f"iv_bench_{os.getpid()}"
    server = create_engine(url, isolation_level="AUTOCOMMIT")
    try:
        with server.connect() as connection:
            connection.execute(text(f'CREATE DATABASE "{name}"'))
        database = Database(url.set(database=name).render_as_string(hide_password=False))
        try:
            yield database
        finally:
            database.dispose()
            with server.connect() as connection:
                connection.execute(text(f'DROP DATABASE "{name}"'))
    finally:
        server.dispose()

"""Catalogues of any size to search in: real occupations and texts from the seed, everything else drawn by a fixed seed.

About as a national catalogue is: five occasions a course, a node for every 450 occasions (six at least), 290
municipalities at most, starts over two years, one occasion in ten continuous. Titles repeat from node to node.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy import delete, insert, select

from api.catalogue.tables import Course, Municipality, Node, Occasion
from api.database import Database
from api.guidance.tables import Occupation
from api.migrations.runner import migrate
from api.seed.load import seed

TODAY = date(2026, 11, 23)
_KINDS = ("grund", "fortsättning", "yrkespaket", "lärling", "på deltid", "med svenska", "validering", "påbyggnad")
_MUNICIPALITIES = 290
_BATCH = 5_000

Row = dict[str, Any]  # Any: a row of any table


def fill(database: Database, occasions: int) -> None:
    """Migrate an empty database and fill it with that many occasions."""
    draw = random.Random(7)
    migrate(database)
    with database.transaction() as session:
        seed(session, datetime(2026, 11, 23, 9, tzinfo=UTC))
        texts = list(session.scalars(select(Course.description)))
        titles = list(session.scalars(select(Course.title).distinct()))
        trades = session.execute(select(Occupation.id, Occupation.title)).all()
        session.execute(delete(Occasion))
        session.execute(delete(Course))
        known = session.execute(select(Municipality.id, Municipality.lat, Municipality.lon)).all()
        for number in range(len(known), min(_MUNICIPALITIES, occasions // 60)):
            session.add(
                Municipality(
                    code=f"{number + 3000}",
                    name=f"Kommun {number}",
                    concept_id=f"k{number}",
                    lat=draw.uniform(55.4, 68.0),
                    lon=draw.uniform(11.5, 22.0),
                )
            )
        session.flush()
        places = session.execute(select(Municipality.id, Municipality.lat, Municipality.lon)).all()
        first = session.scalars(select(Node.id)).all()
        for number in range(len(first), occasions // 450):
            place = places[number % len(places)]
            values: Row = {"lat": place.lat, "lon": place.lon, "phone": "031-390 06 00", "opening_hours": "8–16"}
            session.add(
                Node(
                    slug=f"nod-{number}",
                    town=f"Ort {number}",
                    name=f"Nod {number}",
                    municipality_id=place.id,
                    email="nod@example.org",
                    **values,
                )
            )
        session.flush()
        nodes = session.scalars(select(Node.id)).all()
        for rows in _batches(_courses(draw, occasions // 5, nodes, trades, titles, texts)):
            session.execute(insert(Course), rows)
        courses = session.scalars(select(Course.id).order_by(Course.id)).all()
        for rows in _batches(_occasions(draw, occasions, courses)):
            session.execute(insert(Occasion), rows)
    with database.engine.connect() as connection:
        connection.exec_driver_sql("ANALYZE")


def _courses(
    draw: random.Random, count: int, nodes: Any, trades: Any, titles: list[str], texts: list[str]
) -> Iterator[Row]:  # Any: rows of ids
    seen: set[tuple[int, int, str]] = set()
    while len(seen) < count:
        trade = draw.choice(trades)
        title = f"{draw.choice([trade.title, trade.title, draw.choice(titles)])}, {draw.choice(_KINDS)}"
        node = draw.choice(nodes)
        if (node, trade.id, title) in seen:
            title = f"{title} {len(seen)}"
        seen.add((node, trade.id, title))
        text = f"{draw.choice(texts)} {draw.choice(texts)} Kursplan {draw.randrange(count // 4 + 1)}."
        yield {"title": title, "node_id": node, "occupation_id": trade.id, "description": text, "credits": 800}


def _occasions(draw: random.Random, count: int, courses: Any) -> Iterator[Row]:  # Any: a list of ids
    for number in range(count):
        start = TODAY + timedelta(days=draw.randrange(-120, 600))
        yield {
            "external_id": f"B-{number}",
            "course_id": courses[number % len(courses)],
            "start_date": start,
            "end_date": start + timedelta(days=280),
            "apply_from": start - timedelta(days=120),
            "apply_to": start - timedelta(days=30),
            "continuous": draw.random() < 0.1,
            "pace": draw.choice((100, 100, 100, 75, 50, 50, 25)),
            "distance": draw.random() < 0.2,
            "status": draw.choices(("published", "full", "cancelled", "draft"), (85, 8, 4, 3))[0],
            "updated_at": datetime(2026, 11, 1, tzinfo=UTC),
        }


def _batches(rows: Iterator[Row]) -> Iterator[list[Row]]:
    batch: list[Row] = []
    for row in rows:
        batch.append(row)
        if len(batch) == _BATCH:
            yield batch
            batch = []
    if batch:
        yield batch

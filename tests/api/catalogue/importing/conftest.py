"""Builders for catalogue files, and a database with two nodes and two occupations."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable

import pytest

from api.catalogue.importing.names import Names
from api.catalogue.importing.rows import RowReader
from api.catalogue.tables import Municipality, Node
from api.database import Database
from api.guidance.tables import Occupation

OCCUPATIONS = [("svetsare", "Svetsare", ["svetsning", "tig-svets"]), ("cnc-operator", "CNC-operatör", ["fräsare"])]
TOWNS = [("karlstad", "Karlstad", "Industrinoden i Karlstad"), ("saffle", "Säffle", "Industrinoden i Säffle")]

DEFAULTS = {
    "external_id": "K-1",
    "title": "Svetsare, grund",
    "occupation": "Svetsare",
    "node": "Karlstad",
    "status": "published",
}

MakeFile = Callable[..., bytes]


@pytest.fixture
def reader() -> RowReader:
    return RowReader(
        occupations=Names.of(OCCUPATIONS, unknown="cell_occupation"),
        nodes=Names.of(((slug, town, [name]) for slug, town, name in TOWNS), unknown="cell_node"),
    )


@pytest.fixture
def make_file() -> MakeFile:
    """A catalogue file of rows given as dicts over the defaults; every column any row names is in the header."""

    def make(*rows: dict[str, str], separator: str = ";", encoding: str = "utf-8") -> bytes:
        columns = list(dict.fromkeys([*DEFAULTS, *(column for row in rows for column in row)]))
        text = io.StringIO(newline="")
        writer = csv.DictWriter(text, columns, delimiter=separator, restval="")
        writer.writeheader()
        writer.writerows({**DEFAULTS, **row} for row in rows)
        return text.getvalue().encode(encoding)

    return make


@pytest.fixture
def catalogue(database: Database) -> Database:
    """A migrated database of each kind with the nodes and occupations above, and no courses."""
    with database.transaction() as session:
        municipality = Municipality(code="1780", name="Karlstad", concept_id="hRDj_PoV_sFU", lat=59.4, lon=13.5)
        session.add(municipality)
        session.flush()
        for slug, title, aliases in OCCUPATIONS:
            session.add(Occupation(slug=slug, title=title, aliases=aliases))
        for slug, town, name in TOWNS:
            session.add(
                Node(
                    slug=slug,
                    town=town,
                    name=name,
                    municipality_id=municipality.id,
                    lat=59.4,
                    lon=13.5,
                    phone="031-390 06 11",
                    email=f"vagledning.{slug}@example.org",
                    opening_hours="Måndag 8.00–16.00",
                )
            )
    return database

"""What the bot needs to know of the catalogue to recognise occupations and places."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from api.catalogue.search_stamp import Stamp, read_stamp
from api.catalogue.tables import Municipality, Node
from api.database import Database
from api.guidance.tables import Occupation
from api.whole_files import write_whole


def gazetteer(session: Session) -> dict[str, list[Any]]:
    """Names of occupations, municipalities and nodes, always in the same order: the model is built from them.

    Any: entries differ per kind, see the keys.
    """
    occupations = session.scalars(select(Occupation)).all()
    places = session.scalars(select(Municipality)).all()
    return {
        "occupations": [
            {
                "slug": occupation.slug,
                "names": [occupation.title, *_ordered(occupation.aliases, without=occupation.title)],
                "phrases": _ordered(occupation.phrases),
                "misspellings": _ordered(occupation.misspellings),
            }
            for occupation in sorted(occupations, key=lambda occupation: occupation.slug)
        ],
        "places": [
            {
                "name": place.name,
                "names": [place.name, *_ordered(place.aliases, without=place.name)],
                "misspellings": _ordered(place.misspellings),
            }
            for place in sorted(places, key=lambda place: place.name)
        ],
        "nodes": sorted(set(session.scalars(select(Node.town)))),
    }


class NamesKeeper:
    """Rewrites the gazetteer when the catalogue has changed; the bot reads the file again. Called by the worker."""

    def __init__(self, database: Database, path: Path) -> None:
        self._database, self._path = database, path
        self._stamp: Stamp | None = None

    def __call__(self) -> None:
        """Look, and write if there is anything new."""
        with self._database.transaction(read_only=True) as session:
            stamp = read_stamp(session)
            if stamp != self._stamp or not self._path.is_file():
                write_gazetteer(session, self._path)
        self._stamp = stamp


def write_gazetteer(session: Session, path: Path) -> bool:
    """Write the gazetteer as JSON (UTF-8) to `path`, whole or not at all. Whether the content is new."""
    return write_whole(path, json.dumps(gazetteer(session), ensure_ascii=False, indent=1, sort_keys=True) + "\n")


def _ordered(names: Iterable[str], without: str = "") -> list[str]:
    return sorted(set(names) - {without})

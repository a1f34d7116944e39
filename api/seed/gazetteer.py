"""What the bot needs to know of the catalogue to recognise occupations and places."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from api.catalogue.tables import Municipality, Node
from api.guidance.tables import Occupation


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


def write_gazetteer(session: Session, path: Path) -> bool:
    """Write the gazetteer as JSON (UTF-8) to `path`, whole or not at all. Whether the content is new."""
    content = json.dumps(gazetteer(session), ensure_ascii=False, indent=1, sort_keys=True) + "\n"
    if path.is_file() and path.read_text("utf-8") == content:
        return False
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    part.write_text(content, "utf-8")
    part.replace(path)
    return True


def _ordered(names: Iterable[str], without: str = "") -> list[str]:
    return sorted(set(names) - {without})

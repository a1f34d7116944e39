"""Filling an empty database from the files in this folder.

Safe to repeat: only what is missing is added, and nothing that staff have changed is touched. The example catalogue
goes through the same import as staff's files, and only while there is no occasion at all.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import yaml
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from api.booking.seed import seed_counsellors
from api.catalogue.importing.files import read_bytes, read_sheet
from api.catalogue.importing.service import apply_import
from api.catalogue.tables import Municipality, Node, Occasion, Region
from api.guidance.tables import PARTS, Answer, Occupation

_FOLDER = Path(__file__).parent
_CATALOGUE = "catalogue.csv"

Entry = dict[str, Any]  # Any: YAML


class SeedError(RuntimeError):
    """A seed file is wrong; the message names it."""


@dataclass(frozen=True)
class Seeded:
    """How many rows of each kind were added."""

    municipalities: int
    nodes: int
    occupations: int
    answers: int
    counsellors: int
    occasions: int


def seed(session: Session, now: datetime, folder: Path = _FOLDER) -> Seeded:
    """Add what is missing. Raises SeedError when the example catalogue has a row that the import rejects."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("SELECT pg_advisory_xact_lock(7130422)"))  # several processes may start at once
    _add_missing(session, Region.code, _read(folder, "regions"), "code", _region)
    municipalities = _add_missing(session, Municipality.code, _read(folder, "municipalities"), "code", _municipality)
    codes = dict(session.execute(select(Municipality.code, Municipality.id)).all())
    nodes = _add_missing(session, Node.slug, _read(folder, "nodes"), "slug", lambda entry: _node(entry, codes))
    records = _read(folder, "occupations")
    occupations = _add_missing(session, Occupation.slug, records, "slug", _occupation)
    _complete_occupations(session, records)
    answers = [{"topic": topic, **entry} for topic, entry in _read(folder, "answers").items()]
    return Seeded(
        municipalities=municipalities,
        nodes=nodes,
        occupations=occupations,
        answers=_add_missing(session, Answer.topic, answers, "topic", lambda entry: _answer(entry, now)),
        counsellors=seed_counsellors(session, _read(folder, "counsellors")),
        occasions=_example_catalogue(session, folder, now),
    )


def _add_missing(
    session: Session, column: Any, entries: Iterable[Entry], key: str, make: Callable[[Entry], object]
) -> int:  # `column` is Any: an ORM attribute of whichever table
    present = set(session.scalars(select(column)))
    missing = [make(entry) for entry in entries if entry[key] not in present]
    session.add_all(missing)
    session.flush()
    return len(missing)


def _region(entry: Entry) -> Region:
    return Region(**entry)


def _municipality(entry: Entry) -> Municipality:
    return Municipality(**entry)


def _node(entry: Entry, codes: dict[str, int]) -> Node:
    values = dict(entry)
    return Node(municipality_id=codes[values.pop("municipality_code")], **values)


def _occupation(entry: Entry) -> Occupation:
    return Occupation(**entry)


def _complete_occupations(session: Session, entries: Iterable[Entry]) -> None:
    """Give occupations from before the records existed what they lack; what somebody has written stays."""
    rows = {occupation.slug: occupation for occupation in session.scalars(select(Occupation))}
    for entry in entries:
        row = rows[entry["slug"]]
        for name in ("area", "group_concept_id", *PARTS, "easy_parts", "related", "guide"):
            if not getattr(row, name) and entry.get(name):
                setattr(row, name, entry[name])
    session.flush()


def _answer(entry: Entry, now: datetime) -> Answer:
    source = entry.get("source") or {}
    return Answer(
        topic=entry["topic"],
        title=entry["title"],
        text=entry["text"],
        easy=entry["easy"],
        choices=entry.get("choices") or [],
        source_title=source.get("title"),
        source_url=source.get("url"),
        checked_on=source.get("checked_on"),
        review_on=entry.get("review_on"),
        updated_at=now,
    )


def _example_catalogue(session: Session, folder: Path, now: datetime) -> int:
    if session.scalar(select(Occasion.id).limit(1)) is not None:
        return 0
    sheet = read_sheet(read_bytes(folder / _CATALOGUE))
    plan = apply_import(session, sheet, file_name=_CATALOGUE, now=now, actor="system", example=True).plan
    if plan.rejected:
        row = plan.rejected[0]
        raise SeedError(f"{_CATALOGUE}, line {row.line}, {row.problems[0].column}: {row.problems[0].reason}")
    return len(plan.new)


def _read(folder: Path, name: str) -> Any:  # Any: YAML
    return yaml.safe_load((folder / f"{name}.yml").read_text("utf-8"))

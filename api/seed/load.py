"""Filling an empty database from the files in this folder.

Safe to repeat: each row is planted once (`planting`), so that what staff have changed, emptied or removed stays as they
left it. The example catalogue goes through the same import as staff's files.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import yaml
from sqlalchemy import select
from sqlalchemy.orm import InstrumentedAttribute, Session

from api.booking.seed import seed_counsellors
from api.booking.tables import Counsellor
from api.catalogue.importing.files import read_bytes, read_sheet
from api.catalogue.importing.service import apply_import
from api.catalogue.tables import ImportBatch, Municipality, Node, Occasion, Region
from api.clock import stockholm_date
from api.contact.enquiries.seed import seed_routes
from api.contact.enquiries.tables import EnquiryRoute
from api.contact.hosts.tables import ReceivingCompany
from api.contact.networks.tables import Network
from api.contact.seed import seed_companies, seed_networks
from api.database import Base, one_at_a_time
from api.events.seed import seed_events
from api.events.tables import Event
from api.guidance.tables import PARTS, Answer, Occupation
from api.insight.accessibility.service import seed_statement
from api.seed.days import moved
from api.seed.planting import gone, is_noted, is_unplanted, unplanted

_FOLDER = Path(__file__).parent
_CATALOGUE = "catalogue.csv"
_RECORD = "occupation_record"
"""What is noted of an occupation whose record has been filled in."""
_RECORD_COLUMNS = ("area", "group_concept_id", *PARTS, "easy_parts", "related", "guide")

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
    networks: int = 0
    companies: int = 0
    statements: int = 0
    routes: int = 0
    events: int = 0


def seed(session: Session, now: datetime, folder: Path = _FOLDER) -> Seeded:
    """Add what never came. Raises SeedError when the example catalogue has a row that the import rejects."""
    one_at_a_time(session, "seed")  # several processes may start at once
    _plant(session, Region.code, _read(folder, "regions"), _region, now)
    municipalities = _plant(session, Municipality.code, _read(folder, "municipalities"), _municipality, now)
    codes = dict(session.execute(select(Municipality.code, Municipality.id)).all())
    nodes = _plant(session, Node.slug, _read(folder, "nodes"), lambda entry: _node(entry, codes), now)
    records = _read(folder, "occupations")
    occupations = _plant(session, Occupation.slug, records, _occupation, now)
    _complete_occupations(session, records, now)
    answers = [{"topic": topic, **entry} for topic, entry in _read(folder, "answers").items()]
    networks = _new(session, Network.slug, _read(folder, "networks"), now, as_set=True)
    return Seeded(
        municipalities=municipalities,
        nodes=nodes,
        occupations=occupations,
        answers=_plant(session, Answer.topic, answers, lambda entry: _answer(entry, now), now),
        counsellors=_counsellors(session, _read(folder, "counsellors"), now),
        occasions=_example_catalogue(session, folder, now),
        networks=seed_networks(session, networks, now),
        companies=_examples(
            session, ReceivingCompany, now, lambda: seed_companies(session, _read(folder, "hosts"), codes, now)
        ),
        routes=_examples(
            session, EnquiryRoute, now, lambda: seed_routes(session, _read(folder, "enquiry_routes"), now)
        ),
        events=_examples(session, Event, now, lambda: seed_events(session, _read(folder, "events"), now)),
        statements=seed_statement(session, _read(folder, "accessibility"), now),
    )


def _plant(
    session: Session,
    name: InstrumentedAttribute[str],
    entries: Iterable[Entry],
    make: Callable[[Entry], object],
    now: datetime,
) -> int:
    """Add the rows that never came; how many. `name` is the column by which the seed knows them."""
    rows = [make(entry) for entry in _new(session, name, entries, now)]
    session.add_all(rows)
    session.flush()
    return len(rows)


def _new(
    session: Session, name: InstrumentedAttribute[str], entries: Iterable[Entry], now: datetime, *, as_set: bool = False
) -> list[Entry]:
    listed = list(entries)
    missing = unplanted(session, name, [entry[name.key] for entry in listed], now, as_set=as_set)
    return [entry for entry in listed if entry[name.key] in missing]


def _examples(session: Session, model: type[Base], now: datetime, make: Callable[[], int]) -> int:
    return make() if is_unplanted(session, [model], now) else 0


def _counsellors(session: Session, entries: Iterable[Entry], now: datetime) -> int:
    """Those that never came, except at nodes that staff have removed."""
    removed = gone(session, Node.slug)
    rows = [entry for entry in _new(session, Counsellor.slug, entries, now) if entry["node"] not in removed]
    return seed_counsellors(session, rows)


def _region(entry: Entry) -> Region:
    return Region(**entry)


def _municipality(entry: Entry) -> Municipality:
    return Municipality(**entry)


def _node(entry: Entry, codes: dict[str, int]) -> Node:
    values = dict(entry)
    return Node(municipality_id=codes[values.pop("municipality_code")], **values)


def _occupation(entry: Entry) -> Occupation:
    return Occupation(**entry)


def _complete_occupations(session: Session, entries: Iterable[Entry], now: datetime) -> None:
    """Give occupations from before the records existed their record, once. One that has any of it has had it all."""
    rows = {occupation.slug: occupation for occupation in session.scalars(select(Occupation))}
    for entry in entries:
        row = rows.get(entry["slug"])
        noted = is_noted(session, _RECORD, entry["slug"], now)
        if noted or row is None or any(getattr(row, name) for name in _RECORD_COLUMNS):
            continue
        for name in _RECORD_COLUMNS:
            if entry.get(name):
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
    if not is_unplanted(session, [Occasion, ImportBatch], now):
        return 0
    sheet = moved(read_sheet(read_bytes(folder / _CATALOGUE)), stockholm_date(now))
    plan = apply_import(session, sheet, file_name=_CATALOGUE, now=now, actor="system", example=True).plan
    if plan.rejected:
        row = plan.rejected[0]
        raise SeedError(f"{_CATALOGUE}, line {row.line}, {row.problems[0].column}: {row.problems[0].reason}")
    return len(plan.new)


def _read(folder: Path, name: str) -> Any:  # Any: YAML
    return yaml.safe_load((folder / f"{name}.yml").read_text("utf-8"))

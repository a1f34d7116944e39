"""Importing Yrkesbarometern, and finding what it says about an occupation."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from api.catalogue.tables import Region
from api.guidance.outlook.errors import OutlookRefused
from api.guidance.outlook.reading import TEXTS, read_rows
from api.guidance.outlook.tables import WHOLE_COUNTRY, Outlook
from api.guidance.tables import Occupation
from api.staff import audit

_STEM = 6
"""So many letters of an occupation's title are looked for in Yrkesbarometern's name: singular and plural share them."""


@dataclass(frozen=True)
class Imported:
    """What an import stored: the period, how many rows, and titles of our occupations with and without a row."""

    period: str
    rows: int
    found: list[str]
    missing: list[str]


def import_outlook(session: Session, data: bytes, *, now: datetime, actor: str) -> Imported:
    """Replace what is stored by the file's rows for our regions and the whole country.

    Raises OutlookRefused when the file cannot be used, is of an older period, or has nothing about our regions.
    """
    rows = read_rows(data)
    period = rows[0].period
    stored = session.scalar(select(Outlook.period).limit(1))
    if stored is not None and stored > period:  # "2026-1" < "2026-2" < "2027-1"
        raise OutlookRefused(TEXTS("older", period=period, stored=stored))
    ours = set(session.scalars(select(Region.code)))
    kept = [row for row in rows if row.region in ours | {WHOLE_COUNTRY}]
    if not any(row.region in ours for row in kept):
        raise OutlookRefused(TEXTS("no_region"))
    session.execute(delete(Outlook))
    session.add_all(Outlook(**{**asdict(row), "ssyk": list(row.ssyk)}, imported_at=now) for row in kept)
    session.flush()
    audit.record(
        session, at=now, actor=actor, action="import_outlook", subject="outlook", period=period, rows=len(kept)
    )
    found: list[str] = []
    missing: list[str] = []
    assessed = assessments(session, ours)
    for occupation in session.scalars(select(Occupation).order_by(Occupation.title)):
        (found if best_outlook(occupation, assessed) else missing).append(occupation.title)
    return Imported(period, len(kept), found, missing)


def assessments(session: Session, regions: Collection[str]) -> list[Outlook]:
    """The rows that assess something, in `regions` (two-digit codes) and the whole country."""
    rows = session.scalars(select(Outlook).where(Outlook.region.in_([*regions, WHOLE_COUNTRY])).order_by(Outlook.id))
    return [row for row in rows if quotations(row)]


def best_outlook(occupation: Occupation, rows: Sequence[Outlook]) -> Outlook | None:
    """The assessment of an occupation among `rows`: one of a region, else that of the whole country.

    None where the occupation has no SSYK group and no concept id in common with a row, and where several rows share
    the group and none stands out.
    """
    here = _best(occupation, [row for row in rows if row.region != WHOLE_COUNTRY])
    return here or _best(occupation, [row for row in rows if row.region == WHOLE_COUNTRY])


def quotations(row: Outlook) -> list[str]:
    """The texts that assess something, word for word. A text without its assessment is not one."""
    pairs = (
        (row.possibilities, row.possibilities_text),
        (row.situation or row.forecast, row.situation_text),
    )
    return [text for assessed, text in pairs if assessed and text]


def _best(occupation: Occupation, rows: Sequence[Outlook]) -> Outlook | None:
    ids = {*occupation.concept_ids, occupation.group_concept_id}
    by_id = [row for row in rows if row.concept_id in ids]
    candidates = by_id or [row for row in rows if occupation.ssyk and occupation.ssyk in row.ssyk]
    if not candidates:
        return None
    ranked = sorted(candidates, key=lambda row: _distance(occupation, row))
    alike = [row for row in ranked if _distance(occupation, row) == _distance(occupation, ranked[0])]
    return ranked[0] if len({row.concept_id for row in alike}) == 1 else None


def _distance(occupation: Occupation, row: Outlook) -> tuple[bool, int]:
    """How far a row is from the occupation: another name first, then more SSYK groups in the row."""
    stem = occupation.title.casefold()[:_STEM]
    return not any(word.startswith(stem) for word in row.name.casefold().split()), len(row.ssyk)

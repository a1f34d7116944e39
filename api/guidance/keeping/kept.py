"""How the history of occupations is worded."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from api.guidance.keeping.fields import TEXTS
from api.guidance.tables import GUIDE_TRAITS, PARTS, Occupation
from api.staff.kept import Kept

PATH = "/personal/yrken"


def _titles(session: Session, slugs: Any) -> str:  # Any: JSON
    known = dict(session.execute(select(Occupation.slug, Occupation.title)).all())
    return "\n".join(known.get(slug, slug) for slug in slugs)


def _parts(_: Session, texts: Mapping[str, str]) -> str:
    return "\n".join(f"{TEXTS(f'occupation_{part}')}: {texts[part]}" for part in PARTS if texts.get(part))


def _weights(_: Session, guide: Mapping[str, int]) -> str:
    named = [(TEXTS(f"occupation_guide_{trait}"), guide[trait]) for trait in GUIDE_TRAITS if guide.get(trait)]
    return "\n".join(f"{name}: {weight}" for name, weight in named)


KEPT = (
    Kept(
        model=Occupation,
        texts=TEXTS,
        title=lambda row: str(row.title),
        address=lambda row: f"{PATH}/{row.id}",
        words={"related": _titles, "easy_parts": _parts, "guide": _weights},
    ),
)

"""Finding an occupation."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from api.guidance.tables import Occupation


def find_occupation(session: Session, slug: str | None) -> Occupation | None:
    """The occupation with that slug; None for none and for one that is not here (any more)."""
    return session.scalar(select(Occupation).where(Occupation.slug == slug)) if slug else None

"""The id that is proposed for a new occasion; whoever makes it may write another one."""

from __future__ import annotations

from itertools import count

from sqlalchemy import select
from sqlalchemy.orm import Session

from api.catalogue.tables import Course, Occasion


def proposed_id(session: Session, course: Course, term: str = "") -> str:
    """Node, occupation and term (such as `ht2027`), with a number behind when that is taken."""
    base = "-".join(filter(None, (course.node.slug, course.occupation.slug[:28], term)))
    pattern = base.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") + "%"
    taken = set(session.scalars(select(Occasion.external_id).where(Occasion.external_id.like(pattern, escape="\\"))))
    if term and base not in taken:
        return base
    return next(name for number in count(1 if not term else 2) if (name := f"{base}-{number}") not in taken)

"""When what is shown of the catalogue was last changed. Pure.

An occasion is shown with its course and the place where it is given, a course with its place and its occupation: a
change of any of them is news to who reads only what is new.
"""

from __future__ import annotations

from datetime import datetime

from api.catalogue.tables import Occasion


def newest(*moments: datetime | None) -> datetime | None:
    """The latest of the moments that are known."""
    return max((moment for moment in moments if moment is not None), default=None)


def changed_at(occasion: Occasion) -> datetime:
    """The latest change of the occasion, its course or its node."""
    course = occasion.course
    return newest(course.updated_at, course.node.updated_at, occasion.updated_at) or occasion.updated_at

"""What staff should look at: as conditions of the list, as chores of the start page, and before something is published.

Days are Swedish calendar days.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Protocol

from sqlalchemy import ColumnElement, and_, case, func, or_, select
from sqlalchemy.orm import Session

from api.catalogue.keeping.listing_form import PATH, ListForm
from api.catalogue.keeping.wording import TEXTS
from api.catalogue.search import PUBLIC
from api.catalogue.tables import Course, Occasion
from api.clock import stockholm_date
from api.staff.chores import Chore, Chores

SOON = timedelta(days=14)
"""A draft that begins within this time is nearly too late."""
OLD = timedelta(days=30)
"""A draft that nobody has touched for longer may have been forgotten."""
_URGENT = ("ansokan-gatt", "utkast-nara", "gamla-utkast")


def conditions(now: datetime) -> dict[str, ColumnElement[bool]]:
    """What the words of `listing_form.ATTENTION` mean for an occasion; courses without any are looked for apart."""
    today = stockholm_date(now)
    draft = and_(Occasion.status == "draft", Occasion.source == "")  # a mirrored one is a draft on purpose
    undated = and_(Occasion.start_date.is_(None), Occasion.continuous.is_(False))
    return {
        "ansokan-gatt": and_(
            Occasion.status == "published",
            Occasion.continuous.is_(False),
            Occasion.apply_to < today,
            or_(Occasion.start_date.is_(None), Occasion.start_date > today),
        ),
        "utkast-nara": and_(draft, Occasion.start_date.between(today, today + SOON)),
        "gamla-utkast": and_(draft, Occasion.updated_at < now - OLD),
        "utan-start": and_(Occasion.status.in_(PUBLIC), undated),
        "utan-ansokan": and_(Occasion.status == "published", Occasion.apply_url == "", Occasion.contact_email == ""),
    }


def phases(today: date) -> dict[str, ColumnElement[bool]]:
    """Not begun, going on, over: every occasion is one of them. Continuous ones without days go on."""
    over = and_(Occasion.end_date.is_not(None), Occasion.end_date < today)
    coming = case(
        (Occasion.start_date.is_(None), Occasion.continuous.is_(False)),
        else_=Occasion.start_date > today,
    )
    return {
        "kommande": and_(~over, coming),
        "pagaende": and_(~over, ~coming),
        "avslutade": over,
    }


def without_occasions() -> ColumnElement[bool]:
    """Courses that nobody can apply to, because they are never given."""
    return ~select(Occasion.id).where(Occasion.course_id == Course.id).exists()


class Publishable(Protocol):
    """What publishing asks of an occasion; the fields mean what they mean in `api.catalogue.tables.Occasion`."""

    @property
    def continuous(self) -> bool: ...
    @property
    def start_date(self) -> date | None: ...
    @property
    def end_date(self) -> date | None: ...
    @property
    def apply_to(self) -> date | None: ...
    @property
    def apply_url(self) -> str: ...
    @property
    def contact_email(self) -> str: ...


def missing(occasion: Publishable, description: str, today: date) -> list[str]:
    """What an occasion lacks to be of use once it is public, as keys `missing_…` of the texts. `description` is its
    course's."""
    found = []
    if not occasion.continuous:
        if occasion.start_date is None:
            found.append("start")
        elif occasion.start_date < today:
            found.append("start_passed")
        if occasion.apply_to is not None and occasion.apply_to < today:
            found.append("apply_passed")
    if occasion.end_date is not None and occasion.end_date < today:
        found.append("over")
    if not occasion.apply_url and not occasion.contact_email:
        found.append("way_to_apply")
    if not description:
        found.append("description")
    return found


def _waiting(session: Session, now: datetime) -> Iterator[Chore]:
    found = conditions(now)
    counts = session.execute(
        select(*(func.count(case((found[name], 1))) for name in _URGENT)).where(
            Occasion.status.in_(("draft", "published"))
        )
    ).one()
    for name, count in zip(_URGENT, counts, strict=True):
        yield Chore(TEXTS(f"chore_{name.replace('-', '_')}"), count, ListForm(attention=name).address())


CHORES = Chores(PATH, _waiting)

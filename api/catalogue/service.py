"""What the public pages ask of the catalogue: a page of hits, the choices of the search form, and one course."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from math import ceil

from sqlalchemy import select
from sqlalchemy.orm import Session

from api.catalogue.application import application, next_start
from api.catalogue.search import (
    PUBLIC,
    Criteria,
    Hit,
    can_be_joined,
    find_municipality,
    find_occasions,
    find_occupation,
    mentioned_in,
)
from api.catalogue.search_form import SearchForm
from api.catalogue.search_words import Words
from api.catalogue.tables import Course, Municipality, Occasion
from api.guidance.tables import Occupation

PAGE_SIZE = 20


@dataclass(frozen=True)
class Result:
    """One page of hits. `form` holds the choices that were used, `place` and `occupation` also those in the words."""

    form: SearchForm
    place: Municipality | None
    occupation: Occupation | None
    total: int
    first: int
    """Number of the first hit shown, from 1."""
    pages: int
    shown: list[Hit]


@dataclass(frozen=True)
class Choices:
    """What the search form offers: occupations and municipalities in alphabetical order, and the paces that exist."""

    occupations: Sequence[Occupation]
    municipalities: Sequence[Municipality]
    paces: Sequence[int]


def search(session: Session, form: SearchForm, today: date) -> Result:
    """The hits of `form` on `today`. Choices the catalogue does not know are dropped and named in `form.ignored`."""
    form, place, occupation = _known(session, form)
    words = Words.read(session, form.words)
    start_from, start_to = form.window
    criteria = Criteria(
        occupation=form.occupation,
        place=place or words.mentioned.place,
        start_from=start_from,
        start_to=start_to,
        pace=form.pace,
        distance=form.distance,
    )
    hits = words.select(find_occasions(session, criteria, today))
    if form.open_only:
        hits = [hit for hit in hits if application(hit.occasion, today).is_open]
    pages = max(1, ceil(len(hits) / PAGE_SIZE))
    form = form.on_page(min(form.page, pages))
    first = (form.page - 1) * PAGE_SIZE
    return Result(
        form=form,
        place=criteria.place,
        occupation=occupation or words.mentioned.occupation,
        total=len(hits),
        first=first + 1,
        pages=pages,
        shown=hits[first : first + PAGE_SIZE],
    )


def choices(session: Session) -> Choices:
    """What one can choose in the search form."""
    return Choices(
        occupations=session.scalars(select(Occupation).order_by(Occupation.title)).all(),
        municipalities=session.scalars(select(Municipality).order_by(Municipality.name)).all(),
        paces=session.scalars(select(Occasion.pace).where(Occasion.status.in_(PUBLIC)).distinct()).all(),
    )


def public_course(session: Session, course_id: int) -> Course | None:
    """The course with that id, unless all its occasions are drafts."""
    public = select(Occasion.id).where(Occasion.course_id == Course.id, Occasion.status != "draft").exists()
    return session.scalar(select(Course).where(Course.id == course_id, public))


def coming_occasions(session: Session, course: Course, today: date) -> list[Hit]:
    """The course's public occasions one can still join, in order of start; cancelled ones stay, marked as such."""
    query = select(Occasion).where(Occasion.course_id == course.id, Occasion.status != "draft", can_be_joined(today))
    occasions = sorted(
        session.scalars(query), key=lambda occasion: (next_start(occasion, today) or today, occasion.external_id)
    )
    return [Hit(occasion) for occasion in occasions]


def _known(session: Session, form: SearchForm) -> tuple[SearchForm, Municipality | None, Occupation | None]:
    """`form` with its place under the municipality's own name, and without names the catalogue does not have."""
    place = _find_place(session, form.place)
    occupation = find_occupation(session, form.occupation)
    asked = {"ort": (form.place, place), "yrke": (form.occupation, occupation)}
    known = replace(
        form,
        place=place.name if place else None,
        occupation=occupation.slug if occupation else None,
        ignored=form.ignored | {name for name, (value, row) in asked.items() if value and row is None},
    )
    return known, place, occupation


def _find_place(session: Session, name: str | None) -> Municipality | None:
    """The municipality called `name`, or the one a village of that name lies in."""
    return find_municipality(session, name) or (mentioned_in(session, name).place if name else None)

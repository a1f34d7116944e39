"""The public pages of the catalogue: the search, and one page a course."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from math import ceil
from pathlib import Path

import yaml
from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse
from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from api.catalogue.presentation import OccasionView, views, weeks
from api.catalogue.search import (
    Criteria,
    Hit,
    find_municipality,
    find_occasions,
    find_occupation,
    is_open,
    mentioned_in,
)
from api.catalogue.search_form import SearchForm, offered_paces, offered_terms, read_form
from api.catalogue.search_words import Words
from api.catalogue.structured_data import course_document
from api.catalogue.tables import Course, Municipality, Occasion
from api.clock import Now, stockholm_date
from api.database import ReadSession
from api.errors import NotFound
from api.guidance.tables import Occupation
from api.pages import absolute, render

PAGE_SIZE = 20
PATH = "/utbildningar"
_EXAMPLE_LABEL: str = yaml.safe_load(Path(__file__).with_name("pages.yml").read_text("utf-8"))["example"]

router = APIRouter(include_in_schema=False)


@router.api_route(PATH, methods=["GET", "HEAD"])
def courses(request: Request, session: ReadSession, now: Now) -> HTMLResponse:
    """The search form and its hits. No parameter is an error: what cannot be read is left out, and the page says so."""
    today = stockholm_date(now)
    result = search(session, read_form(request.query_params), today)
    form = result.form
    return render(
        request,
        "courses.html",
        canonical=absolute(request, form.address(PATH)),
        form=form,
        result=result,
        items=views(result.shown, today),
        occupations=session.scalars(select(Occupation).order_by(Occupation.title)).all(),
        municipalities=session.scalars(select(Municipality).order_by(Municipality.name)).all(),
        terms=offered_terms(today, form.term),
        paces=offered_paces(_paces(session), form.pace),
        base=PATH,
    )


@router.api_route(PATH + "/{course_id}", methods=["GET", "HEAD"])
def course(request: Request, course_id: str, session: ReadSession, now: Now) -> HTMLResponse:
    """One course: what it is, for whom, when, and who to ask. 404 for one that does not exist or is only a draft."""
    found = _public_course(session, course_id)
    if found is None:
        raise NotFound
    today = stockholm_date(now)
    items = _coming_occasions(session, found, today)
    canonical = absolute(request, f"{PATH}/{found.id}")
    return render(
        request,
        "course.html",
        canonical=canonical,
        course=found,
        items=items,
        weeks=weeks(found.credits) if found.credits else None,
        is_example=found.node.example or any(item.occasion.example for item in items),
        document=course_document(found, [item.occasion for item in items], canonical, example_label=_EXAMPLE_LABEL),
        base=PATH,
    )


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
        open_only=form.open_only,
    )
    hits = words.select(find_occasions(session, criteria, today))
    if form.open_only:
        hits = [hit for hit in hits if is_open(hit.occasion, today)]
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


def _paces(session: Session) -> list[int]:
    return list(session.scalars(select(Occasion.pace).where(Occasion.status.in_(("published", "full"))).distinct()))


def _public_course(session: Session, course_id: str) -> Course | None:
    """The course with that id, unless all its occasions are drafts."""
    if not (course_id.isascii() and course_id.isdigit() and len(course_id) < 10):
        return None
    public = select(Occasion.id).where(Occasion.course_id == Course.id, Occasion.status != "draft").exists()
    return session.scalar(select(Course).where(Course.id == int(course_id), public))


def _coming_occasions(session: Session, course: Course, today: date) -> list[OccasionView]:
    """The course's public occasions that have not started, in order of start; cancelled ones stay, marked as such."""
    query = (
        select(Occasion)
        .where(Occasion.course_id == course.id, Occasion.status != "draft")
        .where(or_(Occasion.start_date.is_(None), Occasion.start_date >= today))
    )
    occasions = sorted(
        session.scalars(query), key=lambda occasion: (occasion.start_date or today, occasion.external_id)
    )
    return views([Hit(occasion) for occasion in occasions], today)

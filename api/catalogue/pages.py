"""The public pages of the catalogue: the search, and one page a course."""

from __future__ import annotations

from pathlib import Path

import yaml
from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from api.catalogue import service
from api.catalogue.presentation import views, weeks
from api.catalogue.search_form import read_form
from api.catalogue.structured_data import course_document
from api.clock import Now, stockholm_date
from api.database import ReadSession
from api.errors import NotFound
from api.pages import absolute, render

PATH = "/utbildningar"
_WORDS = yaml.safe_load(Path(__file__).with_name("pages.yml").read_text("utf-8"))

router = APIRouter(include_in_schema=False)


@router.api_route(PATH, methods=["GET", "HEAD"])
def courses(request: Request, session: ReadSession, now: Now) -> HTMLResponse:
    """The search form and its hits. No parameter is an error: what cannot be read is left out, and the page says so."""
    today = stockholm_date(now)
    result = service.search(session, read_form(request.query_params), today)
    form = result.form
    return render(
        request,
        "courses.html",
        canonical=absolute(request, form.address(PATH)),
        form=form,
        result=result,
        items=views(result.shown, today),
        nearly=views(result.nearly.shown, today) if result.nearly else [],
        base=PATH,
    )


@router.api_route(PATH + "/{course_id}", methods=["GET", "HEAD"])
def course(request: Request, course_id: str, session: ReadSession, now: Now) -> HTMLResponse:
    """One course: what it is, for whom, when, and who to ask. 404 for one that does not exist or is only a draft."""
    number = row_number(course_id)
    found = service.public_course(session, number) if number is not None else None
    if found is None:
        raise NotFound
    today = stockholm_date(now)
    items = views(service.coming_occasions(session, found, today), today)
    canonical = absolute(request, f"{PATH}/{found.id}")
    return render(
        request,
        "course.html",
        canonical=canonical,
        course=found,
        items=items,
        weeks=weeks(found.credits) if found.credits else None,
        is_example=found.node.example or any(item.occasion.example for item in items),
        document=course_document(
            found,
            [item.occasion for item in items],
            canonical,
            example_label=_WORDS["example"],
            work_label=_WORDS["work"],
        ),
        base=PATH,
    )


def row_number(text: str) -> int | None:
    """The row number in an address; None for what cannot be one, in any database."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None

"""The public read API of the catalogue. Anybody may read, from any site; nothing here writes."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Path, Query, Request, Response
from sqlalchemy import select

from api.catalogue import service
from api.catalogue.exporting.files import CSV_TYPE, XLSX_TYPE
from api.catalogue.exporting.service import FileKind, PublishedFiles
from api.catalogue.open_data import queries
from api.catalogue.open_data.answering import answer, json_answer, links, pages_of
from api.catalogue.open_data.changes import changed_at, newest
from api.catalogue.open_data.errors import FilterUnknown
from api.catalogue.open_data.schemas import (
    CourseDetail,
    CoursePage,
    NodeList,
    OccasionOut,
    OccasionPage,
    OccupationList,
)
from api.catalogue.open_data.shapes import course_out, node_out, occasion_out, occupation_out
from api.catalogue.search import Hit
from api.catalogue.search_form import SearchForm, read_form
from api.catalogue.tables import Node
from api.clock import Now, stockholm_date
from api.database import ReadSession
from api.errors import NotFound
from api.guidance.tables import Occupation
from api.typed import typed

UNCHANGED: dict[int | str, dict[str, Any]] = {304: {"description": "The newest is the one that If-None-Match names."}}
_FILE: dict[str, Any] = {"schema": {"type": "string", "format": "binary"}}

router = APIRouter(prefix="/api/v1", tags=["catalogue"], responses=UNCHANGED)

Slug = Annotated[str | None, Query(pattern="^[a-z0-9-]{1,60}$", examples=["svetsare"])]
PageNumber = Annotated[int, Query(ge=1, le=100_000, description="From 1.")]
PageSize = Annotated[int, Query(ge=1, le=100, description="How many a page.")]
CourseKind = Literal["vocational", "upskilling"]
TERM = "^(vt|ht)20[0-9]{2}$"


@router.get("/occasions", response_model=OccasionPage, operation_id="listOccasions")
def occasions(
    request: Request,
    session: ReadSession,
    now: Now,
    q: Annotated[str, Query(max_length=200, description="Words, such as svetskurs; typing errors are forgiven.")] = "",
    occupation: Slug = None,
    municipality: Annotated[
        str | None, Query(max_length=60, description="Where it is given.", examples=["Karlstad"])
    ] = None,
    near: Annotated[str | None, Query(max_length=60, description="Where to measure `km` from.")] = None,
    term: Annotated[str | None, Query(pattern=TERM, description="Term of start.", examples=["vt2027"])] = None,
    start_from: Annotated[date | None, Query(description="First day of start.")] = None,
    pace: Annotated[int | None, Query(ge=1, le=100, description="Per cent of full time.")] = None,
    distance: bool | None = None,
    open_only: Annotated[bool, Query(description="Only those one can apply to today.")] = False,
    for_work: Annotated[bool, Query(description="Only courses for people who have a job already.")] = False,
    sort: Annotated[Literal["nearest", "start", "deadline"] | None, Query()] = None,
    page: PageNumber = 1,
    size: PageSize = 20,
) -> Response:
    """Occasions that are published and can still be joined, found by the same search as the course pages.

    Those one can apply to come first, and of them courses for people in work last. An occupation or a place that the
    catalogue does not have is an error (422), not an empty list. Full ones are listed, cancelled ones are not.
    """
    today = stockholm_date(now)
    read = read_form({"termin": term or "", "q": q})
    form = SearchForm(
        words=read.words,
        occupation=occupation,
        place=typed(near) or None,
        town=typed(municipality) or None,
        term=read.term,
        start_from=start_from,
        pace=pace,
        distance=distance,
        open_only=open_only,
        for_work=for_work,
        order=sort,
        page=page,
    )
    result = service.search(session, form, today, size=size)
    if result.form.ignored:
        raise FilterUnknown(extra={"filters": sorted(_FILTERS[name] for name in result.form.ignored)})
    shown = result.shown if result.form.page == page else []
    base = request.app.state.settings.base_url
    body = OccasionPage(
        total=result.total,
        page=page,
        pages=result.pages,
        links=links(request, page, result.pages),
        items=[occasion_out(hit, today, base) for hit in shown],
    )
    return json_answer(request, body, modified=max((changed_at(hit.occasion) for hit in shown), default=None))


_FILTERS = {"yrke": "occupation", "ort": "near", "studieort": "municipality"}


@router.get("/occasions/{occasion_id:path}", response_model=OccasionOut, operation_id="readOccasion")
def occasion(
    request: Request, session: ReadSession, now: Now, occasion_id: Annotated[str, Path(max_length=80)]
) -> Response:
    """One occasion, past and cancelled ones included. 404 for a draft."""
    found = queries.occasion(session, occasion_id)
    if found is None:
        raise NotFound
    body = occasion_out(Hit(found), stockholm_date(now), request.app.state.settings.base_url)
    return json_answer(request, body, modified=changed_at(found))


@router.get("/courses", response_model=CoursePage, operation_id="listCourses")
def courses(
    request: Request,
    session: ReadSession,
    occupation: Slug = None,
    node: Slug = None,
    municipality: Annotated[str | None, Query(pattern="^[0-9]{4}$", description="Code.", examples=["1780"])] = None,
    apprenticeship: bool | None = None,
    sfi_combined: bool | None = None,
    kind: CourseKind | None = None,
    page: PageNumber = 1,
    size: PageSize = 20,
) -> Response:
    """Courses that have, or had, a published occasion, in order of id. Dates and places are the occasions'."""
    where = queries.course_filters(
        occupation=occupation,
        node=node,
        municipality=municipality,
        apprenticeship=apprenticeship,
        sfi_combined=sfi_combined,
        kind=kind,
    )
    total = queries.count_courses(session, where)
    found = queries.courses(session, where, offset=(page - 1) * size, limit=size)
    about = queries.about_courses(session, [course.id for course in found])
    base = request.app.state.settings.base_url
    body = CoursePage(
        total=total,
        page=page,
        pages=pages_of(total, size),
        links=links(request, page, pages_of(total, size)),
        items=[course_out(course, base, example=about[course.id][0]) for course in found],
    )
    return json_answer(request, body, modified=max((changed for _, changed in about.values()), default=None))


@router.get("/courses/{course_id}", response_model=CourseDetail, operation_id="readCourse")
def course(
    request: Request, session: ReadSession, now: Now, course_id: Annotated[str, Path(pattern="^[0-9]{1,9}$")]
) -> Response:
    """One course with its occasions."""
    found = service.public_course(session, int(course_id))
    if found is None:
        raise NotFound
    today, base = stockholm_date(now), request.app.state.settings.base_url
    rows = queries.occasions_of(session, found)
    shape = course_out(found, base, example=any(row.example for row in rows))
    body = CourseDetail(**shape.model_dump(), occasions=[occasion_out(Hit(row), today, base) for row in rows])
    return json_answer(request, body, modified=newest(found.occupation.updated_at, *map(changed_at, rows)))


@router.get("/nodes", response_model=NodeList, operation_id="listNodes")
def nodes(request: Request, session: ReadSession) -> Response:
    """Every node, in order of slug."""
    return json_answer(
        request, NodeList(items=[node_out(n) for n in session.scalars(select(Node).order_by(Node.slug))])
    )


@router.get("/occupations", response_model=OccupationList, operation_id="listOccupations")
def occupations(request: Request, session: ReadSession) -> Response:
    """Every occupation, in order of slug, also those without a course."""
    rows = session.scalars(select(Occupation).order_by(Occupation.slug))
    return json_answer(request, OccupationList(items=[occupation_out(row) for row in rows]))


@router.get(
    "/catalogue.csv",
    response_class=Response,
    responses={200: {"content": {"text/csv": _FILE}, "description": "UTF-8 with byte order mark, semicolons."}},
    operation_id="downloadCsv",
)
def csv_file(request: Request, session: ReadSession) -> Response:
    """Every occasion that is not a draft, in the columns of the import; the column `example` marks example data."""
    return _file(request, session, "csv", CSV_TYPE)


@router.get(
    "/catalogue.xlsx",
    response_class=Response,
    responses={200: {"content": {XLSX_TYPE: _FILE}, "description": "A workbook."}},
    operation_id="downloadXlsx",
)
def xlsx_file(request: Request, session: ReadSession) -> Response:
    """The same as catalogue.csv, as an Excel workbook."""
    return _file(request, session, "xlsx", XLSX_TYPE)


def _file(request: Request, session: ReadSession, kind: FileKind, media_type: str) -> Response:
    files: PublishedFiles = request.app.state.published_files
    made = files.newest(session, kind)
    headers = {"Content-Disposition": f'attachment; filename="katalog.{kind}"'}
    return answer(request, made.data, media_type, tag=made.tag, headers=headers)

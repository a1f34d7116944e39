"""EMIL3-shaped JSON, with Susa-navet's paths and parameters, so that who reads Susa-navet can read us."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from math import ceil
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Path, Query, Request, Response
from pydantic import BaseModel, Field

from api.catalogue.open_data import emil3, queries
from api.catalogue.open_data.answering import json_answer
from api.catalogue.open_data.changes import changed_at
from api.catalogue.open_data.router import UNCHANGED
from api.clock import STOCKHOLM
from api.database import ReadSession
from api.errors import NotFound
from api.pages import absolute

router = APIRouter(prefix="/api/v1/emil3", tags=["emil3"], responses=UNCHANGED)


class Link(BaseModel):
    rel: str
    href: str


class Resource(BaseModel):
    """One resource. `status` is ours: published, full or cancelled. What is removed is no longer listed."""

    id: str = Field(examples=["e.iv.EX-KARLSTAD-1"])
    status: str
    content: dict[str, Any]  # Any: EMIL3's own shape


class PageInfo(BaseModel):
    size: int
    totalElements: int
    totalPages: int
    pageNumber: int


class _List(BaseModel):
    links: list[Link]
    page: PageInfo


class EventList(_List):
    educationEvents: list[Resource]


class InfoList(_List):
    educationInfos: list[Resource]


class ProviderList(_List):
    educationProviders: list[Resource]


Since = Annotated[
    datetime | None,
    Query(
        description="A day or a moment; without offset Swedish time.", examples=["2025-04-24", "2025-04-24T11:39:21"]
    ),
]
Number = Annotated[int, Query(ge=0, le=1_000_000, description="From 0.")]
Size = Annotated[int, Query(ge=1, le=2000)]
Identifier = Annotated[str, Path(max_length=100)]


@router.get("/educationEvents", response_model=EventList, operation_id="emilEvents")
def events(
    request: Request,
    session: ReadSession,
    updatedSince: Since = None,
    page: Number = 0,
    size: Size = 100,
) -> Response:
    """Occasions that are not drafts. With `updatedSince` those that changed since, or whose course or node did.

    What was removed is not told.
    """
    since = _moment(updatedSince)
    rows = queries.occasions(session, since, offset=page * size, limit=size)
    around, numbers = _around(request, page, size, queries.count_occasions(session, since))
    items = [Resource(**emil3.event(row, _base(request))) for row in rows]
    newest = max(map(changed_at, rows), default=None)
    return json_answer(request, EventList(links=around, page=numbers, educationEvents=items), modified=newest)


@router.get("/educationInfos", response_model=InfoList, operation_id="emilInfos")
def infos(
    request: Request,
    session: ReadSession,
    updatedSince: Since = None,
    page: Number = 0,
    size: Size = 100,
) -> Response:
    """Courses with something published. A change of an occasion, the node or the occupation counts as the course's."""
    since = _moment(updatedSince)
    where = [queries.changed_since(since)] if since else []
    rows = queries.courses(session, where, offset=page * size, limit=size)
    about = queries.about_courses(session, [row.id for row in rows])
    around, numbers = _around(request, page, size, queries.count_courses(session, where))
    items = [Resource(**emil3.info(row, about[row.id][1], example=about[row.id][0])) for row in rows]
    newest = max((changed for _, changed in about.values()), default=None)
    return json_answer(request, InfoList(links=around, page=numbers, educationInfos=items), modified=newest)


@router.get("/educationProviders", response_model=ProviderList, operation_id="emilProviders")
def providers(
    request: Request,
    session: ReadSession,
    updatedSince: Since = None,
    page: Number = 0,
    size: Size = 100,
) -> Response:
    """Nodes that give something published."""
    since, changed = _moment(updatedSince), queries.changed_at_node(session)
    every = [node for node in queries.nodes_with_courses(session) if since is None or changed[node.id] >= since]
    rows = every[page * size : (page + 1) * size]
    around, numbers = _around(request, page, size, len(every))
    items = [Resource(**emil3.provider(node, changed[node.id], _base(request))) for node in rows]
    newest = max((changed[node.id] for node in rows), default=None)
    return json_answer(request, ProviderList(links=around, page=numbers, educationProviders=items), modified=newest)


@router.get("/educationEvents/{identifier:path}", response_model=Resource, operation_id="emilEvent")
def event(request: Request, session: ReadSession, identifier: Identifier) -> Response:
    """One occasion."""
    found = queries.occasion(session, identifier.removeprefix("e.iv."))
    if found is None or identifier != emil3.event_id(found):
        raise NotFound
    return json_answer(request, Resource(**emil3.event(found, _base(request))), modified=changed_at(found))


def _base(request: Request) -> str:
    return str(request.app.state.settings.base_url)


def _moment(since: datetime | None) -> datetime | None:
    """The moment in UTC; None for one before every calendar of a database."""
    if since is None or since.year < 1900:
        return None
    aware = since if since.tzinfo else since.replace(tzinfo=STOCKHOLM)
    return aware.astimezone(UTC) if aware.year < 9999 else datetime(9999, 1, 1, tzinfo=UTC)


def _around(request: Request, page: int, size: int, total: int) -> tuple[Sequence[Link], PageInfo]:
    pages = ceil(total / size)
    wanted = {"self": page, "first": 0, "prev": min(page, pages) - 1, "next": page + 1, "last": max(pages - 1, 0)}
    there = {rel: number for rel, number in wanted.items() if rel == "self" or 0 <= number <= max(pages - 1, 0)}
    kept = dict(request.query_params)
    path = absolute(request, request.url.path)
    links = [Link(rel=rel, href=f"{path}?{urlencode({**kept, 'page': number})}") for rel, number in there.items()]
    return links, PageInfo(size=size, totalElements=total, totalPages=pages, pageNumber=page)

"""What robots read: robots.txt, the sitemap and the DCAT description."""

from __future__ import annotations

from xml.sax.saxutils import escape

from fastapi import APIRouter, Request, Response
from sqlalchemy import Integer, cast, func, or_, select

from api.catalogue.open_data import queries
from api.catalogue.open_data.answering import answer
from api.catalogue.open_data.changes import newest
from api.catalogue.open_data.dcat import Publishing, description
from api.catalogue.open_data.rdf import to_turtle, to_xml
from api.catalogue.tables import Course, Node, Occasion
from api.database import ReadSession
from api.errors import NotFound
from api.pages import absolute
from api.settings import Settings

router = APIRouter(include_in_schema=False)

MAX_ADDRESSES = 50_000
"""As many as one sitemap may hold (sitemaps.org); with more, /sitemap.xml is the list of several."""
_SPACE = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'
_CLOSED = ("/internal/", "/personal", "/mote/", "/traffar/anmalan/", "/utbildningar/*/ansok/")
_TURTLE, _RDF = "text/turtle; charset=utf-8", "application/rdf+xml; charset=utf-8"


@router.get("/robots.txt")
def robots(request: Request) -> Response:
    """Robots may read everything that is for everybody."""
    closed = "".join(f"Disallow: {path}\n" for path in _CLOSED)
    text = f"User-agent: *\n{closed}\nSitemap: {absolute(request, '/sitemap.xml')}\n"
    return answer(request, text.encode(), "text/plain; charset=utf-8")


@router.get("/sitemap.xml")
def sitemap(request: Request, session: ReadSession) -> Response:
    """The pages a search engine should know: not those of example courses, which ask not to be indexed."""
    pages = _pages(request, session)
    if len(pages) <= MAX_ADDRESSES:
        return _sitemap(request, pages)
    numbers = range(-(-len(pages) // MAX_ADDRESSES))
    parts = "".join(f"<sitemap><loc>{absolute(request, f'/sitemap-{n + 1}.xml')}</loc></sitemap>" for n in numbers)
    return _xml(request, f"<sitemapindex {_SPACE}>{parts}</sitemapindex>")


@router.get("/sitemap-{number}.xml")
def sitemap_part(request: Request, session: ReadSession, number: int) -> Response:
    """One of several sitemaps, from 1."""
    pages = _pages(request, session)[(number - 1) * MAX_ADDRESSES : number * MAX_ADDRESSES] if number > 0 else []
    if not pages:
        raise NotFound
    return _sitemap(request, pages)


@router.get("/dcat")
def dcat(request: Request, session: ReadSession) -> Response:
    """The description of our open data: Turtle for who prefers it, else RDF/XML."""
    wants_turtle = "text/turtle" in request.headers.get("accept", "")
    return _dcat(request, session, turtle=wants_turtle)


@router.get("/dcat.rdf")
def dcat_rdf(request: Request, session: ReadSession) -> Response:
    """The same as RDF/XML."""
    return _dcat(request, session, turtle=False)


@router.get("/dcat.ttl")
def dcat_turtle(request: Request, session: ReadSession) -> Response:
    """The same as Turtle."""
    return _dcat(request, session, turtle=True)


def _dcat(request: Request, session: ReadSession, *, turtle: bool) -> Response:
    settings: Settings = request.app.state.settings
    example = select(Occasion.id).join(Occasion.course).join(Course.node)
    modified = queries.newest_change(session)
    resources = description(
        Publishing(
            base_url=settings.base_url,
            name=settings.publisher_name,
            url=settings.publisher_url,
            email=settings.open_data_email,
            license=settings.open_data_license,
            example=session.scalar(example.where(queries.LISTED, or_(Occasion.example, Node.example)).limit(1))
            is not None,
            modified=modified,
        )
    )
    text, media_type = (to_turtle(resources), _TURTLE) if turtle else (to_xml(resources), _RDF)
    return answer(request, text.encode(), media_type, modified=modified, headers={"Vary": "Accept"})


def _pages(request: Request, session: ReadSession) -> list[tuple[str, str]]:
    """Address and day of the latest change (empty when there is none)."""
    query = (
        queries.listed(Course.id, *map(queries.latest, queries.SHOWN))
        .where(Node.example.is_(False))
        .group_by(Course.id)
        .having(func.max(cast(Occasion.example, Integer)) == 0)
        .order_by(Course.id)
    )
    found = [
        (absolute(request, path), "") for path in ("/", "/utbildningar", "/traffar", "/prao", "/natverk", "/integritet")
    ]
    return found + [
        (absolute(request, f"/utbildningar/{course}"), changed.date().isoformat())
        for course, *moments in session.execute(query)
        if (changed := newest(*moments))
    ]


def _sitemap(request: Request, pages: list[tuple[str, str]]) -> Response:
    urls = "".join(
        f"<url><loc>{escape(address)}</loc>{f'<lastmod>{day}</lastmod>' if day else ''}</url>" for address, day in pages
    )
    return _xml(request, f"<urlset {_SPACE}>{urls}</urlset>")


def _xml(request: Request, body: str) -> Response:
    text = f'<?xml version="1.0" encoding="UTF-8"?>\n{body}\n'
    return answer(request, text.encode(), "application/xml; charset=utf-8")

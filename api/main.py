"""The application, put together. Nothing is built at import."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
from fastapi import FastAPI
from starlette.concurrency import run_in_threadpool
from starlette.middleware.cors import CORSMiddleware
from starlette.middleware.gzip import GZipMiddleware

import api.booking.constraints
import api.tables  # every table, so that relations between capabilities resolve
from api import health, parts, personal
from api.catalogue.exporting.service import PublishedFiles
from api.catalogue.import_jobs import pages as import_pages
from api.catalogue.reach import Reach
from api.catalogue.search_index import view_of
from api.chat.bot import BotClient
from api.chat.gateway import Gateway
from api.chat.limits import RateLimits
from api.chat.trial.service import Trials
from api.clock import Clock, stockholm_date, system_clock
from api.database import PEOPLE_WAIT_SECONDS, Database
from api.doors import InnerDoor
from api.errors import add_error_handlers
from api.guidance.vacancies.jobsearch import JobSearch
from api.insight.background.answers import Answers
from api.logs import AccessLog
from api.middleware import BodyLimit, OpenReading, PlainAddresses, SecurityHeaders
from api.observing.figures import Figures
from api.observing.state import StateCollector
from api.observing.statements import time_statements
from api.openapi import describe
from api.pages import html_error
from api.scripts import LeanFiles
from api.settings import Settings
from api.staff import chores, kept
from api.staff import pages as staff_pages
from api.staff.oidc import Provider
from api.staff.visitors import VisitorLimits
from api.uploads import MEGABYTE

_STATIC = Path(__file__).parent / "static"


def create_app(
    settings: Settings,
    *,
    clock: Clock = system_clock,
    database: Database | None = None,
    bot_transport: httpx.AsyncBaseTransport | None = None,
) -> FastAPI:
    """The api with everything it needs. `clock`, `database` and `bot_transport` can be handed in."""
    database = database or Database(settings.resolved_database_url, patience=PEOPLE_WAIT_SECONDS)
    bot = BotClient(settings, bot_transport)
    figures = Figures()
    gateway = Gateway(settings, database, bot, clock, figures)
    time_statements(database.engine, figures.note_statement)
    figures.registry.register(StateCollector(database, clock, parts.GAUGES))
    background = Answers(database)
    vacancies = (
        JobSearch(settings.jobsearch_url, settings.jobsearch_timeout_seconds) if settings.jobsearch_url else None
    )

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        with database.engine.connect() as connection:
            api.booking.constraints.verify(connection)
        await run_in_threadpool(_read_catalogue, database, clock)
        yield
        await gateway.close()
        await run_in_threadpool(background.store)
        await bot.close()
        if vacancies is not None:
            await run_in_threadpool(vacancies.close)
        database.dispose()

    app = FastAPI(
        title="Industrivägledaren",
        lifespan=lifespan,
        docs_url=None,  # its scripts come from elsewhere, which our CSP refuses
        redoc_url=None,
        redirect_slashes=False,  # a redirect would repeat the Host header
        openapi_url="/api/openapi.json",
    )
    app.state.settings, app.state.clock, app.state.database = settings, clock, database
    app.state.bot, app.state.limits = bot, RateLimits(settings)
    app.state.visitor_limits = VisitorLimits(settings)
    app.state.vacancies = vacancies
    app.state.background = background
    app.state.reach = Reach(database, clock)
    app.state.oidc = Provider(settings) if settings.oidc_issuer else None
    app.state.published_files = PublishedFiles()
    app.state.figures = figures
    app.state.readiness = health.Readiness(database, bot)
    app.state.gateway = gateway
    app.state.forms = parts.FORMS
    app.state.holdings = personal.HOLDINGS
    app.state.trials = Trials(settings, database, bot, clock)

    for router in parts.ROUTERS:
        app.router.routes.extend(router.routes)  # whole as they are: `include_router` builds each of them once more
    app.mount("/static", GZipMiddleware(LeanFiles(directory=_STATIC)), name="static")
    add_error_handlers(app, html_error)
    describe(app)
    staff_pages.add_sign_in(app)
    import_pages.add_refusals(app)
    kept.register(app, parts.KEPT)
    chores.register(app, parts.CHORES)

    app.add_middleware(PlainAddresses)
    app.add_middleware(
        BodyLimit,
        uploads={import_pages.PATH: settings.import_max_megabytes * MEGABYTE},
        seconds=settings.request_seconds,
    )
    app.add_middleware(
        CORSMiddleware,
        allow_origins=list(settings.allowed_sites),
        allow_methods=["GET", "POST", "DELETE"],
        allow_headers=["Authorization", "Content-Type"],
        max_age=3600,
    )
    app.add_middleware(OpenReading)
    app.add_middleware(SecurityHeaders, https=settings.base_url.startswith("https://"))
    if settings.internal_port is not None:
        app.add_middleware(InnerDoor, port=settings.internal_port)
    app.add_middleware(AccessLog, note=figures.note_request)
    return app


def _read_catalogue(database: Database, clock: Clock) -> None:
    """Before the first question: with many thousand courses, whoever asked it would wait longer than the chat does."""
    with database.transaction(read_only=True) as session:
        view_of(session, stockholm_date(clock()))

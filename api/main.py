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
from starlette.staticfiles import StaticFiles

import api.booking.constraints
import api.tables  # every table, so that relations between capabilities resolve
from api import front, health
from api.booking import pages as booking_pages
from api.booking import router as booking
from api.catalogue import pages as catalogue_pages
from api.catalogue.exporting.service import PublishedFiles
from api.catalogue.open_data import crawling, emil_router
from api.catalogue.open_data import router as open_data
from api.chat import router as chat
from api.chat.bot import BotClient
from api.chat.gateway import Gateway
from api.chat.limits import RateLimits
from api.clock import Clock, system_clock
from api.database import Database
from api.errors import add_error_handlers
from api.guidance.vacancies.jobsearch import JobSearch
from api.logs import AccessLog
from api.middleware import BodyLimit, OpenReading, SecurityHeaders
from api.openapi import describe
from api.pages import html_error
from api.settings import Settings
from api.staff import admin_pages, oidc_pages, own_pages
from api.staff import pages as staff_pages
from api.staff.oidc import Provider

_STATIC = Path(__file__).parent / "static"


def create_app(
    settings: Settings,
    *,
    clock: Clock = system_clock,
    database: Database | None = None,
    bot_transport: httpx.AsyncBaseTransport | None = None,
) -> FastAPI:
    """The api with everything it needs. `clock`, `database` and `bot_transport` can be handed in."""
    database = database or Database(settings.resolved_database_url)
    bot = BotClient(settings, bot_transport)
    vacancies = (
        JobSearch(settings.jobsearch_url, settings.jobsearch_timeout_seconds) if settings.jobsearch_url else None
    )

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        with database.engine.connect() as connection:
            api.booking.constraints.verify(connection)
        yield
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
    app.state.vacancies = vacancies
    app.state.oidc = Provider(settings) if settings.oidc_issuer else None
    app.state.published_files = PublishedFiles()
    app.state.gateway = Gateway(settings, database, bot, clock)

    for part in (health.router, chat.router, chat.internal, booking.internal, booking_pages.router):
        app.include_router(part)
    for part in (staff_pages.router, own_pages.router, admin_pages.router, oidc_pages.router):
        app.include_router(part)
    for part in (emil_router.router, open_data.router, crawling.router):
        app.include_router(part)
    for part in (front.router, catalogue_pages.router):
        app.include_router(part)
    app.mount("/static", GZipMiddleware(StaticFiles(directory=_STATIC)), name="static")
    add_error_handlers(app, html_error)
    describe(app)
    staff_pages.add_sign_in(app)

    app.add_middleware(BodyLimit)
    app.add_middleware(
        CORSMiddleware,
        allow_origins=list(settings.allowed_sites),
        allow_methods=["GET", "POST", "DELETE"],
        allow_headers=["Authorization", "Content-Type"],
        max_age=3600,
    )
    app.add_middleware(OpenReading)
    app.add_middleware(SecurityHeaders, https=settings.base_url.startswith("https://"))
    app.add_middleware(AccessLog)
    return app

"""`/utbildningar/{course}/ansok/{occasion}`: on to where one applies, and one more in the figures of that day.

What is counted is a day and a node. No cookie, no address and nothing about the browser is kept.
"""

from __future__ import annotations

import logging
import re
from datetime import date

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse
from sqlalchemy.exc import SQLAlchemyError
from starlette.background import BackgroundTask
from starlette.datastructures import Headers

from api.catalogue.application import application
from api.catalogue.pages import PATH, row_number
from api.catalogue.tables import Occasion
from api.clock import Now, stockholm_date
from api.database import Database, ReadSession
from api.errors import NotFound
from api.insight.chain.tables import ChainCount
from api.insight.counting import store
from api.pages import web_address

router = APIRouter(include_in_schema=False)
log = logging.getLogger(__name__)

_HEADERS = {"Cache-Control": "no-store", "X-Robots-Tag": "noindex, nofollow"}
_MACHINE = re.compile(
    r"bot\b|crawl|spider|slurp|preview|scan|monitor|facebookexternalhit|whatsapp|curl|wget|python|java/|okhttp"
    r"|go-http|headless|lighthouse",
    re.IGNORECASE,
)


@router.api_route(PATH + "/{course_id}/ansok/{occasion_id}", methods=["GET", "HEAD"])
def apply(request: Request, session: ReadSession, now: Now, course_id: str, occasion_id: str) -> RedirectResponse:
    """Lead to the stored address of the occasion, and nowhere else; to the course's page when one cannot apply now.

    Raises NotFound. The answer never waits for the counting.
    """
    number = row_number(occasion_id)
    occasion = session.get(Occasion, number) if number is not None else None
    if occasion is None or occasion.status == "draft" or str(occasion.course_id) != course_id:
        raise NotFound
    today = stockholm_date(now)
    address = web_address(occasion.apply_url)
    if not address or not application(occasion, today).is_open:
        return RedirectResponse(f"{PATH}/{occasion.course_id}", status_code=302, headers=_HEADERS)
    node = occasion.course.node.slug
    counting = (
        BackgroundTask(count, request.app.state.database, today, node)
        if request.method == "GET" and is_by_a_person(request.headers)
        else None
    )
    return RedirectResponse(address, status_code=302, headers=_HEADERS, background=counting)


def is_by_a_person(headers: Headers) -> bool:
    """Whether a browser says that somebody follows a link: not a robot, not a page that is fetched beforehand."""
    beforehand = headers.get("sec-purpose", "") + headers.get("purpose", "") + headers.get("x-moz", "")
    agent = headers.get("user-agent", "")
    mode = headers.get("sec-fetch-mode", "navigate")  # older browsers do not say
    return bool(agent) and not _MACHINE.search(agent) and not beforehand and mode == "navigate"


def count(database: Database, day: date, node: str) -> None:
    """One more application link followed. A click that cannot be counted is lost, and nobody notices."""
    try:
        with database.transaction() as session:
            row = {"day": day, "step": "application_click", "node": node, "count": 1}
            store(session, ChainCount, [row], "add")
    except SQLAlchemyError as error:
        log.warning("click not counted", extra={"error": type(error).__name__})

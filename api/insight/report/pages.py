"""`/personal/uppfoljning`: the yearly report, to be read on the screen or printed to a PDF."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from api.clock import Now, stockholm_date
from api.database import ReadSession
from api.insight.chain.figures import years
from api.insight.chain.pages import STEP_NAMES
from api.insight.report.service import report
from api.staff.frame import staff_page
from api.staff.roles import Staff

router = APIRouter(include_in_schema=False)
PATH = "/personal/uppfoljning"


@router.api_route(PATH, methods=["GET", "HEAD"])
def show(request: Request, account: Staff, session: ReadSession, now: Now, ar: str = "") -> HTMLResponse:
    """The report of a year; what cannot be read is this year."""
    today = stockholm_date(now)
    every = years(session, today)
    chosen = next((year for year in every if str(year) == ar), today.year)
    return staff_page(
        request,
        account,
        "insight_report.html",
        report=report(session, chosen, today),
        years=every,
        today=today,
        steps=STEP_NAMES,
        service=request.app.state.settings.base_url,
    )

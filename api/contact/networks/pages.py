"""`/natverk`: the networks in the trade, and when each meets next."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from api.clock import Now
from api.contact.networks import service
from api.database import ReadSession
from api.events.addresses import event_path
from api.pages import absolute, render

PATH = "/natverk"

router = APIRouter(include_in_schema=False)


@router.api_route(PATH, methods=["GET", "HEAD"])
def networks(request: Request, session: ReadSession, now: Now) -> HTMLResponse:
    """Every network that is published or has ended."""
    rows = [
        (one.network, one.meeting, event_path(one.meeting) if one.meeting else "")
        for one in service.shown(session, now)
    ]
    return render(request, "networks.html", canonical=absolute(request, PATH), rows=rows)

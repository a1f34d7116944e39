"""The front page. It shows what several capabilities own, so it stands beside `main`, above all of them."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from api.catalogue.search import nodes_by_distance
from api.database import ReadSession
from api.pages import absolute, render

router = APIRouter(include_in_schema=False)


@router.api_route("/", methods=["GET", "HEAD"])
def front(request: Request, session: ReadSession) -> HTMLResponse:
    """What the service is, the things one can do, and how to reach a person in each town."""
    nodes = [node for node, _ in nodes_by_distance(session, None)]
    return render(request, "front.html", canonical=absolute(request, "/"), nodes=nodes)

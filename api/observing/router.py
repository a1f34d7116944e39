"""`/metrics`: the figures in Prometheus' text format, for those who know the key."""

from __future__ import annotations

import hmac
from typing import Annotated

from fastapi import APIRouter, Header, Request
from fastapi.responses import Response
from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest

from api.errors import NotFound, Unauthorized
from api.observing.figures import Figures
from api.settings import Settings

router = APIRouter(include_in_schema=False)


@router.get("/metrics")
def metrics(request: Request, authorization: Annotated[str, Header()] = "") -> Response:
    """404 as long as `IV_METRICS_TOKEN` is not set, 401 without it in `Authorization: Bearer …`."""
    settings: Settings = request.app.state.settings
    if not settings.metrics_token:
        raise NotFound
    if not hmac.compare_digest(authorization.encode(), f"Bearer {settings.metrics_token}".encode()):
        raise Unauthorized
    figures: Figures = request.app.state.figures
    return Response(generate_latest(figures.registry), headers={"Content-Type": CONTENT_TYPE_LATEST})

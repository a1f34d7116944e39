"""Whether the process lives (`/health`) and whether it can serve (`/ready`)."""

from __future__ import annotations

import httpx
from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

router = APIRouter(tags=["health"])


@router.get("/health")
def health() -> dict[str, str]:
    """The process answers."""
    return {"status": "ok"}


@router.get("/ready")
def ready(request: Request) -> JSONResponse:
    """Database and bot answer; 503 with the name of the part that does not."""
    missing = []
    try:
        with request.app.state.database.transaction(read_only=True) as session:
            session.execute(text("SELECT 1"))
    except SQLAlchemyError:
        missing.append("database")
    if not any(_answers(f"{url}/webhooks/gateway/") for url in request.app.state.settings.bot_urls):
        missing.append("bot")
    return JSONResponse({"status": "unavailable" if missing else "ok", "missing": missing}, 503 if missing else 200)


def _answers(url: str) -> bool:
    try:
        return httpx.get(url, timeout=2, trust_env=False).is_success
    except httpx.HTTPError:
        return False

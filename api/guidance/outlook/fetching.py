"""Fetching Yrkesbarometern's file over the network, for the worker. It is published twice a year."""

from __future__ import annotations

import asyncio
import logging
from datetime import datetime, timedelta

import httpx
from sqlalchemy import select

from api.clock import Clock
from api.database import Database
from api.guidance.outlook.errors import OutlookRefused
from api.guidance.outlook.reading import MAX_BYTES
from api.guidance.outlook.service import import_outlook
from api.guidance.outlook.tables import Outlook

log = logging.getLogger(__name__)

_AGE = timedelta(days=30)
"""What is younger is not fetched again."""
_SECONDS = 120.0


async def refresh_outlook(database: Database, url: str, clock: Clock) -> None:
    """Take in the file at `url` when what is stored is old or missing. A failure is logged; what is stored stays."""
    if not await asyncio.to_thread(_is_due, database, clock()):
        return
    try:
        async with asyncio.timeout(_SECONDS):
            data = await _download(url)
        await asyncio.to_thread(_take_in, database, data, clock())
    except (TimeoutError, httpx.HTTPError, OutlookRefused) as error:
        log.warning("no outlook", extra={"error": type(error).__name__})


def _is_due(database: Database, now: datetime) -> bool:
    with database.transaction(read_only=True) as session:
        imported_at = session.scalar(select(Outlook.imported_at).limit(1))
    return imported_at is None or now - imported_at >= _AGE


async def _download(url: str) -> bytes:
    body = bytearray()
    async with httpx.AsyncClient(timeout=_SECONDS) as http, http.stream("GET", url) as response:
        response.raise_for_status()
        async for part in response.aiter_bytes():
            body += part
            if len(body) > MAX_BYTES:
                break  # the reader refuses it, with the reason
    return bytes(body)


def _take_in(database: Database, data: bytes, now: datetime) -> None:
    with database.transaction() as session:
        imported = import_outlook(session, data, now=now, actor="system")
    log.info("outlook imported", extra={"period": imported.period, "rows": imported.rows})

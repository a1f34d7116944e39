"""Whether the process lives (`/health`) and whether it can serve (`/ready`)."""

from __future__ import annotations

import asyncio
import time
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError
from starlette.concurrency import run_in_threadpool

from api.chat.bot import BotClient, BotUnavailable
from api.database import Database

router = APIRouter(tags=["health"])

QUESTION = "hej"
UNDERSTOOD = "greet"
"""What the bot makes of it: a model that is loaded and reads Swedish."""
_FRESH_SECONDS = 5.0
_NO_CONVERSATION = UUID(int=0)


class Readiness:
    """What the process needs and does not have, asked for at most every few seconds however many want to know."""

    def __init__(self, database: Database, bot: BotClient) -> None:
        self._database, self._bot = database, bot
        self._asking = asyncio.Lock()
        self._asked_at = float("-inf")
        self._missing: tuple[str, ...] = ()

    async def missing(self) -> tuple[str, ...]:
        """Names of the parts that do not answer: `database`, `bot`."""
        async with self._asking:
            if time.monotonic() - self._asked_at > _FRESH_SECONDS:
                database, bot = await asyncio.gather(run_in_threadpool(self._database_answers), self._bot_understands())
                found = {"database": database, "bot": bot}
                self._missing = tuple(name for name, is_up in found.items() if not is_up)
                self._asked_at = time.monotonic()
            return self._missing

    def _database_answers(self) -> bool:
        try:
            with self._database.transaction(read_only=True) as session:
                session.execute(text("SELECT 1"))
        except SQLAlchemyError:
            return False
        return True

    async def _bot_understands(self) -> bool:
        try:
            return (await self._bot.understand(_NO_CONVERSATION, QUESTION)).topic == UNDERSTOOD
        except BotUnavailable:
            return False


@router.get("/health")
def health() -> dict[str, str]:
    """The process answers."""
    return {"status": "ok"}


@router.get("/ready")
async def ready(request: Request) -> JSONResponse:
    """The database answers and the bot understands a greeting; 503 with the names of the parts that do not."""
    readiness: Readiness = request.app.state.readiness
    missing = await readiness.missing()
    return JSONResponse(
        {"status": "unavailable" if missing else "ok", "missing": missing},
        503 if missing else 200,
        headers={"Cache-Control": "no-store"},
    )

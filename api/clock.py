"""The only place that asks what time it is. Everything else is told, so that tests can move time."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Annotated
from zoneinfo import ZoneInfo

from fastapi import Depends, Request

STOCKHOLM = ZoneInfo("Europe/Stockholm")
"""Wall clock of opening hours, application days and everything a person reads."""

Clock = Callable[[], datetime]
"""Gives the present moment as an aware datetime in UTC."""


def system_clock() -> datetime:
    """The machine's clock, in UTC."""
    return datetime.now(UTC)


def stockholm_date(moment: datetime) -> date:
    """The calendar day in Sweden at `moment` (aware)."""
    return moment.astimezone(STOCKHOLM).date()


async def _now(request: Request) -> datetime:  # async as all that waits for nothing: FastAPI gives others a thread
    clock: Clock = request.app.state.clock
    return clock()


Now = Annotated[datetime, Depends(_now)]
"""The moment of the request, in UTC."""

"""From which network address a request comes, and what is kept of it."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from fastapi import Depends, Request

from api.staff import throttle


async def _address(request: Request) -> str:
    return request.client.host if request.client else ""


Address = Annotated[str, Depends(_address)]


def origin_of(request: Request, address: str, now: datetime) -> str:
    """What is kept of the address."""
    return throttle.origin_of(request.app.state.settings.secret_key, address, now)

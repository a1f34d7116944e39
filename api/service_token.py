"""The key that the bot and the action server show when they call `/internal/v1`."""

from __future__ import annotations

import hmac
from typing import Annotated

from fastapi import Depends, Header, Request

from api.errors import Unauthorized
from api.settings import Settings


async def _check(request: Request, authorization: Annotated[str, Header()] = "") -> None:
    settings: Settings = request.app.state.settings
    expected = f"Bearer {settings.service_token}"
    if not hmac.compare_digest(authorization.encode(), expected.encode()):
        raise Unauthorized


RequireServiceToken = Depends(_check)
"""Route dependency: 401 unless the service token is shown."""

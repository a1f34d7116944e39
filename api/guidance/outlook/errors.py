"""Why a file of forecasts is refused."""

from __future__ import annotations

from api.errors import ApiError


class OutlookRefused(ApiError):
    """The file cannot be used, and nothing was stored. `reason` is the Swedish sentence that says why."""

    code = "outlook_refused"
    status = 422

    def __init__(self, reason: str) -> None:
        super().__init__(reason=reason)

"""What can go wrong when occupations are kept."""

from __future__ import annotations

from api.errors import ApiError


class OccupationInUse(ApiError):
    """An occupation that courses belong to cannot be removed."""

    code = "occupation_in_use"
    status = 409

"""What can go wrong when networks are kept."""

from __future__ import annotations

from api.errors import ApiError


class NetworkInUse(ApiError):
    """A network that events or enquiries belong to cannot be removed."""

    code = "network_in_use"
    status = 409

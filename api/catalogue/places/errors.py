"""What can go wrong when nodes are kept."""

from __future__ import annotations

from api.errors import ApiError


class NodeInUse(ApiError):
    """A node that courses, counsellors or something else belong to cannot be removed."""

    code = "node_in_use"
    status = 409

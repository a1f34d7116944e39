"""Why a question to the read API is refused."""

from __future__ import annotations

from api.errors import ApiError


class FilterUnknown(ApiError):
    """A filter names an occupation or a place that the catalogue does not have. `extra` has their names."""

    code = "filter_unknown"
    status = 422

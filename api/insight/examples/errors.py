"""What can go wrong with examples."""

from __future__ import annotations

from api.errors import ApiError


class OwnExample(ApiError):
    """Somebody wants to approve what they proposed or changed themselves."""

    code = "example_own"
    status = 403


class ExampleChanged(ApiError):
    """The example is not what was shown any more, or somebody else has decided about it."""

    code = "example_changed"
    status = 409

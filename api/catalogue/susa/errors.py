"""Why the mirror could not go on, and what staff's pages cannot do."""

from __future__ import annotations

from api.errors import ApiError


class SusaFailed(ApiError):
    """The source did not give what it should. `reason` is the Swedish sentence that says why."""

    code = "susa_failed"
    status = 502

    def __init__(self, reason: str) -> None:
        super().__init__(reason=reason)


class SusaChoiceMissing(ApiError):
    """A form was sent without what it is about: no event ticked, no node or occupation chosen."""

    code = "susa_choice_missing"
    status = 422


class SusaNodeNeeded(ApiError):
    """A provider cannot be let in as long as nobody has said which node its courses belong to."""

    code = "susa_node_needed"
    status = 422

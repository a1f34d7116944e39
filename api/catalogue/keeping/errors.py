"""What can go wrong when staff keep courses and occasions."""

from __future__ import annotations

from api.errors import ApiError


class StillPublic(ApiError):
    """Something that people can see now is to be removed."""

    code = "still_public"
    status = 409


class MirroredRow(ApiError):
    """A row that is fetched from elsewhere is to be removed; it would come back."""

    code = "mirrored_row"
    status = 409


class StillUsed(ApiError):
    """A course is to be removed that something else points at."""

    code = "course_still_used"
    status = 409


class NothingChosen(ApiError):
    """Many occasions are to be changed, but none is chosen."""

    code = "nothing_chosen"
    status = 422


class TooManyChosen(ApiError):
    """More occasions than can be changed at once. `limit` is how many can."""

    code = "too_many_chosen"
    status = 422


class StatusUnknown(ApiError):
    """A status that occasions do not have."""

    code = "status_unknown"
    status = 422

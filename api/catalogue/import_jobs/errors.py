"""Why something cannot be done with an uploaded file."""

from __future__ import annotations

from api.errors import ApiError


class JobUnknown(ApiError):
    """There is no such job, or it is older than a day."""

    code = "import_job_unknown"
    status = 404


class JobMoved(ApiError):
    """The job is no longer as the person saw it: somebody else has applied it, or its differences are others now."""

    code = "import_job_moved"
    status = 409


class NoFileChosen(ApiError):
    """The form came without a file."""

    code = "import_no_file"
    status = 422

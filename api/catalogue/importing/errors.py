"""Why a whole file, or an undo, is refused. A single bad row never is an error: it is listed in the plan."""

from __future__ import annotations

from api.errors import ApiError


class FileRefused(ApiError):
    """The file as a whole cannot be read. `reason` is the Swedish sentence that says why and what to do."""

    code = "import_file_refused"
    status = 422

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(reason=reason)


class NothingToUndo(ApiError):
    """There is no applied import that has not been undone already."""

    code = "import_nothing_to_undo"
    status = 404


class ChangedSinceImport(ApiError):
    """Rows of the import were changed afterwards; undoing it would destroy that work. `count` says how many."""

    code = "import_changed_since"
    status = 409
